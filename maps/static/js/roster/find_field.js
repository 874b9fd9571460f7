/** A field that finds one of many by name or code; suggestions stand below it, taken by mouse, touch or arrow keys. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

const MOST_SHOWN = 50;
const plain = (words) => words.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

/**
 * @param items [{code, words, more}]: `words` is the name, `more` what tells two of the same name apart
 * @returns {node, input, value() a code or null, problem() what is wrong with what was written, or null}
 */
export function findField(id, label, items, { chosen = null, hint = "", required = false } = {}) {
  const written = ({ words, code }) => `${words} · ${code}`;
  const known = items.find(({ code }) => code === chosen);
  const all = items.map((item) => ({ item, name: plain(item.words), code: plain(item.code), whole: plain(written(item)) }));
  const input = el("input", { id, class: "input", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`, autocomplete: "off", placeholder: hint, required, value: known ? written(known) : chosen });
  const list = el("ul", { id: `${id}-list`, class: "suggestions", role: "listbox", "aria-label": label, hidden: true });
  let offered = [];
  let active = -1;
  let taking = false;

  /** Who is meant: whoever has the code or was taken from the list, else all of the name. */
  function meant() {
    const typed = plain(input.value);
    if (!typed) return [];
    const exact = all.find(({ code, whole }) => code === typed || whole === typed);
    return exact ? [exact] : all.filter(({ name }) => name === typed);
  }

  /** Those that begin as it is written first; everybody while what stands there was taken from the list. */
  function fitting() {
    const typed = plain(input.value);
    if (!typed || all.some(({ whole }) => whole === typed)) return all;
    const begins = ({ name, code }) => name.startsWith(typed) || code.startsWith(typed);
    const found = all.filter(({ whole }) => whole.includes(typed));
    return [...found.filter(begins), ...found.filter((each) => !begins(each))];
  }

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(item) {
    input.value = written(item);
    close();
    taking = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    taking = false;
  }

  function mark(next) {
    active = next;
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === active)));
    if (active < 0) return;
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  const option = ({ words, code, more }, index) =>
    el("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: () => take(offered[index]) }, el("span", {}, words), el("small", {}, [code, more].filter(Boolean).join(" · ")));

  function open() {
    offered = fitting().slice(0, MOST_SHOWN).map(({ item }) => item);
    const none = el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text("noneCalled"));
    list.replaceChildren(...(offered.length ? offered.map(option) : [none]));
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    list.scrollIntoView({ block: "nearest" });
  }

  function onkeydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open();
      if (offered.length) mark((active + step + offered.length + (active < 0 && step < 0 ? 1 : 0)) % offered.length);
    } else if (!list.hidden && (event.key === "Escape" || (event.key === "Enter" && active >= 0))) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") take(offered[active]);
      else close();
    }
  }

  input.addEventListener("input", () => taking || open());
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("keydown", onkeydown);
  input.addEventListener("blur", close);
  const count = () => meant().length;
  return {
    node: el("div", { class: "field find" }, el("label", { for: id }, label), input, list),
    input,
    value: () => (count() === 1 ? meant()[0].item.code : null),
    problem() {
      const words = input.value.trim();
      if (!words || count() === 1) return null;
      return count() ? text("severalCalled", { words, count: count() }) : text("nobodyCalled", { words });
    },
  };
}

/** People to find, told apart by where they belong. */
export function peopleItems({ people, departments }) {
  const names = new Map(departments.map(({ code, name }) => [code, name]));
  return people.map(({ code, name, belongs_to: home }) => ({ code, words: name, more: names.get(home) ?? home }));
}
