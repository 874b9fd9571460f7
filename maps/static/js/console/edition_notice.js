/** The strip below the bar: another edition has come into force, or the page shows something else than what is so now. */

import { cityDay, el } from "../shared/dom.js";
import { text } from "../shared/language.js";

/** @param leave goes back to what is so now; @returns {show(change), translate} with `change` of `editions.js` */
export function makeEditionNotice(leave) {
  const node = document.getElementById("notice");
  let told = null;

  const button = (key, values, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key, values));

  function draw() {
    node.hidden = !told;
    node.replaceChildren();
    if (!told) return;
    const { edition, inForce, isPast } = told;
    const values = { number: edition.number, date: cityDay(edition.effective_from), now: inForce.number };
    const parts = isPast ? [text("noticePast", values), button("noticeLeave", values, leave)] : [text("noticeNews", values), button("close", {}, () => ((told = null), draw()))];
    node.append(el("span", {}, parts[0]), parts[1]);
  }

  return {
    show(change) {
      told = change.isPast || change.isNews ? change : null;
      draw();
    },
    translate: draw,
  };
}
