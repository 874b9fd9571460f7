/** The city's own layers on the map with legend, names and notes; draws again when the system turns light or dark. */

import { text } from "../shared/language.js";
import { addLegend } from "./controls.js";
import { makeLabels } from "./labels.js";
import { makeLayers } from "./layers.js";
import { makeViewport } from "./viewport.js";

/** @param on {toggleIncidents(visible)}; @returns {start(edition), opening, opened, note(key), translate} */
export function makeMapLayers(map, { toggleIncidents }) {
  const frame = document.querySelector(".map-frame");
  const paper = document.getElementById("map-note");
  let noted = "";
  const layers = makeLayers(map);
  const labels = makeLabels(map, layers);

  function note(key) {
    noted = key;
    paper.textContent = key ? text(key) : "";
    paper.hidden = !key;
  }

  const legend = addLegend(map, (name, visible) => {
    if (name === "incidents") return toggleIncidents(visible);
    if (name === "labels") labels.setVisible(visible);
    else layers.setVisible(name, visible);
    viewport.refresh();
    labels.draw();
  });
  const viewport = makeViewport(map, layers, () => labels.draw(), ({ loading, failed, truncated }) => {
    if (loading) frame.dataset.loading ||= "more";
    else delete frame.dataset.loading;
    note(failed ? "mapFailed" : truncated ? "truncated" : "");
    legend.refresh(viewport.wanted);
  });

  map.on("zoomend", () => layers.restyle());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    layers.restyle();
    labels.draw();
    legend.refresh(viewport.wanted);
  });
  return {
    note,
    opening: () => (frame.dataset.loading = "first"),
    opened: () => delete frame.dataset.loading,
    start: ({ counts }) => viewport.start(counts),
    translate() {
      note(noted);
      legend.refresh(viewport.wanted);
    },
  };
}
