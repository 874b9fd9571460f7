/** One change of the roster in a dialog: what it would do and what the checks say of it first, then it is applied. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { differenceView, isNothing } from "./difference.js";
import { writeOwn } from "./own_writes.js";
import { reasonWords } from "./states.js";

/**
 * @param about {title, fields: [nodes], plan(fail) → what sends the change, or null where a field is to be mended first (it
 *   then has the focus), remove() → what sends the taking back, or nothing}; see `rowChanges` and `handover` of data.js
 * @param roster that the page shows; @param done called with the new revision; the dialog closes when the page shows it,
 *   so that nobody goes on from what was there before
 */
export function openChange({ title, fields, plan, remove }, roster, done) {
  const dialog = document.getElementById("change-dialog");
  const note = el("input", { id: "change-note", class: "input", maxlength: 500 });
  const found = el("div", { "aria-live": "polite" });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const button = (key, look, onclick, more = {}) => el("button", { class: look, type: "button", onclick, ...more }, text(key));
  const apply = button("apply", "primary", () => run(false), { disabled: true });
  const look = el("button", { class: "plain", type: "submit" }, text("preview"));
  let send = null;
  let busy = false;

  function fail(words) {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.scrollIntoView({ block: "nearest" });
  }

  function forget() {
    send = null;
    apply.disabled = true;
    found.replaceChildren();
    fail("");
  }

  async function run(preview) {
    if (busy) return;
    busy = true;
    apply.disabled = true;
    fail("");
    try {
      const asked = send;
      const order = { comment: note.value.trim(), preview };
      if (!preview) {
        await writeOwn(async () => done((await asked(order)).roster));
        dialog.close();
        return;
      }
      const answer = await asked(order);
      // What was typed meanwhile asks for another look.
      if (asked !== send) return;
      found.replaceChildren(differenceView(answer, roster));
      apply.disabled = Boolean(answer.blocking) || isNothing(answer);
      found.scrollIntoView({ block: "nearest" });
    } catch (problem) {
      fail(reasonWords(problem));
    } finally {
      busy = false;
    }
  }

  function preview(planned) {
    if (!planned) return;
    forget();
    send = planned;
    run(true);
  }

  dialog.replaceChildren(
    el("h2", { id: "change-title" }, title),
    el("form", { class: "form", onsubmit: (event) => (event.preventDefault(), preview(plan(fail))), oninput: (event) => event.target !== note && forget() },
      fields,
      el("div", { class: "field" }, el("label", { for: "change-note" }, text("reason")), note),
      error, found,
      el("div", { class: "form-actions" }, look, apply, remove ? button("remove", "plain", () => preview(remove())) : null, button("cancel", "quiet", () => dialog.close()))),
  );
  dialog.showModal();
}
