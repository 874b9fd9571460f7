/** Category × department: who leads, assists, owns and maintains in an area, and where nobody leads. */

import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";

const SHORT = { LEAD: "●", ASSIST: "○", OWNER: "◇", MAINTAINER: "△", COMPETENT: "□" };

const categoryName = (row) => (language() === "zh" ? row.name : row.name_en || row.name);
const keyOf = ({ scheme, code }) => `${scheme}:${code}`;

/** The competences that hold in an area or above it: codes of areas contain those of their parents. */
const applies = (row, area) => !area || area.startsWith(row.area) || row.area.startsWith(area);

/** @param state {area, gaps} kept by the page */
export function matrixView({ categories, competences, departments, areas }, state, redraw) {
  state.area ||= areas[0]?.code ?? "";
  const inArea = competences.filter((row) => applies(row, state.area));
  const used = departments.filter(({ code }) => inArea.some((row) => row.department === code));
  const cells = new Map();
  for (const row of inArea) {
    const name = `${row.category} ${row.department}`;
    cells.set(name, new Set([...(cells.get(name) ?? []), row.part]));
  }
  const led = new Set(inArea.filter(({ part }) => part === "LEAD").map(({ category }) => category));
  const shown = categories.filter((row) => !state.gaps || !led.has(keyOf(row)));
  const cell = (category, department) => {
    const parts = [...(cells.get(`${keyOf(category)} ${department.code}`) ?? [])];
    return el("td", {}, parts.map((part) => el("span", { title: term("part", part), "aria-label": term("part", part), role: "img" }, SHORT[part] ?? part)));
  };
  const line = (category) => {
    const gap = !led.has(keyOf(category));
    return el("tr", { class: gap ? "gap-row" : null }, el("th", { scope: "row" }, categoryName(category), gap ? el("small", { class: "gap" }, text("missingLead")) : null), used.map((department) => cell(category, department)));
  };
  const area = el("select", { class: "input", "aria-label": text("area"), onchange: (event) => ((state.area = event.target.value), redraw()) },
    areas.map(({ code, name }) => el("option", { value: code, selected: code === state.area }, name)));
  const gaps = el("input", { type: "checkbox", id: "only-gaps", checked: state.gaps, onchange: (event) => ((state.gaps = event.target.checked), redraw()) });
  const legend = Object.entries(SHORT).map(([part, sign]) => el("span", {}, `${sign} ${term("part", part)}`));
  return [
    el("div", { class: "roster-filter" }, area, el("label", { class: "check", for: "only-gaps" }, gaps, " ", text("onlyGaps"))),
    el("p", { class: "quiet-text" }, text("matrixHint")), el("p", { class: "marks" }, legend),
    el("div", { class: "roster-scroll" }, el("table", { class: "grid matrix" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, text("categoryHead")), used.map(({ name, short_name }) => el("th", { scope: "col", title: name }, short_name || name)))), el("tbody", {}, shown.map(line)))),
  ];
}
