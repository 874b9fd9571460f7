/** What a change would do or did, field by field, and what the checks say of it. */

import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { rowContent, rowTitle, valueWords } from "./row_words.js";

const FEW = 20;

function changedRow(change, roster) {
  const { fields, before, after } = change;
  const head = el("th", { scope: "rowgroup", rowspan: fields.length }, rowTitle(change, after, roster), el("small", {}, change.key));
  return fields.map((name, index) =>
    el("tr", {}, index ? null : head, el("td", {}, term("field", name)), el("td", { class: "was" }, valueWords(name, before[name], roster)), el("td", {}, valueWords(name, after[name], roster))));
}

function listed(title, changes, roster) {
  if (!changes.length) return null;
  const row = (change) => el("li", {}, el("span", {}, rowTitle(change, change.row, roster)), el("small", {}, rowContent(change.row, roster)));
  return el("details", { open: changes.length <= FEW }, el("summary", {}, title), el("ul", { class: "rows" }, changes.map(row)));
}

const tableOf = (heads, lines, look = "grid") => el("table", { class: look }, el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, text(key))))), el("tbody", {}, lines));

const issueRow = (issue) => el("li", {}, el("span", {}, issue[language()].message), el("span", { class: "row-side" }, term("severity", issue.severity)), el("small", {}, text("whatToDo", { remedy: issue[language()].remedy })));

const findings = (title, issues, open) => (issues.length ? el("details", { open }, el("summary", {}, title), el("ul", { class: "rows" }, issues.map(issueRow))) : null);

/** What is wrong with a file: in which row and column, and what to do; sorted as the file is. */
export function fileFaults(issues) {
  const line = ({ row, column, ...told }) =>
    el("tr", {},
      el("td", { "data-head": text("fileRow") }, row ?? "–"),
      el("td", { "data-head": text("fileColumn") }, column ? [term("field", column), el("small", {}, ` ${column}`)] : "–"),
      el("td", {}, told[language()].message), el("td", { "data-head": text("fileMend") }, told[language()].remedy));
  const sorted = [...issues].sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  return el("div", { class: "roster-scroll" }, tableOf(["fileRow", "fileColumn", "fileFault", "fileMend"], sorted.map(line), "grid faults"));
}

/** In one line: how many rows were or would be changed, added, removed. */
export function countWords({ added, changed, removed }) {
  const counts = [["changed", changed], ["added", added], ["removed", removed]].filter(([, rows]) => rows.length);
  return counts.map(([key, rows]) => text(key, { count: rows.length })).join(language() === "zh" ? "，" : ", ") || text("nothingChanges");
}

export const isNothing = ({ added, changed, removed }) => !added.length && !changed.length && !removed.length;

const PASSED = { to_stand_in: "passedToStandIn", to_next_level: "passedToNextLevel", shared: "passedToOthers" };

/** Who answers for the posts of somebody who is about to be away. */
function passedLine({ person, ...counts }, roster) {
  const said = Object.entries(PASSED).filter(([name]) => counts[name]).map(([name, key]) => text(key, { count: counts[name] }));
  const name = roster.persons.get(person)?.name ?? person;
  return el("p", { class: "passed-on" }, text("passedOn", { name, what: said.join(language() === "zh" ? "，" : ", ") || text("passedNone") }));
}

/** How much is to be mended first, or null. */
export const blockedWords = ({ blocking }) => (blocking ? el("p", { class: "form-error", role: "alert" }, text("blocked", { count: blocking })) : null);

/** Findings that a change brings, then those from before. */
export const findingsOf = ({ issues, brought }) => [findings(text("findings"), issues.slice(0, brought), true), findings(text("findingsBefore", { count: issues.length - brought }), issues.slice(brought), false)];

/** @param found {added, changed, removed, issues, brought, blocking}; @param roster for the names of what codes mean */
export function differenceView(found, roster) {
  const { added, changed, removed } = found;
  const [brought, before] = findingsOf(found);
  return el("div", { class: "difference", tabindex: "0", role: "group", "aria-label": text("preview") },
    blockedWords(found),
    isNothing(found) && !found.blocking ? el("p", {}, text("nothingChanges")) : null,
    brought,
    (found.passed_on ?? []).map((passed) => passedLine(passed, roster)),
    found.passed_on_uncounted ? el("p", { class: "passed-on" }, text("passedUncounted", { count: found.passed_on_uncounted })) : null,
    listed(text("added", { count: added.length }), added, roster),
    changed.length ? el("section", {}, el("h3", {}, text("changed", { count: changed.length })), tableOf(["row", "field", "before", "after"], changed.map((change) => changedRow(change, roster)), "grid changed")) : null,
    listed(text("removed", { count: removed.length }), removed, roster),
    before,
  );
}
