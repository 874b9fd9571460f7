/** The strip below the bar: another edition has come into force, or the page shows something else than what is so now. */

import { cityDay, el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { wallTime } from "../shared/times.js";

/** @param leave goes back to what is so now; @returns {show(change), translate} with `change` of `editions.js` */
export function makeEditionNotice(leave) {
  const node = document.getElementById("notice");
  let told = null;

  const button = (key, values, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key, values));

  function draw() {
    node.hidden = !told;
    node.replaceChildren();
    if (!told) return;
    const { edition, inForce, isPast, at } = told;
    const values = { number: edition.number, date: cityDay(edition.effective_from), now: inForce.number, at: at && wallTime(at) };
    const [words, back] = [at ? "noticeAt" : "noticePast", edition.number === inForce.number ? "noticeNow" : "noticeLeave"];
    const parts = isPast ? [text(words, values), button(back, values, leave)] : [text("noticeNews", values), button("close", {}, () => ((told = null), draw()))];
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
