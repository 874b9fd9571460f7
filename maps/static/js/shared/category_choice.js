/** Choosing a category: the recent ones first, the rest found by typing a code or a word in either language. */

import { listCategories } from "./api.js";
import { el } from "./dom.js";
import { language, term, text } from "./language.js";

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

const keyOf = ({ scheme, code }) => `${scheme}:${code}`;
export const categoryName = (category) => (language() === "en" ? category.name_en || category.name : category.name);

/**
 * By keyboard: Enter takes the first one that fits what is typed, the down arrow goes into the list.
 * @param chosen "SCHEME:CODE", null for none, undefined while nothing is said; @param name of the radio group
 * @returns {node, value(), unsettled(), focus, setDisabled}; `unsettled` is what is typed and fits no chosen category, or ""
 */
export function makeCategoryChoice(chosen, name, onChange = () => {}) {
  let value = chosen === null ? "" : chosen;
  let categories = [];
  const search = el("input", { class: "input", type: "search", maxlength: 60, "aria-label": text("findCategory"), placeholder: text("findCategory"), oninput: () => draw(), onkeydown: (event) => take(event) });
  const list = el("div", { class: "choices", role: "radiogroup", "aria-label": text("category") });
  const node = el("fieldset", { class: "field category-choice" }, el("legend", {}, text("category")), search, list);

  function option(key, code, words, kind) {
    const input = el("input", { type: "radio", name, value: key, checked: key === value, onchange: () => ((value = key), onChange(key || null)) });
    return el("label", { class: "choice" }, input, el("span", { class: "choice-words" }, words), el("small", {}, [code, kind].filter(Boolean).join(" · ")));
  }

  const typed = () => search.value.trim().toLowerCase();
  const fits = ({ code, name: zh, name_en: en, major, minor }) => [code, zh, en, major, minor].some((word) => String(word ?? "").toLowerCase().includes(typed()));

  function wanted() {
    const recent = readRecent();
    const rank = (category) => {
      const key = keyOf(category);
      if (key === value) return -1;
      const at = recent.indexOf(key);
      return at < 0 ? RECENT + (category.kind === "COMPONENT" ? 1 : 0) : at;
    };
    return categories.filter((category) => !typed() || fits(category)).sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  }

  /** Choose the first that fits; Enter never sends the form from here. */
  function take(event) {
    if (!["Enter", "ArrowDown"].includes(event.key) || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const radio = typed() || event.key === "ArrowDown" ? list.querySelector("input") : null;
    if (!radio) return;
    radio.click();
    if (event.key === "ArrowDown") radio.focus();
    else list.scrollTop = 0;
  }

  function draw() {
    const found = wanted();
    const none = search.value.trim() ? null : option("", "", text("noCategory"), "");
    const rows = found.map((category) => option(keyOf(category), category.code, categoryName(category), term("kind", category.kind)));
    const unknown = value && !categories.some((category) => keyOf(category) === value) ? option(value, value, value, "") : null;
    list.replaceChildren(...[unknown, ...rows, none].filter(Boolean));
    if (!found.length && search.value.trim()) list.append(el("p", { class: "crumbs" }, text("nothingFound", { words: search.value.trim() })));
  }

  draw();
  listCategories().then((all) => ((categories = all), draw()), () => {});
  return {
    node,
    value: () => value || null,
    unsettled: () => (typed() && !categories.some((one) => keyOf(one) === value && fits(one)) ? search.value.trim() : ""),
    focus: () => search.focus(),
    setDisabled: (disabled) => (node.disabled = disabled),
  };
}
