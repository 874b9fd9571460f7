/** The left panel's tab for zones and lines: two ways to begin, and what it is good for. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

/** @param start(form) begins to draw; @returns {translate} */
export function makeZonePanel(start) {
  const host = document.getElementById("view-zone");
  function draw() {
    const button = (form, key) => el("button", { class: "plain", type: "button", onclick: () => start(form) }, text(key));
    host.replaceChildren(
      el("section", { class: "state" }, el("h2", {}, text("zoneStart")), el("p", {}, text("zoneStartMore")), el("div", { class: "form-actions" }, button("polygon", "drawZone"), button("line", "drawLine")), el("p", {}, text("zoneKeys"))),
    );
  }
  draw();
  return { translate: draw };
}
