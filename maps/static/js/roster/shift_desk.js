/** The week's shifts with what can be done to them; a move is written at once and can be taken back as fast. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { changeRows, readTable } from "./data.js";
import { addDays } from "./days.js";
import { givenTo, movedBy, openShiftForm } from "./shift_form.js";
import { shiftsView } from "./shifts.js";

/** @param page {roster(), state() with `monday` and `day`, canWrite(), redraw(), changed(revision), say(words)} */
export function makeShiftDesk(page) {
  let note = null;
  let focused = null;
  let moving = false;
  let seen = 0;

  async function write(row, words, undo) {
    if (moving) return;
    moving = true;
    try {
      const answer = await changeRows([{ table: "shifts", key: row.code, row }], { preview: false, seen });
      seen = answer.roster;
      note = { words, undo };
    } catch (problem) {
      note = { words: problem.status === 412 ? text("changedMeanwhile") : problem.message, failed: true };
    } finally {
      moving = false;
    }
    const told = note;
    focused = row.code;
    await page.redraw();
    if (!told.failed) page.say(told.words);
  }

  function put(shift, owner, days) {
    const row = movedBy(givenTo(shift, owner), days);
    const words = text("shiftMoved", { owner: owner.words, time: `${addDays(shift.starts_at.slice(0, 10), days)} ${shift.starts_at.slice(11, 16)}` });
    return write(row, words, () => write(shift, text("shiftMovedBack"), null));
  }

  function noteView() {
    if (!note) return null;
    const { words, undo, failed } = note;
    note = null;
    return el("p", { class: failed ? "form-error" : "move-note", role: failed ? "alert" : null }, words, " ", undo ? el("button", { class: "link", type: "button", onclick: undo }, text("undo")) : null);
  }

  return {
    async view() {
      const { monday, day } = page.state();
      const { rows, revision } = await readTable("shifts", { at: monday, until: addDays(monday, 7) });
      const roster = page.roster();
      const first = day < monday || day > addDays(monday, 6) ? monday : day;
      const open = (shift) => openShiftForm(shift, roster, first, seen, page.changed);
      const writing = page.canWrite() ? { add: () => open(null), open, put } : {};
      seen = revision;
      const move = (days) => ((page.state().monday = addDays(monday, days)), page.redraw());
      return [noteView(), ...shiftsView(rows, roster, monday, { move, ...writing })].filter(Boolean);
    },
    /** After drawing: the focus is where it was, on the shift that was moved. */
    settle(view) {
      if (focused) view.querySelector(`[data-shift="${CSS.escape(focused)}"]`)?.focus();
      focused = null;
    },
  };
}
