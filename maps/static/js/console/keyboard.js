/** Keys of the page; none of them fires while something is being typed. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

const HELP = [
  ["Enter", "keyClick"],
  ["← ↑ → ↓", "keyArrows"],
  ["c", "keyCross"],
  ["/", "keyPlace"],
  ["]", "keyPanel"],
  ["Esc", "keyClear"],
  ["?", "keyHelp"],
];

export function fillHelp() {
  const rows = HELP.flatMap(([key, label]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text(label))]);
  document.getElementById("help-keys").replaceChildren(...rows);
}

/** @param actions {askCentre, clear, openPlace, togglePanel} */
export function listenToKeys(map, actions) {
  const frame = document.querySelector(".map-frame");
  const container = map.getContainer();
  const help = document.getElementById("help");
  const crosshair = () => frame.hasAttribute("data-crosshair") || container.matches(":focus-visible");
  const keys = {
    Enter: (event) => (event.target === container || event.target === document.body) && crosshair() && actions.askCentre(),
    c: () => frame.toggleAttribute("data-crosshair"),
    "/": () => actions.openPlace(),
    "]": () => actions.togglePanel(),
    Escape: () => actions.clear(),
    "?": () => help.showModal(),
  };
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (help.open || event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
    const act = keys[event.key];
    if (!act) return;
    if (event.key === "/") event.preventDefault();
    act(event);
  });
}
