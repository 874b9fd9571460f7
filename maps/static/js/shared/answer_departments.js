/** Who is competent: the lead as a card, others as rows, each with its rule in half a sentence; category and next step. */

import { listCategories } from "./api.js";
import { categoryOptions, keyOf } from "./categories.js";
import { el } from "./dom.js";
import { term, text } from "./language.js";

/** The rule in half a sentence: where the page can lead to it as a link, else with what it is about. */
function ruleText(department, { areas = [], cell = null }, link) {
  const words = term("rule", department.rule);
  const about = [...areas, cell].find((one) => one && one.code === department.rule_id);
  if (about) return text("ruleId", { rule: words, id: about.name || about.code });
  return link?.(department) ?? (department.rule_id ? text("ruleId", { rule: words, id: department.rule_id }) : words);
}

function leadCard(department, answer, { phone, rule }) {
  const call = el("p", { class: "card-call" });
  phone?.(call, "departments", department.code);
  return el(
    "div",
    { class: "card lead", id: `department-${department.code}`, tabindex: "-1" },
    el("p", { class: "card-role" }, term("part", department.part)),
    el("p", { class: "card-name" }, department.name),
    el("p", { class: "card-more" }, ruleText(department, answer, rule)),
    call,
  );
}

const row = (department, answer, { rule }) =>
  el("li", {}, el("span", {}, department.name), el("span", { class: "row-side" }, term("part", department.part)), el("small", {}, ruleText(department, answer, rule)));

export function departmentsPart(answer, picker, extras = {}) {
  const { departments, next_step } = answer;
  const lead = departments.find(({ part }) => part === "LEAD");
  const others = departments.filter((department) => department !== lead);
  const step = next_step && el("p", { class: "next-step" }, el("b", {}, term("next_step", next_step)), term("next_reason", next_step));
  return el(
    "section",
    { "data-part": "departments" },
    el("h3", {}, text("departmentsTitle")),
    picker,
    lead ? leadCard(lead, answer, extras) : null,
    others.length ? el("ul", { class: "rows" }, others.map((one) => row(one, answer, extras))) : null,
    step,
  );
}

/** The category picker: one element for the page's life, so that choosing keeps the focus. @returns {node, set, translate} */
export function makeCategoryPicker(onChange) {
  const select = el("select", { class: "input", id: "category", onchange: () => onChange(select.value || null) });
  const label = el("label", { for: "category" });
  const node = el("div", { class: "picker" }, label, select);
  let categories = [];
  let chosen = "";

  function fill() {
    label.textContent = text("category");
    const known = categories.some((category) => keyOf(category) === chosen);
    select.replaceChildren(
      el("option", { value: "" }, text("noCategory")),
      ...(chosen && !known ? [el("option", { value: chosen }, chosen)] : []),
      ...categoryOptions(categories),
    );
    select.value = chosen;
  }

  /** Without the list only the chosen one can be taken away. */
  async function load() {
    const known = await listCategories().catch(() => []);
    if (known === categories) return;
    categories = known;
    fill();
  }

  return {
    node,
    translate: fill,
    set(category) {
      chosen = category ?? "";
      fill();
      load();
    },
  };
}
