/** What a change would do, field by field, and what the checks say of it. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";

const shown = (value) => (value === null || value === undefined ? "–" : Array.isArray(value) ? value.join(" ") : typeof value === "object" ? JSON.stringify(value) : String(value));

function changedRow({ table, key, fields, before, after }) {
  return fields.map((name, index) =>
    el("tr", {}, index ? null : el("th", { scope: "rowgroup", rowspan: fields.length }, `${table} · ${key}`), el("td", {}, name), el("td", { class: "was" }, shown(before[name])), el("td", {}, shown(after[name]))));
}

const listed = (title, rows) =>
  rows.length ? el("details", { open: rows.length <= 20 }, el("summary", {}, title), el("ul", { class: "rows" }, rows.map(({ table, key, row }) => el("li", {}, el("span", {}, row?.name ?? key), el("small", {}, `${table} · ${key}`))))) : null;

/** @param found {added, changed, removed, issues, blocking} */
export function differenceView(found) {
  const { added, changed, removed, issues = [], blocking = 0 } = found;
  const nothing = !added.length && !changed.length && !removed.length;
  return el("div", { class: "difference" },
    nothing ? el("p", {}, text("nothingChanges")) : null,
    blocking ? el("p", { class: "form-error", role: "alert" }, text("blocked", { count: blocking })) : null,
    listed(text("added", { count: added.length }), added),
    changed.length ? el("table", { class: "grid" }, el("caption", {}, text("changed", { count: changed.length })),
      el("thead", {}, el("tr", {}, ["post", "field", "before", "after"].map((key) => el("th", { scope: "col" }, text(key))))), el("tbody", {}, changed.map(changedRow))) : null,
    listed(text("removed", { count: removed.length }), removed),
    issues.length ? el("details", { open: true }, el("summary", {}, text("findings")), el("ul", { class: "rows" }, issues.map((issue) => el("li", {}, el("span", {}, issue[language()].message), el("span", { class: "row-side" }, issue.severity), el("small", {}, issue[language()].remedy))))) : null,
  );
}
