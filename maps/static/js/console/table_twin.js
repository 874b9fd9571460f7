/** The map as a table: what is in view, sortable, by pages, as CSV; the same selection as the map's. */

import { saveCsv } from "../shared/csv.js";
import { el } from "../shared/dom.js";
import { language, text, translate } from "../shared/language.js";
import { isBarred, may, onSession } from "../shared/session.js";
import { listState } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";
import { writeAddress } from "./address.js";
import { COLUMNS, keyOf, selectionOf, sortRows, tableRows } from "./table_columns.js";
import { columnValue, namesOf } from "./table_names.js";
import { columnHeading, drawPager } from "./table_parts.js";
import { readRows } from "./table_rows.js";
import { thingLink } from "./thing_link.js";

const LAYERS = ["incidents", "cells", "segments", "components", "areas"];
const LABEL = { incidents: "tabIncidents", cells: "layerCells", segments: "layerSegments", components: "layerComponents", areas: "layerAreas" };
const PAGE = 100;
const REST_MS = 250;

/** @param parts {store, box() → what the map shows, editions, select, filterWords() → what incidents are filtered by}; @returns {show, follow(table), moved, translate} */
export function makeTableTwin({ store, box, editions, select, filterWords }) {
  const host = document.getElementById("view-table");
  const layerOf = el("select", { class: "input", "data-label": "tableLayer", onchange: () => change({ layer: layerOf.value, sort: null }) }, LAYERS.map((name) => el("option", { value: name, "data-text": LABEL[name] })));
  const save = el("button", { class: "plain", type: "button", "data-text": "saveCsv", onclick: () => saveCsv(`${layer}.csv`, tableRows(layer, rows)) });
  const count = el("p", { class: "list-count", role: "status" });
  const note = el("div", { class: "list-note" });
  const table = el("div", { class: "table-box", tabindex: "0", role: "region", "data-label": "tabTable" });
  const pager = el("div", { class: "pager" });
  host.append(el("div", { class: "table-head" }, layerOf, save), count, table, note, pager);
  let layer = "incidents";
  let sort = null;
  let rows = [];
  let known = namesOf([], []);
  let page = 0;
  let visible = false;
  let status = { state: "loading", more: false };
  let control = null;
  let timer = null;

  function change(next) {
    ({ layer = layer, sort = sort } = { layer, sort, ...next });
    page = 0;
    writeAddress({ layer: layer === "incidents" ? null : layer, sort });
    if (next.layer) load();
    else put(rows);
  }

  function sortBy(name, next) {
    change({ sort: next });
    table.querySelector(`[data-column="${name}"]`)?.focus();
  }

  function rowOf(row) {
    const selection = selectionOf(layer, row);
    const link = (words) => thingLink(selection, select, words);
    return el("tr", { "data-key": keyOf(layer, row) }, COLUMNS[layer].map((column, index) => (index ? el("td", {}, columnValue(column, row, known)) : el("th", { scope: "row" }, row.pending ? "" : link(column.value(row))))));
  }

  function turnTo(next) {
    page = next;
    draw();
    table.scrollTop = 0;
  }

  function draw() {
    const number = rows.length.toLocaleString(language());
    const filter = layer === "incidents" ? filterWords() : [];
    const words = text(status.more ? "inViewSoFar" : "inView", { number });
    count.textContent = status.state !== "ready" ? "" : filter.length ? text("inViewOf", { words, filter: filter.join(text("listComma")) }) : words;
    const part = rows.slice(page * PAGE, (page + 1) * PAGE);
    const caption = el("caption", { class: "unseen" }, `${text("tabTable")}: ${text(LABEL[layer])}`);
    table.replaceChildren(el("table", { class: "twin" }, caption, el("thead", {}, el("tr", {}, COLUMNS[layer].map((column) => columnHeading(column, sort, sortBy)))), el("tbody", {}, part.map(rowOf))));
    table.hidden = !rows.length;
    save.disabled = !rows.length;
    note.replaceChildren(...listState(status, rows.length, { retry: load, signIn: askSignIn, empty: "nothingInView" }));
    drawPager(pager, { page, pages: Math.ceil(rows.length / PAGE), turnTo });
  }

  function put(found) {
    rows = sortRows(layer, found, sort);
    page = Math.min(page, Math.max(0, Math.ceil(rows.length / PAGE) - 1));
    draw();
  }

  function fromStore() {
    const [west, south, east, north] = box();
    status = store.status();
    put(store.items().filter(({ location: { lon, lat } }) => lon >= west && lon <= east && lat >= south && lat <= north));
  }

  async function load() {
    if (!visible) return;
    control?.abort();
    if (layer === "incidents") return fromStore();
    control = new AbortController();
    if (!rows.length) {
      status = { state: "loading", more: false };
      draw();
    }
    try {
      const found = await readRows(layer, { box: box(), editions, store, signal: control.signal });
      known = found.known;
      status = { state: "ready", more: found.more };
      put(found.rows);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      status = { state: problem.kind ?? "failed", problem, more: false };
      put([]);
    }
  }

  /** Show a layer as it is asked for, or the first that the reader's role may see. */
  function follow(wanted) {
    const offered = LAYERS.filter((name) => (name === "incidents" ? !isBarred("READ_INCIDENTS") : name !== "components" || may("READ_COMPONENTS")));
    for (const option of layerOf.options) option.hidden = option.disabled = !offered.includes(option.value);
    layer = offered.includes(wanted.layer) ? wanted.layer : offered[0];
    sort = wanted.sort;
    layerOf.value = layer;
    rows = [];
    loadIn(0);
  }

  /** Soon, and once for whatever came meanwhile. */
  function loadIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(load, ms);
  }

  onSession(() => follow({ layer, sort }));
  store.subscribe(() => visible && layer === "incidents" && fromStore());
  return {
    show(next) {
      visible = next;
      translate(host);
      if (visible) loadIn(0);
    },
    follow,
    /** The map has moved: what is in view is another part. */
    moved: () => loadIn(REST_MS),
    translate() {
      translate(host);
      if (visible) draw();
    },
  };
}
