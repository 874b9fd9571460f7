/** Keys of a page and the dialog that lists them; none of them fires while something is being typed or a dialog is open. */

import { el } from "./dom.js";
import { text } from "./language.js";

/** @param rows [[key, label]] in the page's words */
export function fillHelp(rows) {
  const nodes = rows.flatMap(([key, label]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text(label))]);
  document.getElementById("help-keys").replaceChildren(...nodes);
}

/**
 * @param keys by key what it does with the event; @param search opens the search, which Ctrl-K does from anywhere
 * @param counts(key) whether it does anything just now
 */
export function listenToKeys(keys, search, counts = () => true) {
  const help = document.getElementById("help");
  const all = { "/": search, "?": () => help.showModal(), ...keys };
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || !counts(event.key)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
      return;
    }
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (typing && event.key !== "Escape")) return;
    const act = all[event.key];
    // What was written into a form is not thrown away by one key.
    if (!act || (typing && event.target.closest(".form"))) return;
    // A key that leads to a field is not written into it.
    if (event.key.length === 1) event.preventDefault();
    act(event);
  });
}
