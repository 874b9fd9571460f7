/** A field that finds one of many by a few letters of its words or by its code. */

import { el } from "../shared/dom.js";

const MOST_OPTIONS = 200;

/** @param items [{code, words}]; @param chosen a code; @returns {node, input, value() a code or null, isUnknown()} */
export function findField(id, label, items, { chosen = null, hint = "", required = false } = {}) {
  const known = items.find(({ code }) => code === chosen);
  const written = ({ words, code }) => `${words} · ${code}`;
  const input = el("input", { id, class: "input", list: `${id}-list`, autocomplete: "off", placeholder: hint, required, value: known ? written(known) : chosen });
  const list = el("datalist", { id: `${id}-list` });
  const fill = () => {
    const typed = input.value.trim().toLowerCase();
    list.replaceChildren(...items.filter((item) => written(item).toLowerCase().includes(typed)).slice(0, MOST_OPTIONS).map((item) => el("option", { value: written(item) })));
  };
  input.addEventListener("input", fill);
  fill();
  const value = () => items.find((item) => written(item) === input.value.trim() || item.code === input.value.trim())?.code ?? null;
  return { node: el("div", { class: "field" }, el("label", { for: id }, label), input, list), input, value, isUnknown: () => Boolean(input.value.trim()) && !value() };
}

export const peopleItems = (people) => people.map(({ code, name }) => ({ code, words: name }));
