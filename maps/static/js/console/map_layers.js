/** The base map of the console with its legend and notes. */

import { addBaseMap } from "../shared/base_map.js";
import { text } from "../shared/language.js";
import { addLegend } from "./controls.js";

/** @param on {toggleIncidents(visible)}; @returns {show(number), opening, opened, note(key), translate} */
export function makeMapLayers(map, { toggleIncidents }) {
  const frame = document.querySelector(".map-frame");
  const paper = document.getElementById("map-note");
  let said = "";
  let state = "";

  /** What the page has to say goes before how the map is doing. */
  function write() {
    const key = said || state;
    paper.textContent = key ? text(key) : "";
    paper.hidden = !key;
  }

  /** Said until something else is, or the map moves; "" takes it away. */
  function note(key) {
    said = key;
    write();
  }

  function report({ loading, drawing, failed }) {
    if (loading) frame.dataset.loading ||= "more";
    else delete frame.dataset.loading;
    state = failed ? "mapFailed" : drawing ? "mapDrawing" : "";
    write();
    legend.refresh(ground.wanted);
  }

  const ground = addBaseMap(map, { report });
  map.on("movestart", () => note(""));
  const legend = addLegend(map, (name, visible) => {
    if (name === "incidents") return toggleIncidents(visible);
    if (name === "labels") ground.labels.setVisible(visible);
    else ground.layers.setVisible(name, visible);
    ground.refresh();
  });

  return {
    note,
    opening: () => (frame.dataset.loading = "first"),
    opened: () => delete frame.dataset.loading,
    show: ground.show,
    translate() {
      write();
      legend.refresh(ground.wanted);
    },
  };
}
