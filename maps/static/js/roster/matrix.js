/** Category × department: who leads, assists, owns and maintains in an area, and where nobody leads. */

import { getJson } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";

const SHORT = { LEAD: "●", ASSIST: "○", OWNER: "◇", MAINTAINER: "△", COMPETENT: "□" };
const GAPS_SHOWN = 3;
/** Signs of a name above which its column is wider, so that the head stays low. */
const LONG_NAME = 16;

const categoryName = (row) => (language() === "zh" ? row.name : row.name_en || row.name);

/** Whether one of two areas holds the other, by the tree that the city's own codes make. */
function makeMeets(parents) {
  const above = (code) => {
    const found = new Set();
    for (let at = code; at && !found.has(at); at = parents.get(at)) found.add(at);
    return found;
  };
  return (one, other) => !one || above(one).has(other) || above(other).has(one);
}

function gapWords(gaps) {
  const shown = gaps.slice(0, GAPS_SHOWN).map(({ name }) => name).join(" ");
  return `${text("missingLead")}: ${shown}${gaps.length > GAPS_SHOWN ? " …" : ""}`;
}

/** @param coverage of the service; @param areas features' properties; @param state {area, gaps} kept by the page */
function matrixView({ departments, categories }, areas, state, redraw) {
  const meets = makeMeets(new Map(areas.map(({ code, parent }) => [code, parent])));
  const rows = categories.map((row) => ({
    ...row,
    cells: row.cells.filter((cell) => cell.areas.some((code) => meets(state.area, code))),
    gaps: row.gaps.filter((gap) => meets(state.area, gap.area)),
  }));
  const shown = rows.filter(({ gaps }) => !state.gaps || gaps.length);
  const used = departments.filter(({ code }) => rows.some(({ cells }) => cells.some((cell) => cell.department === code)));
  const cell = (row, { code }) => {
    const parts = [...new Set(row.cells.filter(({ department }) => department === code).map(({ part }) => part))];
    return el("td", {}, parts.map((part) => el("span", { title: term("part", part), "aria-label": term("part", part), role: "img" }, SHORT[part] ?? part)));
  };
  const line = (row) =>
    el("tr", { class: row.gaps.length ? "gap-row" : null }, el("th", { scope: "row" }, categoryName(row), row.gaps.length ? el("small", { class: "gap" }, gapWords(row.gaps)) : null), used.map((department) => cell(row, department)));
  const wide = areas.filter(({ level }) => ["DISTRICT", "SUBDISTRICT", "TOWNSHIP"].includes(level));
  const area = el("select", { class: "input", "aria-label": text("area"), onchange: (event) => ((state.area = event.target.value), redraw()) },
    el("option", { value: "" }, text("allAreas")), wide.map(({ code, name }) => el("option", { value: code, selected: code === state.area }, name)));
  const gaps = el("input", { type: "checkbox", id: "only-gaps", checked: state.gaps, onchange: (event) => ((state.gaps = event.target.checked), redraw()) });
  const legend = Object.entries(SHORT).map(([part, sign]) => el("span", {}, `${sign} ${term("part", part)}`));
  return [
    el("div", { class: "roster-filter" }, area, el("label", { class: "check", for: "only-gaps" }, gaps, " ", text("onlyGaps"))),
    el("p", { class: "quiet-text" }, text("matrixHint")), el("p", { class: "marks" }, legend),
    !shown.length ? el("p", { class: "state" }, text("noGaps")) : el("div", { class: "roster-scroll", role: "region", tabindex: 0, "aria-label": text("tabMatrix") }, el("table", { class: "grid matrix" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, text("categoryHead")), used.map(({ name }) => el("th", { scope: "col", class: name.length > LONG_NAME ? "long" : null }, name)))), el("tbody", {}, shown.map(line)))),
  ].filter(Boolean);
}

/** The matrix of a day. Short names stand for departments that share theirs with no other. */
export async function loadMatrix(roster, day, state, draw) {
  const coverage = await getJson("api/v1/roster/coverage", { at: day });
  const short = new Map(roster.departments.map(({ code, short_name }) => [code, short_name]));
  const times = (name) => coverage.departments.filter(({ code }) => short.get(code) === name).length;
  const departments = coverage.departments.map(({ code, name }) => ({ code, name: times(short.get(code)) === 1 && short.get(code) ? short.get(code) : name }));
  return matrixView({ ...coverage, departments }, [...roster.areas.values()], state, draw);
}
