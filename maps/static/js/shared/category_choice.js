/** Choosing a category, or several: the recent ones first, the rest found by typing a code or a word in either language. */

import { listCategories } from "./api.js";
import { categoryName, inOrder, keyOf } from "./categories.js";
import { el } from "./dom.js";
import { term, text } from "./language.js";

const KEPT = "gridsvc-recent-categories";
const RECENT = 6;
const SHOWN = 40;

function readRecent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((key) => typeof key === "string").slice(0, RECENT) : [];
  } catch {
    return [];
  }
}

/** Put a category first among the recent ones. */
export function rememberCategory(key) {
  if (!key) return;
  try {
    localStorage.setItem(KEPT, JSON.stringify([key, ...readRecent().filter((one) => one !== key)].slice(0, RECENT)));
  } catch {
    /* A browser that keeps nothing still works. */
  }
}

const ONE = { type: "radio", legend: "category", none: "noCategory" };
const SEVERAL = { type: "checkbox", legend: "forMatters", none: "allMatters" };

/** One category. @param chosen "SCHEME:CODE", null for none, undefined while nothing is said; @returns as `makeChoice`, and value() */
export function makeCategoryChoice(chosen, name, onChange = () => {}) {
  const choice = makeChoice(chosen === undefined ? [] : [chosen ?? ""], name, ONE, onChange);
  return { ...choice, value: () => choice.keys()[0] ?? null };
}

/** Any number of categories, none being all of them. @returns as `makeChoice` */
export const makeCategoriesChoice = (chosen, name) => makeChoice(chosen.length ? chosen : [""], name, SEVERAL);

/**
 * By keyboard: Enter takes the first one that fits what is typed, the down arrow goes into the list.
 * @param chosen "SCHEME:CODE" each, or "" for none of them; @param name of the inputs
 * @returns {node, keys(), unsettled(), focus, setDisabled}; `unsettled` is what is typed and fits no chosen category, or ""
 */
function makeChoice(chosen, name, { type, legend, none }, onChange = () => {}) {
  const isOne = type === "radio";
  let picked = new Set(chosen);
  let categories = [];
  const search = el("input", { class: "input", type: "search", maxlength: 60, "aria-label": text("findCategory"), placeholder: text("findCategory"), oninput: () => draw(), onkeydown: (event) => take(event) });
  const list = el("div", { class: "choices", role: isOne ? "radiogroup" : "group", "aria-label": text(legend) });
  const node = el("fieldset", { class: "field category-choice" }, el("legend", {}, text(legend)), search, list);

  /** Of several, one more or one less; choosing none of them, or all, takes the others away. */
  function pick(key) {
    const kept = isOne || !key ? [] : [...picked].filter((each) => each && each !== key);
    picked = new Set(picked.has(key) && !isOne ? kept : [...kept, key]);
    if (!picked.size) picked.add("");
    for (const input of list.querySelectorAll("input")) input.checked = picked.has(input.value);
    onChange(key || null);
  }

  function option(key, code, words, kind) {
    const input = el("input", { type, name, value: key, checked: picked.has(key), onchange: () => pick(key) });
    return el("label", { class: "choice" }, input, el("span", { class: "choice-words" }, words), el("small", {}, [code, kind].filter(Boolean).join(" · ")));
  }

  const keys = () => [...picked].filter(Boolean);
  const typed = () => search.value.trim().toLowerCase();
  const fits = ({ code, name: zh, name_en: en, major, minor }) => [code, zh, en, major, minor].some((word) => String(word ?? "").toLowerCase().includes(typed()));

  function wanted() {
    const recent = readRecent();
    const rank = (category) => {
      const key = keyOf(category);
      if (picked.has(key)) return -1;
      const at = recent.indexOf(key);
      return at < 0 ? RECENT : at;
    };
    return inOrder(categories).filter((category) => !typed() || fits(category)).sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  }

  /** Choose the first that fits; Enter never sends the form from here. */
  function take(event) {
    if (!["Enter", "ArrowDown"].includes(event.key) || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const arrow = event.key === "ArrowDown";
    const first = list.querySelector(isOne || arrow ? "input" : "input:not(:checked)");
    if (!first || !(typed() || arrow)) return;
    if (isOne || !arrow) first.click();
    if (arrow) return first.focus();
    // Of several the next is looked for, with those that are chosen in sight.
    if (!isOne) {
      search.value = "";
      draw();
    }
    list.scrollTop = 0;
  }

  function draw() {
    const found = wanted();
    const nothing = search.value.trim() ? null : option("", "", text(none), "");
    const rows = found.map((category) => option(keyOf(category), category.code, categoryName(category), term("kind", category.kind)));
    const unknown = keys().filter((key) => !categories.some((category) => keyOf(category) === key)).map((key) => option(key, key, key, ""));
    list.replaceChildren(...(isOne ? [...unknown, ...rows, nothing] : [nothing, ...unknown, ...rows]).filter(Boolean));
    if (!found.length && search.value.trim()) list.append(el("p", { class: "crumbs" }, text("nothingFound", { words: search.value.trim() })));
  }

  draw();
  listCategories().then((all) => ((categories = all), draw()), () => {});
  return {
    node,
    keys,
    unsettled: () => (typed() && !categories.some((one) => picked.has(keyOf(one)) && fits(one)) ? search.value.trim() : ""),
    focus: () => search.focus(),
    setDisabled: (disabled) => (node.disabled = disabled),
  };
}
