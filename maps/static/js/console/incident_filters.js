/** Which incidents are wanted: the filter row above the list, the parameters for the service, and the same test for live ones. */

import { listCategories } from "../shared/api.js";
import { categoryOptions, keyOf } from "../shared/categories.js";
import { el } from "../shared/dom.js";
import { term, text, translate } from "../shared/language.js";
import { onSession, session } from "../shared/session.js";
import { categoryKey, learnCategories } from "./incident_terms.js";

const HOURS = { day: 24, week: 24 * 7, month: 24 * 30, all: null };
export const STANDARD = { q: "", state: "", about: "", period: "week", mine: "", inview: "" };
const TYPING_MS = 250;

function since({ period }) {
  const hours = HOURS[period];
  return hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : null;
}

/** Filters as the list route's parameters. */
export const parametersOf = (filters) => ({ from: since(filters), category: filters.about, state: filters.state, q: filters.q, mine: filters.mine ? "true" : null });

/** Whether an incident was reported within the chosen period. */
export function isRecent(incident, filters) {
  const from = since(filters);
  return !from || Date.parse(incident.reported_at) >= Date.parse(from);
}

/** Whether an incident that came live belongs into the list. */
export function isWanted(incident, filters) {
  const words = [incident.number, incident.description, incident.address].join("\n").toLowerCase();
  return (
    isRecent(incident, filters) &&
    (!filters.about || categoryKey(incident) === filters.about) &&
    (!filters.state || incident.state === filters.state) &&
    (!filters.mine || incident.made_by === session().login) &&
    (!filters.q || words.includes(filters.q.toLowerCase()))
  );
}

/** @param onChange called with the filters; @param onNames once the names of categories are known; @returns {node, set, translate, words} */
export function makeFilters(onChange, onNames) {
  let filters = { ...STANDARD };
  let categories = [];
  let timer = null;
  const change = (name, value) => {
    filters = { ...filters, [name]: value };
    onChange(filters);
  };
  const select = (name, label, options) =>
    el("select", { class: "input", name, "data-label": label, onchange: (event) => change(name, event.target.value) }, options);
  const option = (value, key) => el("option", { value, "data-text": key });
  const words = el("input", {
    class: "input",
    name: "q",
    type: "search",
    maxlength: 100,
    "data-hint": "filterWords",
    "data-label": "filterWords",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => change("q", words.value.trim()), TYPING_MS);
    },
  });
  const period = select("period", "filterPeriod", [option("day", "periodDay"), option("week", "periodWeek"), option("month", "periodMonth"), option("all", "periodAll")]);
  const state = select("state", "filterState", [option("", "anyState")]);
  const about = select("about", "filterCategory", [option("", "anyCategory")]);
  const box = (name, key) => el("label", { class: "check" }, el("input", { type: "checkbox", name, onchange: (event) => change(name, event.target.checked ? "1" : "") }), el("span", { "data-text": key }));
  const [mine, inview] = [box("mine", "onlyMine"), box("inview", "onlyInView")];
  const node = el("form", { class: "filters", "data-label": "filters", onsubmit: (event) => event.preventDefault() }, words, period, about, state, el("div", { class: "filter-checks" }, inview, mine));

  function fill() {
    const isKnown = !filters.about || categories.some((one) => keyOf(one) === filters.about);
    about.replaceChildren(option("", "anyCategory"), ...(isKnown ? [] : [el("option", { value: filters.about }, filters.about)]), ...categoryOptions(categories));
    state.replaceChildren(option("", "anyState"), ...["REPORTED"].map((code) => el("option", { value: code }, term("state", code))));
    translate(node);
    for (const [field, name] of [[words, "q"], [period, "period"], [state, "state"], [about, "about"]]) field.value = filters[name];
    for (const [label, name] of [[mine, "mine"], [inview, "inview"]]) label.firstChild.checked = Boolean(filters[name]);
    mine.hidden = !session().login && !filters.mine;
  }

  async function load() {
    const known = await listCategories().catch(() => categories);
    if (known === categories) return;
    categories = known;
    learnCategories(categories);
    onNames();
    fill();
  }

  onSession(() => fill());
  return {
    node,
    set(next) {
      filters = { ...STANDARD, ...Object.fromEntries(Object.entries(next).filter(([, value]) => value)) };
      if (!(filters.period in HOURS)) filters.period = STANDARD.period;
      fill();
      load();
      return filters;
    },
    translate: fill,
    /** What is filtered by, in words; whether it lies in view is for the caller to say. */
    words() {
      const chosen = [[filters.period !== "all", period], [filters.about, about], [filters.state, state]].filter(([is]) => is).map(([, field]) => field.selectedOptions[0]?.textContent);
      return [...chosen, filters.q && `“${filters.q}”`, filters.mine && text("onlyMine")].filter(Boolean);
    },
  };
}

/** Filters as parts of the address: what is standard is left out. */
export const filterParts = (filters) => Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value === STANDARD[name] ? null : value]));
