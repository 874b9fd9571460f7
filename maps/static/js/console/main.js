/** Puts the page together: map, layers, selection, lists, search, recording, live; each knows only what it is given. */

import { addTerms, addTexts, preferredLanguage, term, text } from "../shared/language.js";
import { makeBar } from "../shared/bar.js";
import { makeHighlight } from "../shared/highlight.js";
import { locateMe } from "../shared/locate.js";
import { makeSearchBox } from "../shared/search_box.js";
import { selectionOfFound } from "../shared/search_results.js";
import { session } from "../shared/session.js";
import { isSheet, makeSheet } from "../shared/sheet.js";
import { makeWho } from "../shared/who.js";
import { makeZoneDrawing } from "../shared/zone_drawing.js";
import { readAddress, writeAddress } from "./address.js";
import { addButtons, addReadout } from "./controls.js";
import { makeEditionNotice } from "./edition_notice.js";
import { makeEditions } from "./editions.js";
import { followLive } from "./follow_live.js";
import { makeIncidentList } from "./incident_list.js";
import { makeIncidentMarkers } from "./incident_markers.js";
import { makeIncidentStore } from "./incident_store.js";
import { makeInspector } from "./inspector.js";
import { makeJourney } from "./journey.js";
import { fillHelp, listenToKeys } from "./keyboard.js";
import { makeMapLayers } from "./map_layers.js";
import { makePanel } from "./panel.js";
import { makeSelections } from "./selections.js";
import { makeTableTwin } from "./table_twin.js";
import { TERMS } from "./terms.js";
import { TEXTS } from "./texts.js";
import { makeView } from "./view.js";
import { makeWall } from "./wall.js";
import { makeZonePanel } from "./zone_panel.js";

addTexts(TEXTS);
addTerms(TERMS);
const map = window.map_city;

const view = makeView(map);
const sheet = makeSheet();
const who = makeWho();
const store = makeIncidentStore();
const highlight = makeHighlight(map);
const editions = makeEditions((change) => journey.turn(change));
const inspector = makeInspector((category) => select({ ...selection.current(), category }));
const markers = makeIncidentMarkers(map, { items: store.items, open: (number) => open(number) });
const list = makeIncidentList({ store, open: (number) => open(number), box: view.box });
const table = makeTableTwin({ store, box: view.box, editions, select: (thing) => select(thing), filterWords: list.filterWords });
const wall = makeWall({ store, cityName: document.querySelector(".bar-city").textContent });
const panel = makePanel({ keepStill: view.keepStill, onTab: (tab) => table.show(tab === "table") });
const drawing = makeZoneDrawing(map, (form, points) => select({ kind: "shape", form, points }));
const zones = makeZonePanel((form) => (sheet.lower(), drawing.start(form)));
const { selection, record, open } = makeSelections({
  ...{ highlight, inspector, store, list, markers, view, editions },
  tell: (key) => layers.note(key, { role: term("account", session().role) }),
  onChange(selected) {
    layers.note("");
    panel.showSelection(selected);
    if (selected) sheet.raise();
    else sheet.lower();
  },
});
const select = (thing, how) => selection.select(thing, how);
const layers = makeMapLayers(map, { toggleIncidents: markers.setVisible, store, editions, box: view.box, filterWords: list.filterWords });
const notice = makeEditionNotice(() => journey.leave());
addButtons(map, {
  whole: () => editions.shown() && view.showAll(editions.shown().bbox),
  locate: () => locateMe((place) => select({ kind: "place", ...place }, { close: true }), () => layers.note("locateFailed")),
});
const search = makeSearchBox(
  (item) => {
    const found = selectionOfFound(item);
    if (!found) return;
    select(found, { close: true });
    inspector.focus();
  },
  () => `${map.getCenter().lng.toFixed(4)}, ${map.getCenter().lat.toFixed(4)}`,
);
const bar = makeBar([who, inspector, layers, list, markers, table, zones, search, notice, { translate: wall.draw }], (lang) => {
  map.getContainer().setAttribute("aria-label", text("map"));
  fillHelp();
  if (lang !== null) writeAddress({ lang });
});
const journey = makeJourney({
  ...{ map, bar, editions, inspector, layers, list, notice, panel, selection, sheet, store, table, view, wall },
  onReady() {
    addReadout(map);
    followLive({ store, selection, editions, inspector, layers, lights: [list, wall] });
  },
});

/** To the wall screen and back; Back undoes either. */
function toggleWall() {
  wall.show(!wall.isOn());
  writeAddress({ view: wall.isOn() ? "wall" : null }, { push: true });
  map.invalidateSize({ pan: false });
  inspector.say(wall.isOn() ? text("saidWall") : "");
}

function escape() {
  if (wall.isOn()) toggleWall();
  else if (drawing.active()) drawing.stop();
  else if (selection.current() && !inspector.isWriting()) {
    selection.clear();
    map.getContainer().focus({ preventScroll: true });
  }
}

store.subscribe(markers.draw);
map.on("click", ({ latlng }) => {
  if (drawing.active()) return drawing.add(latlng);
  const component = layers.componentAt(latlng);
  return select(component ? { kind: "component", ...component } : view.placeOf(latlng, selection.current()));
});
map.on("moveend", () => {
  table.moved();
  if (store.filters()?.inview) list.refresh("moved");
});
document.getElementById("inspector-close").addEventListener("click", () => (selection.clear(), map.getContainer().focus({ preventScroll: true })));
listenToKeys(map, {
  askCentre: () => select(view.placeOf(map.getCenter(), selection.current())),
  escape,
  search: search.open,
  record,
  step: list.step,
  togglePanel: panel.toggle,
  toggleWall,
  isOnWall: wall.isOn,
  toggleInspector: () => !isSheet() && panel.toggleInspector(),
});
bar.speak(preferredLanguage(readAddress().lang));
journey.start();
