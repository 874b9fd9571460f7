/** Puts the page together: map, layers, selection, lists, search, recording, live; each knows only what it is given. */

import { addTexts, language, preferredLanguage, text } from "../shared/language.js";
import { currentEdition, Problem } from "../shared/api.js";
import { makeBar } from "../shared/bar.js";
import { locateMe } from "../shared/locate.js";
import { loadSession } from "../shared/session.js";
import { isSheet, makeSheet } from "../shared/sheet.js";
import { makeWho } from "../shared/who.js";
import { readAddress, writeAddress } from "./address.js";
import { addButtons, addLegend, addReadout } from "./controls.js";
import { followLive } from "./follow_live.js";
import { makeHighlight } from "./highlight.js";
import { makeIncidentList } from "./incident_list.js";
import { makeIncidentMarkers } from "./incident_markers.js";
import { makeIncidentStore } from "./incident_store.js";
import { makeInspector } from "./inspector.js";
import { fillHelp, listenToKeys } from "./keyboard.js";
import { makeMapLayers } from "./map_layers.js";
import { makePanel } from "./panel.js";
import { makeSearchBox } from "./search_box.js";
import { selectionOfFound } from "./search_results.js";
import { makeSelections } from "./selections.js";
import { makeTableTwin } from "./table_twin.js";
import { TEXTS } from "./texts.js";
import { makeView } from "./view.js";
import { makeWall } from "./wall.js";
import { makeZoneDrawing } from "./zone_drawing.js";
import { makeZonePanel } from "./zone_panel.js";

addTexts(TEXTS);
const map = window.map_city;
let edition = null;

const view = makeView(map);
const sheet = makeSheet();
const who = makeWho();
const store = makeIncidentStore();
const highlight = makeHighlight(map);
const inspector = makeInspector((category) => select({ ...selection.current(), category }));
const open = (number) => select({ kind: "incident", number });
const markers = makeIncidentMarkers(map, { items: store.items, open });
const list = makeIncidentList({ store, open, box: view.box });
const table = makeTableTwin({ store, box: view.box, select: (thing) => select(thing) });
const wall = makeWall({ store, cityName: document.querySelector(".bar-city").textContent });
const panel = makePanel({ keepStill: view.keepStill, onTab: (tab) => table.show(tab === "table") });
const drawing = makeZoneDrawing(map, (form, points) => select({ kind: "shape", form, points }));
const zones = makeZonePanel((form) => (sheet.lower(), drawing.start(form)));
const { selection, record } = makeSelections({
  ...{ highlight, inspector, store, list, markers, view },
  onChange(selected) {
    panel.showSelection(selected);
    if (selected) sheet.raise();
    else sheet.lower();
  },
});
const select = (thing, how) => selection.select(thing, how);
const layers = makeMapLayers(map, { toggleIncidents: markers.setVisible });
const showReadout = addReadout(map);
addButtons(map, {
  whole: () => edition && view.showAll(edition.bbox),
  locate: () => locateMe((place) => select({ kind: "place", ...place }, { close: true }), () => layers.note("locateFailed")),
});
const search = makeSearchBox(
  (item) => {
    const found = selectionOfFound(item);
    if (found) select(found, { close: true });
    else inspector.showFound(item);
  },
  () => `${map.getCenter().lng.toFixed(4)}, ${map.getCenter().lat.toFixed(4)}`,
);
const bar = makeBar([who, inspector, layers, list, table, zones, search, { translate: wall.draw }], (lang) => {
  map.getContainer().setAttribute("aria-label", text("map"));
  fillHelp();
  if (lang !== null) writeAddress({ lang });
});

function follow(address) {
  const lang = preferredLanguage(address.lang);
  if (lang !== language()) bar.speak(lang);
  wall.show(address.wall);
  map.invalidateSize();
  list.follow(address.filters);
  table.follow(address.table);
  panel.open(address.tab, { push: false });
  if (address.selection) select(address.selection, { push: false, close: !address.view });
  else selection.clear({ push: false });
}

async function start() {
  layers.opening();
  inspector.showLoading();
  try {
    [edition] = await Promise.all([currentEdition(), loadSession()]);
  } catch (error) {
    layers.opened();
    const problem = error instanceof Problem ? error : new Problem("failed", 0);
    inspector.showProblem(problem, { retry: start, clear: null });
    if (problem.kind === "offline") addEventListener("online", start, { once: true });
    return;
  }
  const address = readAddress();
  bar.show(edition);
  followLive({ store, selection, lights: [list, wall], onEdition: async () => bar.show(await currentEdition()) });
  inspector.showEmpty(edition.counts);
  wall.show(address.wall);
  if (address.wall) map.invalidateSize();
  panel.open(address.tab, { push: false });
  view.open(address, edition.bbox);
  showReadout();
  follow(address);
  layers.start(edition);
}

function escape() {
  if (drawing.active()) drawing.stop();
  else if (selection.current()) {
    selection.clear();
    map.getContainer().focus({ preventScroll: true });
  }
}

store.subscribe(markers.draw);
map.on("click", ({ latlng }) => (drawing.active() ? drawing.add(latlng) : select(view.placeOf(latlng, selection.current()))));
map.on("moveend", () => {
  table.moved();
  if (store.filters()?.inview) list.refresh("moved");
});
addEventListener("popstate", () => follow(readAddress()));
document.getElementById("inspector-close").addEventListener("click", escape);
listenToKeys(map, {
  askCentre: () => (drawing.active() ? drawing.addCentre() : select(view.placeOf(map.getCenter(), selection.current()))),
  escape,
  search: search.open,
  record,
  step: list.step,
  togglePanel: panel.toggle,
  toggleInspector: () => !isSheet() && panel.toggleInspector(),
});
bar.speak(preferredLanguage(readAddress().lang));
start();
