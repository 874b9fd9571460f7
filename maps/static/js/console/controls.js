/** Buttons, scale, coordinates under the pointer and the legend on the map. */

import { drawing, el } from "../shared/dom.js";
import { text, translate } from "../shared/language.js";
import { areaStyle, cellStyle, segmentStyle, token } from "../shared/map_style.js";

const PLUS = ["M10 4v12M4 10h12"];
const MINUS = ["M4 10h12"];
const LOCATE = ["M10 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z", "M10 2v3M10 15v3M2 10h3M15 10h3"];
const WHOLE = ["M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"];

function control(position, node) {
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

const SAMPLES = {
  areas: [() => ({ ...areaStyle("SUBDISTRICT", 13), weight: 4 })],
  cells: [() => ({ ...cellStyle(16), weight: 1 })],
  segments: [() => ({ ...segmentStyle("LANE", 16), weight: 2 }), () => ({ ...segmentStyle("HUTONG", 16), weight: 2 })],
};

function paintSample(canvas, name) {
  const context = canvas.getContext("2d");
  const ratio = canvas.width / 28;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, 28, 16);
  if (name === "incidents") {
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--state-reported");
    context.beginPath();
    context.arc(14, 8, 5, 0, 2 * Math.PI);
    context.fill();
  }
  if (name === "labels") {
    context.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
    context.fillStyle = token("label-area");
    context.textAlign = "center";
    context.fillText(text("nameSample"), 14, 13);
  }
  (SAMPLES[name] ?? []).forEach((style, index, all) => {
    const { color, weight, dashArray } = style();
    context.strokeStyle = color;
    context.lineWidth = weight;
    context.setLineDash(dashArray ? dashArray.split(" ").map(Number) : []);
    context.beginPath();
    const y = (16 * (index + 1)) / (all.length + 1);
    if (name === "cells") context.rect(4.5, 2.5, 19, 11);
    else context.moveTo(1, y);
    if (name !== "cells") context.lineTo(27, y);
    context.stroke();
  });
}

/** Layer switches with samples of their lines. @returns {refresh(isWanted)} which says what only shows closer by */
export function addLegend(map, onSwitch) {
  const rows = ["areas", "cells", "segments", "incidents", "labels"].map((name) => {
    const canvas = el("canvas", { width: 56, height: 32, "aria-hidden": "true" });
    canvas.style.width = "28px";
    canvas.style.height = "16px";
    const box = el("input", { type: "checkbox", checked: true, name, onchange: () => onSwitch(name, box.checked) });
    const key = `layer${name[0].toUpperCase()}${name.slice(1)}`;
    const hint = el("small");
    return { name, canvas, hint, node: el("li", {}, el("label", {}, box, canvas, el("span", { "data-text": key }), hint)) };
  });
  const node = el("details", { class: "legend" }, el("summary", { "data-text": "legend" }), el("ul", {}, rows.map((row) => row.node)));
  node.open = window.matchMedia("(width >= 900px)").matches;
  control("topleft", node).addTo(map);
  return {
    refresh(isWanted) {
      translate(node);
      for (const { name, canvas, hint } of rows) {
        paintSample(canvas, name);
        hint.textContent = !["labels", "incidents"].includes(name) && !isWanted(name) ? text("cellsFromZoom") : "";
      }
    },
  };
}
