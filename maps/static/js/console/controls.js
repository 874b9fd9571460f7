/** Buttons, scale and coordinates under the pointer on the map. */

import { drawing, el } from "../shared/dom.js";

const PLUS = ["M10 4v12M4 10h12"];
const MINUS = ["M4 10h12"];
const LOCATE = ["M10 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z", "M10 2v3M10 15v3M2 10h3M15 10h3"];
const WHOLE = ["M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"];

/** A node that lies on the map in one of its corners and keeps clicks to itself. */
export function control(position, node) {
  const made = L.control({ position });
  made.onAdd = () => {
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    return node;
  };
  return made;
}

export function addButtons(map, { locate, whole }) {
  const button = (label, icon, onclick) => el("button", { type: "button", "data-label": label, onclick }, drawing(...icon));
  const node = el(
    "div",
    { class: "map-buttons" },
    button("zoomIn", PLUS, () => map.zoomIn(1)),
    button("zoomOut", MINUS, () => map.zoomOut(1)),
    button("locate", LOCATE, locate),
    button("wholeCity", WHOLE, whole),
  );
  control("topright", node).addTo(map);
}

/** Scale bar and coordinates with their datum: of the pointer, and of the centre where there is none over the map. */
export function addReadout(map) {
  const node = el("div", { class: "readout" });
  const show = ({ lat, lng }) => (node.textContent = `${lng.toFixed(6)}, ${lat.toFixed(6)} WGS84`);
  control("bottomleft", node).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 120 }).addTo(map);
  let pointed = false;
  map.on("mousemove", ({ latlng }) => ((pointed = true), show(latlng.wrap())));
  map.on("mouseout", () => (pointed = false));
  map.on("move", () => pointed || show(map.getCenter().wrap()));
}
