/** The page's language; texts are data in texts.js (sentences) and terms.js (the field's codes). */

import { TERMS } from "./terms.js";
import { TEXTS } from "./texts.js";

let current = "zh";

export function language() {
  return current;
}

/** Sentences of one page, beside those that all pages share. */
export function addTexts({ zh, en }) {
  Object.assign(TEXTS.zh, zh);
  Object.assign(TEXTS.en, en);
}

/** Codes of one page, beside those that all pages share. */
export const addTerms = (terms) => Object.assign(TERMS, terms);

/** "zh" or "en" from an address, else what the browser prefers. */
export function preferredLanguage(asked) {
  if (asked === "zh" || asked === "en") return asked;
  return (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The language as a part of the address of another page: {lang}, or nothing where that would speak it by itself. */
export function spokenPart() {
  const isNamed = new URLSearchParams(location.search).has("lang");
  return isNamed || current !== preferredLanguage(null) ? { lang: current } : {};
}

/** A sentence in the page's language with `{name}` filled in; `{number|incident|incidents}` is the word that goes with a number. */
export function text(key, values = {}) {
  return TEXTS[current][key].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, more) => (more === undefined ? String(values[name]) : Number(values[name]) === 1 ? one : more));
}

/** The word for a code of the field ("match", "INSIDE"); an unknown code is shown as it is. */
export function term(kind, code) {
  return TERMS[kind]?.[code]?.[current] ?? String(code);
}

/** Switch, and fill every element that names its text (`data-text`), label (`data-label`) or hint (`data-hint`). */
export function setLanguage(next) {
  current = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  translate(document);
}

export function translate(root) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = text(node.dataset.hint);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", text(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = text(node.dataset.label);
  }
}
