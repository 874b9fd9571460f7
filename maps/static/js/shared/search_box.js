/** The search box: pasted coordinates with their datum, and what the service finds; by keyboard throughout. */

import { getJson } from "./api.js";
import { parsePair } from "./coordinates.js";
import { text } from "./language.js";
import { drawResults } from "./search_results.js";

const REST_MS = 160;
const FAILED = { absent: "searchAbsent", offline: "offlineTitle", refused: "listRefused", "not-ready": "notReadyTitle" };

/** @param onPick called with a result item or {kind: "coordinates", lon, lat, datum}; @returns {open, translate} */
export function makeSearchBox(onPick, example) {
  const form = document.getElementById("search-form");
  const input = document.getElementById("search-text");
  const datum = document.getElementById("search-datum");
  const box = document.getElementById("search-box");
  const list = document.getElementById("search-list");
  const error = document.getElementById("search-error");
  const note = document.getElementById("search-note");
  let options = [];
  let active = -1;
  let timer = null;
  let control = null;
  let asked = "";

  function say(node, words) {
    node.textContent = words;
    node.hidden = !words;
  }

  function setOpen(open) {
    box.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  function mark(index) {
    options[active]?.node.setAttribute("aria-selected", "false");
    active = index;
    const node = options[active]?.node;
    node?.setAttribute("aria-selected", "true");
    node?.scrollIntoView({ block: "nearest" });
    if (node) input.setAttribute("aria-activedescendant", node.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function pick(item) {
    setOpen(false);
    say(error, "");
    onPick(item.kind === "coordinates" ? { ...item, datum: item.datum ?? datum.value } : item);
  }

  function put(items, words = "") {
    options = drawResults(list, items, pick);
    say(note, words);
    mark(options.length ? 0 : -1);
    setOpen(Boolean(items.length || words || !error.hidden));
  }

  /** The pair that the text is, after showing what is wrong with it; null when it is none. */
  function readPair(written) {
    const pair = parsePair(written);
    datum.hidden = !pair;
    form.toggleAttribute("data-coordinates", Boolean(pair));
    say(error, pair?.swapped ? text("swapped", pair) : "");
    input.setAttribute("aria-invalid", String(Boolean(pair?.swapped)));
    return pair;
  }

  async function ask(written) {
    control?.abort();
    control = new AbortController();
    asked = written;
    const slow = setTimeout(() => put([], text("searching")), 250);
    try {
      const { items } = await getJson("api/v1/search", { q: written, limit: 20 }, control.signal);
      put(items, items.length ? "" : text("nothingFound", { words: written }));
    } catch (problem) {
      if (problem.name === "AbortError") return;
      put([], text(FAILED[problem.kind] ?? "searchFailed", { example: example() }));
    } finally {
      clearTimeout(slow);
    }
  }

  function read() {
    const written = input.value.trim();
    clearTimeout(timer);
    const pair = readPair(written);
    if (pair) {
      control?.abort();
      put(pair.swapped ? [] : [{ kind: "coordinates", name: `${pair.lon}, ${pair.lat}`, lon: pair.lon, lat: pair.lat, detail: datum.value }]);
    } else if (!written) {
      control?.abort();
      asked = "";
      put([]);
    } else timer = setTimeout(() => ask(written), REST_MS);
  }

  const KEYS = {
    ArrowDown: () => options.length && mark((active + 1) % options.length),
    ArrowUp: () => options.length && mark((active - 1 + options.length) % options.length),
    Escape: () => (box.hidden ? input.blur() : setOpen(false)),
  };
  input.addEventListener("input", read);
  datum.addEventListener("change", () => (read(), input.focus()));
  input.addEventListener("focus", () => input.value.trim() && (input.select(), read()));
  input.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const written = input.value.trim();
    if (!parsePair(written) && written && asked !== written) await ask(written);
    if (options[active]) pick(options[active].item);
  });
  document.addEventListener("pointerdown", (event) => !form.contains(event.target) && setOpen(false));
  return {
    open() {
      input.focus();
      input.select();
    },
    translate: () => !box.hidden && read(),
  };
}
