/** What the address bar says: the selection, the language, where the map looks, which list is open and its filters. */

import { CODED, selectionParts } from "../shared/selection_parts.js";

/** Layers that can be switched off. */
const LAYERS = ["areas", "cells", "segments", "components", "incidents", "labels"];
const ROWS = ["people", "departments", "posts", "duty_lists", "duty_items", "categories", "competences", "patches", "determinations"];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const FILTERS = ["q", "state", "about", "period", "mine", "inview"];

function placeOf(query) {
  const [lon, lat] = [query.get("lon"), query.get("lat")];
  const numeric = [lon, lat].every((value) => value !== null && value.trim() !== "" && Number.isFinite(Number(value)));
  if (!numeric) return null;
  return {
    kind: "place",
    lon: Number(lon),
    lat: Number(lat),
    datum: query.get("datum") || "WGS84",
    accuracy_m: Number(query.get("accuracy_m")) || null,
    category: query.get("category"),
  };
}

/** A zone or line as "polygon:lon,lat;lon,lat;…", or null. */
export function shapeFromText(text) {
  const [kind, list = ""] = (text ?? "").split(":");
  const points = list.split(";").map((pair) => pair.split(",").map(Number));
  const sound = points.every(([lon, lat, more]) => more === undefined && Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
  const enough = points.length >= { polygon: 3, line: 2 }[kind];
  return sound && enough ? { kind: "shape", form: kind, points } : null;
}

function selectionOf(query) {
  const number = query.get("incident");
  if (number) return { kind: "incident", number };
  for (const kind of CODED) if (query.get(kind)) return { kind, code: query.get(kind) };
  const [, table, code] = /^([a-z_]{1,30}):(.+)$/.exec(query.get("row") ?? "") ?? [];
  if (ROWS.includes(table)) return { kind: "row", table, code };
  return shapeFromText(query.get("shape")) ?? placeOf(query);
}

/** The part of a link that names a selection and cannot be read. */
function unreadableOf(query) {
  if (selectionOf(query)) return null;
  if (query.get("shape")) return "shape";
  return query.get("lon") || query.get("lat") ? "place" : null;
}

function viewOf(query) {
  const view = (query.get("map") ?? query.get("view") ?? "").split("/").map(Number);
  const usable = view.length === 3 && view.every(Number.isFinite) && Math.abs(view[1]) <= 85 && Math.abs(view[2]) <= 180;
  return usable ? { zoom: view[0], lat: view[1], lon: view[2] } : null;
}

function asOf(query) {
  const number = (name) => (/^[1-9]\d{0,8}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
  const at = query.get("at");
  return { edition: number("edition"), roster: number("roster"), at: INSTANT.test(at ?? "") ? at : null };
}

/** @returns {selection, unreadable: "place" or "shape" where one is named that cannot be read, lang, asOf: {edition, roster, at}, view: {zoom, lat, lon}, wall, tab, filters, table: {layer, sort}, layers: {off, theme}}; null for what is not said */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return {
    selection: selectionOf(query),
    unreadable: unreadableOf(query),
    lang: query.get("lang"),
    asOf: asOf(query),
    view: viewOf(query),
    wall: query.get("view") === "wall",
    tab: query.get("tab"),
    filters: Object.fromEntries(FILTERS.map((name) => [name, query.get(name)])),
    table: { layer: query.get("layer"), sort: query.get("sort") },
    layers: { off: (query.get("off") ?? "").split(",").filter((name) => LAYERS.includes(name)), theme: query.get("theme") },
  };
}

/** Write changes into the address; null takes a part away. `push` makes a step that Back undoes. */
export function writeAddress(changes, { push = false } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%3B", ";");
  const address = text ? `?${text}` : location.pathname;
  if (address === location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
}

/** An address that shows a selection and keeps the rest of the screen. */
export function linkTo(selection) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(selectionParts(selection))) {
    if (value === null) query.delete(name);
    else query.set(name, String(value));
  }
  return `?${query}`;
}
