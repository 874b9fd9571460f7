/** The left panel with its tabs, the folding of both panels, and on narrow screens which of them the sheet shows. */

import { writeAddress } from "./address.js";
import { text } from "../shared/language.js";
import { isBarred, onSession } from "../shared/session.js";
import { isSheet } from "../shared/sheet.js";

const TABS = ["incidents", "table", "zone"];
/** What the inspector shows, by the kind of what is selected. */
const TITLES = { place: "answer", shape: "zoneTitle", incident: "titleIncident", cell: "cellLabel", area: "titleArea", segment: "titleSegment", component: "titleComponent", row: "titleRow" };

/** A list that the reader's role may not read is not offered. */
const isOffered = (name) => name !== "incidents" || !isBarred("READ_INCIDENTS");

/** @param onTab called with the name of the tab that is opened; @returns {open(tab), toggle, toggleInspector, showSelection, tab} */
export function makePanel({ keepStill, onTab }) {
  const stage = document.getElementById("main");
  const unfold = document.getElementById("panel-unfold");
  const head = document.getElementById("inspector-head");
  const title = document.getElementById("inspector-title");
  const tabs = TABS.map((name) => document.getElementById(`tab-${name}`));
  let current = "incidents";

  function open(name, { push = true } = {}) {
    current = TABS.includes(name) && isOffered(name) ? name : TABS.find(isOffered);
    keepStill(() => (stage.dataset.tab = current));
    for (const tab of tabs) {
      const chosen = tab.id === `tab-${current}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (push) writeAddress({ tab: current === "incidents" ? null : current });
    onTab(current);
  }

  function fold(closed) {
    if (isSheet()) return;
    keepStill(() => (stage.dataset.panel = closed ? "closed" : "open"));
    unfold.hidden = !closed;
  }

  function step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const offered = tabs.filter(({ hidden }) => !hidden);
    const at = offered.indexOf(event.target);
    if (!by || at < 0) return;
    const next = offered[(at + by + offered.length) % offered.length];
    next.focus();
    open(next.id.slice(4));
  }

  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab.id.slice(4)));
    tab.addEventListener("keydown", step);
  }
  document.getElementById("panel-fold").addEventListener("click", () => (fold(true), unfold.focus()));
  unfold.addEventListener("click", () => (fold(false), tabs.find((tab) => tab.tabIndex === 0).focus()));
  onSession(() => {
    for (const tab of tabs) tab.hidden = !isOffered(tab.id.slice(4));
    if (!isOffered(current)) open(current, { push: false });
  });
  if (matchMedia("(900px <= width < 1200px)").matches) fold(true);

  return {
    open,
    tab: () => current,
    toggle: () => fold(stage.dataset.panel !== "closed"),
    toggleInspector() {
      if (isSheet()) return;
      keepStill(() => (stage.dataset.inspector = stage.dataset.inspector === "closed" ? "open" : "closed"));
    },
    /** Something is selected or nothing is: the inspector comes back when it was folded. */
    showSelection(selected) {
      const folded = stage.dataset.inspector === "closed";
      if (selected && folded) keepStill(() => (stage.dataset.inspector = "open"));
      stage.toggleAttribute("data-selected", Boolean(selected));
      head.hidden = !selected;
      if (!selected) return;
      title.dataset.text = TITLES[selected.kind];
      title.textContent = text(TITLES[selected.kind]);
    },
  };
}
