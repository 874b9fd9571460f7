/** The legend on the map: a switch for each layer with a sample of its lines, and what cells are filled by, with its key. */

import { el } from "../shared/dom.js";
import { text, translate } from "../shared/language.js";
import { areaStyle, cellStyle, segmentStyle, token } from "../shared/map_style.js";
import { control } from "./controls.js";

/** In their draw order. */
const LAYERS = ["areas", "cells", "segments", "components", "incidents", "labels"];
const ALWAYS = ["incidents", "labels"];
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
  if (name === "components") {
    context.fillStyle = token("component");
    context.fillRect(11, 5, 6, 6);
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

/** @returns the row of a layer: its switch, its sample, and what else is to be known of it */
function layerRow(name, onSwitch) {
  const canvas = el("canvas", { width: 56, height: 32, "aria-hidden": "true" });
  canvas.style.width = "28px";
  canvas.style.height = "16px";
  const box = el("input", { type: "checkbox", checked: true, name, onchange: () => onSwitch(name, box.checked) });
  const key = `layer${name[0].toUpperCase()}${name.slice(1)}`;
  const hint = el("small");
  return { name, canvas, box, hint, node: el("li", {}, el("label", {}, box, canvas, el("span", { "data-text": key }), hint)) };
}

/**
 * @param on {toggle(layer, visible), theme(name or null), themes: the key of what each is called}
 * @returns {refresh(isWanted, key), set({off, theme}), offer(name, isOffered)}; `isWanted` tells what shows at this zoom, `key` is
 *   what stands below a chosen theme
 */
export function addLegend(map, { toggle, theme, themes }) {
  const rows = LAYERS.map((name) => layerRow(name, toggle));
  const options = Object.entries({ "": "themeNone", ...themes }).map(([value, key]) => el("option", { value, "data-text": key }));
  const chooser = el("select", { class: "input", name: "theme", "data-label": "themeLabel", onchange: () => theme(chooser.value || null) }, options);
  const fill = el("div", { class: "legend-theme", role: "group", tabindex: "0", "data-label": "themeKey", hidden: true });
  const node = el(
    "details",
    { class: "legend" },
    el("summary", { "data-text": "legend" }),
    el("ul", {}, rows.map((row) => row.node)),
    el("div", { class: "legend-fill" }, el("span", { "data-text": "themeLabel", "aria-hidden": "true" }), chooser),
    fill,
  );
  node.open = window.matchMedia("(width >= 900px)").matches;
  control("topleft", node).addTo(map);
  return {
    refresh(isWanted, key) {
      translate(node);
      for (const { name, canvas, hint } of rows) {
        paintSample(canvas, name);
        hint.textContent = !ALWAYS.includes(name) && !isWanted(name) ? text("cellsFromZoom") : "";
      }
      fill.replaceChildren(...key);
      fill.hidden = !key.length;
    },
    set({ off, theme: chosen }) {
      for (const { name, box } of rows) box.checked = !off.includes(name);
      chooser.value = chosen ?? "";
    },
    offer(name, isOffered) {
      for (const row of rows) if (row.name === name) row.node.hidden = !isOffered;
      for (const option of options) if (option.value === name) option.hidden = option.disabled = !isOffered;
    },
  };
}
