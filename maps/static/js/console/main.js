/** Puts the page together: folium's map, the layers of the edition in force, the selection and the address. */

import { readAddress, writeAddress } from "./address.js";
import { currentEdition, Problem } from "../shared/api.js";
import { addButtons, addLegend, addReadout } from "./controls.js";
import { cityDay, el } from "../shared/dom.js";
import { makeHighlight } from "./highlight.js";
import { makeInspector } from "./inspector.js";
import { fillHelp, listenToKeys } from "./keyboard.js";
import { makeLabels } from "./labels.js";
import { language, preferredLanguage, setLanguage, text } from "../shared/language.js";
import { makeLayers } from "./layers.js";
import { locateMe } from "../shared/locate.js";
import { makePlaceForm } from "./place_form.js";
import { makeSelection } from "./selection.js";
import { isSheet, makeSheet } from "../shared/sheet.js";
import { makeView } from "./view.js";
import { makeViewport } from "./viewport.js";

const map = window.map_city;
const frame = document.querySelector(".map-frame");
const note = document.getElementById("map-note");
let edition = null;
let noted = "";

const view = makeView(map);
const layers = makeLayers(map);
const labels = makeLabels(map, layers);
const sheet = makeSheet();
const inspector = makeInspector((category) => selection.category(category));
const selection = makeSelection({
  highlight: makeHighlight(map),
  inspector,
  reveal: view.reveal,
  onSelect: sheet.raise,
  onClear: sheet.lower,
});
const legend = addLegend(map, (name, visible) => {
  if (name === "labels") labels.setVisible(visible);
  else layers.setVisible(name, visible);
  viewport.refresh();
  labels.draw();
});
const viewport = makeViewport(map, layers, () => labels.draw(), ({ loading, failed, truncated }) => {
  if (loading) frame.dataset.loading ||= "more";
  else delete frame.dataset.loading;
  showNote(failed ? "mapFailed" : truncated ? "truncated" : "");
  legend.refresh(viewport.wanted);
});
const showReadout = addReadout(map);
addButtons(map, {
  whole: () => edition && view.showAll(edition.bbox),
  locate: () => locateMe((place) => selection.select(place, { close: true }), () => showNote("locateFailed")),
});
const placeForm = makePlaceForm((place) => selection.select(place, { close: true }), () => {
  const { lng, lat } = map.getCenter();
  return `${lng.toFixed(4)}, ${lat.toFixed(4)}`;
});

function showNote(key) {
  noted = key;
  note.textContent = key ? text(key) : "";
  note.hidden = !key;
}

function showEdition() {
  if (!edition) return;
  const since = el("span", { class: "bar-since" }, ` · ${text("since", { date: cityDay(edition.effective_from) })}`);
  document.getElementById("edition").replaceChildren(text("edition", { number: edition.number }), since);
  document.getElementById("edition").title = edition.effective_from;
}

function speak(lang) {
  setLanguage(lang);
  document.getElementById("language").textContent = text("switchTo");
  document.getElementById("language").lang = lang === "zh" ? "en" : "zh-CN";
  map.getContainer().setAttribute("aria-label", text("map"));
  fillHelp();
  showEdition();
  showNote(noted);
  inspector.translate();
  legend.refresh(viewport.wanted);
}

function follow(address) {
  const lang = preferredLanguage(address.lang);
  if (lang !== language()) speak(lang);
  if (address.selection) selection.select(address.selection, { push: false, close: !address.view });
  else selection.clear({ push: false, counts: edition?.counts });
}

async function start() {
  frame.dataset.loading = "first";
  inspector.showLoading();
  try {
    edition = await currentEdition();
  } catch (error) {
    delete frame.dataset.loading;
    const problem = error instanceof Problem ? error : new Problem("failed", 0);
    inspector.showProblem(problem, { retry: start, clear: null });
    if (problem.kind === "offline") addEventListener("online", start, { once: true });
    return;
  }
  const address = readAddress();
  showEdition();
  view.open(address, edition.bbox);
  showReadout();
  follow(address);
  viewport.start(edition.counts);
}

speak(preferredLanguage(readAddress().lang));
map.on("click", ({ latlng }) => selection.select(view.placeOf(latlng, selection.current())));
map.on("zoomend", () => layers.restyle());
addEventListener("popstate", () => follow(readAddress()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  layers.restyle();
  labels.draw();
  legend.refresh(viewport.wanted);
});
document.getElementById("language").addEventListener("click", () => {
  speak(language() === "zh" ? "en" : "zh");
  writeAddress({ lang: language() });
});
listenToKeys(map, {
  askCentre: () => selection.select(view.placeOf(map.getCenter(), selection.current())),
  clear: () => selection.current() && selection.clear(),
  openPlace: placeForm.open,
  togglePanel: () => !isSheet() && view.togglePanel(),
});
start();
