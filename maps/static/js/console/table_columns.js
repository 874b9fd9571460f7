/** What the table shows of each layer: columns with their heading, value and how the row is selected. */

import { term, text } from "../shared/language.js";
import { wallTime } from "../shared/times.js";
import { cellCode, leadName, placeText, stateText, titleOf } from "./incident_terms.js";

const property = (name, key, words = (value) => value) => ({ name, key, value: ({ properties }) => words(properties[name]) ?? "" });
/** A code of something that has a name: so it is in files; on the screen it has its name. */
const named = (name, key, names) => ({ ...property(name, key), names });

export const COLUMNS = {
  incidents: [
    { name: "number", key: "columnNumber", value: ({ number, pending }) => (pending ? "" : number) },
    { name: "title", key: "category", value: titleOf },
    { name: "state", key: "filterState", value: stateText },
    { name: "reported", key: "reportedAt", value: ({ reported_at }) => wallTime(reported_at) },
    { name: "place", key: "columnPlace", value: placeText },
    { name: "lead", key: "columnLead", value: leadName },
    { name: "cell", key: "cellLabel", value: (item) => cellCode(item) ?? "" },
  ],
  cells: [property("code", "columnCode"), property("name", "columnName"), named("area", "columnArea", "areas"), named("body", "responsibleBody", "bodies"), property("open", "themeLoad")],
  segments: [property("code", "columnCode"), property("name", "columnName"), property("kind", "columnKind", (kind) => term("kind", kind)), named("subdistrict", "columnArea", "areas")],
  components: [
    property("code", "columnCode"),
    property("name", "columnName"),
    named("category", "componentCategory", "categories"),
    property("state", "filterState", (state) => term("componentState", state)),
    named("competent", "competentBody", "departments"),
    named("owner", "ownerBody", "departments"),
    named("maintainer", "maintainerBody", "departments"),
  ],
  areas: [property("code", "columnCode"), property("name", "columnName"), property("level", "columnLevel", (level) => term("level", level)), named("parent", "columnParent", "areas")],
};

const KIND = { cells: "cell", segments: "segment", components: "component", areas: "area" };

/** What a row selects. */
export const selectionOf = (layer, row) => (layer === "incidents" ? { kind: "incident", number: row.number } : { kind: KIND[layer], code: row.properties.code });

export const keyOf = (layer, row) => (layer === "incidents" ? row.number : `${row.properties.scheme}:${row.properties.code}`);

/** Rows by a column, codes as texts with their numbers in order. `sort` is a column's name, "-name" downwards. */
export function sortRows(layer, rows, sort) {
  const down = sort?.startsWith("-");
  const column = COLUMNS[layer].find(({ name }) => name === (sort ?? "").replace("-", ""));
  if (!column) return rows;
  const words = new Intl.Collator(undefined, { numeric: true });
  return [...rows].sort((a, b) => words.compare(String(column.value(a)), String(column.value(b))) * (down ? -1 : 1));
}

/** The table as rows for a file, headings first. */
export const tableRows = (layer, rows) => [COLUMNS[layer].map(({ key }) => text(key)), ...rows.map((row) => COLUMNS[layer].map(({ value }) => value(row)))];
