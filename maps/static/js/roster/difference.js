/** What a change would do, field by field, and what the checks say of it. */

import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";

const FEW = 20;

const shown = (value) => (value === null || value === undefined ? "–" : Array.isArray(value) ? value.join(" ") : typeof value === "object" ? text("shape") : String(value));

function changedRow({ table, key, fields, before, after }) {
  return fields.map((name, index) =>
    el("tr", {}, index ? null : el("th", { scope: "rowgroup", rowspan: fields.length }, `${term("table", table)} · ${key}`), el("td", {}, term("field", name)), el("td", { class: "was" }, shown(before[name])), el("td", {}, shown(after[name]))));
}

/** What a row says, without what it leaves open. */
function content(row) {
  const said = Object.entries(row ?? {}).filter(([name, value]) => !["code", "name"].includes(name) && value !== null && value !== "" && !(Array.isArray(value) && !value.length));
  return said.map(([name, value]) => `${term("field", name)} ${shown(value)}`).join(" · ");
}

const listed = (title, rows) =>
  rows.length ? el("details", { open: rows.length <= FEW }, el("summary", {}, title), el("ul", { class: "rows" }, rows.map(({ table, key, row }) => el("li", {}, el("span", {}, row?.name ?? `${term("table", table)} · ${key}`), el("small", {}, content(row)))))) : null;

const issueRow = (issue) => el("li", {}, el("span", {}, issue[language()].message), el("span", { class: "row-side" }, term("severity", issue.severity)), el("small", {}, issue[language()].remedy));

const findings = (title, issues, open) => (issues.length ? el("details", { open }, el("summary", {}, title), el("ul", { class: "rows" }, issues.map(issueRow))) : null);

/** @param found {added, changed, removed, issues, brought, blocking} */
export function differenceView(found) {
  const { added, changed, removed, issues, brought, blocking } = found;
  const nothing = !added.length && !changed.length && !removed.length;
  return el("div", { class: "difference", tabindex: "0", role: "group", "aria-label": text("preview") },
    nothing ? el("p", {}, text("nothingChanges")) : null,
    blocking ? el("p", { class: "form-error", role: "alert" }, text("blocked", { count: blocking })) : null,
    findings(text("findings"), issues.slice(0, brought), true),
    listed(text("added", { count: added.length }), added),
    changed.length ? el("table", { class: "grid" }, el("caption", {}, text("changed", { count: changed.length })),
      el("thead", {}, el("tr", {}, ["row", "field", "before", "after"].map((key) => el("th", { scope: "col" }, text(key))))), el("tbody", {}, changed.map(changedRow))) : null,
    listed(text("removed", { count: removed.length }), removed),
    findings(text("findingsBefore", { count: issues.length - brought }), issues.slice(brought), false),
  );
}
