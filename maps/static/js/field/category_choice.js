/** Choosing a category with one tap: those used lately first, the others found by a few letters. */

import { listCategories } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";

const KEPT = "gridsvc-recent-categories";
const RECENT = 6;
const SHOWN = 40;

let all = null;

/** Codes SCHEME:CODE of the last used ones, newest first. */
function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((code) => typeof code === "string") : [];
  } catch {
    return [];
  }
}

/** Remember a category as the last used one. */
export function rememberCategory(code) {
  try {
    localStorage.setItem(KEPT, JSON.stringify([code, ...recent().filter((other) => other !== code)].slice(0, RECENT)));
  } catch {
    // A browser that keeps nothing only loses the order.
  }
}

const nameOf = (category) => (language() === "zh" ? category.name : category.name_en || category.name);
const codeOf = ({ scheme, code }) => `${scheme}:${code}`;
const fits = (category, words) => `${category.name} ${category.name_en} ${category.code}`.toLowerCase().includes(words);

/** @param onChoose called with SCHEME:CODE; @returns an element that fills itself */
export function categoryChoice(onChoose) {
  const search = el("input", { type: "search", class: "field-search", placeholder: text("searchCategory"), "aria-label": text("searchCategory"), autocomplete: "off" });
  const list = el("div", { class: "field-categories", role: "radiogroup", "aria-label": text("chooseCategory") });
  let chosen = null;

  const button = (category) =>
    el("button", {
      type: "button", role: "radio", class: "field-category", "data-code": codeOf(category), "aria-checked": String(chosen === codeOf(category)),
      onclick: () => ((chosen = codeOf(category)), draw(), onChoose(chosen)),
    }, nameOf(category));

  function draw() {
    const words = search.value.trim().toLowerCase();
    const found = (all ?? []).filter((category) => fits(category, words));
    const order = recent();
    const first = words ? [] : order.map((code) => found.find((category) => codeOf(category) === code)).filter(Boolean);
    const rest = found.filter((category) => !first.includes(category)).slice(0, SHOWN);
    const heading = (key) => el("h3", {}, text(key));
    list.replaceChildren(
      ...(first.length ? [heading("recentFirst"), ...first.map(button)] : []),
      ...(rest.length ? [heading("allCategories"), ...rest.map(button)] : []),
      ...(found.length ? [] : [el("p", { class: "field-note" }, text(all ? "noCategoryFound" : "locating"))]),
    );
  }

  search.addEventListener("input", draw);
  draw();
  (all ? Promise.resolve(all) : listCategories())
    .then((categories) => ((all = categories), draw()))
    .catch(() => ((all = null), list.replaceChildren(el("p", { class: "field-note" }, text("offlineTitle")))));
  return el("section", {}, search, list);
}
