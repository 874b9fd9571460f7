/** One change of the roster in a dialog: what it would do and what the checks say of it first, then it is applied. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { changeRows } from "./data.js";
import { differenceView } from "./difference.js";

/**
 * @param about {title, fields: [nodes], plan() → changes or null where a field is to be mended first (it then has the focus),
 *   remove() → changes that take the thing back, or nothing}
 * @param seen the roster revision that the page shows; @param done called with the new revision; the dialog closes when
 *   the page shows it, so that nobody goes on from what was there before
 */
export function openChange({ title, fields, plan, remove }, seen, done) {
  const dialog = document.getElementById("change-dialog");
  const note = el("input", { id: "change-note", class: "input", maxlength: 500 });
  const found = el("div", { "aria-live": "polite" });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const button = (key, look, onclick, more = {}) => el("button", { class: look, type: "button", onclick, ...more }, text(key));
  const apply = button("apply", "primary", () => run(false), { disabled: true });
  const look = el("button", { class: "plain", type: "submit" }, text("preview"));
  let changes = [];
  let busy = false;

  function fail(words) {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.scrollIntoView({ block: "nearest" });
  }

  function forget() {
    changes = [];
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
      const answer = await changeRows(changes, { comment: note.value.trim(), preview, seen });
      if (!preview) {
        await done(answer.roster);
        dialog.close();
        return;
      }
      found.replaceChildren(differenceView(answer));
      apply.disabled = Boolean(answer.blocking) || !(answer.added.length + answer.changed.length + answer.removed.length);
      found.scrollIntoView({ block: "nearest" });
    } catch (problem) {
      fail(problem.status === 412 ? text("changedMeanwhile") : problem.message);
    } finally {
      busy = false;
    }
  }

  function preview(planned) {
    if (!planned) return;
    forget();
    changes = planned;
    if (changes.length) run(true);
    else found.replaceChildren(el("p", {}, text("nothingChanges")));
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
