/** The base map's pictures, below everything that the city itself has. */

import { shiftGround } from "./shifted_ground.js";

const DEEPEST = 20;
/** How many levels above their own the pictures are still shown, smaller: each has four times as many as the one before. */
const REDUCED = 2;

function attribute(map, words) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const node = L.DomUtil.create("p", "map-attribution");
    node.textContent = words;
    return node;
  };
  control.addTo(map);
}

/** Lay the pictures below everything else. */
export function layPictures(map, base) {
  if (base.datum === "GCJ02") shiftGround(map);
  const url = base.kind === "template" ? base.url : new URL("base/", document.baseURI).href + "{z}/{x}/{y}";
  const shown = { minZoom: Math.max(0, base.min_zoom - REDUCED), minNativeZoom: base.min_zoom, maxNativeZoom: base.max_zoom, maxZoom: DEEPEST, noWrap: true, className: "base-map" };
  L.tileLayer(url, shown).addTo(map);
  if (base.attribution) attribute(map, base.attribution);
}
