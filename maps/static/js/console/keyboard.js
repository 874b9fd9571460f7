/** Keys of the page; none of them fires while something is being typed or a dialog is open. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

const HELP = [
  ["/", "keySearch"],
  ["n", "keyNew"],
  ["j k", "keyList"],
  ["Enter", "keyEnter"],
  ["c", "keyCross"],
  ["← ↑ → ↓", "keyArrows"],
  ["[ ]", "keyPanels"],
  ["Esc", "keyClear"],
  ["?", "keyHelp"],
];

export function fillHelp() {
  const rows = HELP.flatMap(([key, label]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text(label))]);
  document.getElementById("help-keys").replaceChildren(...rows);
}

/** @param actions {askCentre, escape, search, record, step(by), togglePanel, toggleInspector} */
export function listenToKeys(map, actions) {
  const frame = document.querySelector(".map-frame");
  const container = map.getContainer();
  const help = document.getElementById("help");
  const root = document.documentElement;
  const crosshair = () => frame.hasAttribute("data-crosshair") || (root.hasAttribute("data-keyboard") && container.matches(":focus"));
  const keys = {
    Enter: (event) => (event.target === container || event.target === document.body) && crosshair() && actions.askCentre(),
    c: () => frame.toggleAttribute("data-crosshair"),
    "/": () => actions.search(),
    n: () => actions.record(),
    j: () => actions.step(1),
    k: () => actions.step(-1),
    "[": () => actions.togglePanel(),
    "]": () => actions.toggleInspector(),
    Escape: () => actions.escape(),
    "?": () => help.showModal(),
  };
  // A click focuses the map too, and should not show what is meant for the keyboard.
  document.addEventListener("pointerdown", () => root.removeAttribute("data-keyboard"), true);
  document.addEventListener("keydown", () => root.setAttribute("data-keyboard", ""), true);
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      actions.search();
      return;
    }
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (typing && event.key !== "Escape")) return;
    const act = keys[event.key];
    // What was written into a form is not thrown away by one key.
    if (!act || (typing && event.target.closest(".form"))) return;
    if (event.key === "/" || event.key === "n") event.preventDefault();
    act(event);
  });
}
