/** Shifts of a week, on a narrow screen of a day, with what can be done to them; a move is written at once and can be taken back as fast. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { changeRows, readTable } from "./data.js";
import { addDays, mondayOf } from "./days.js";
import { writeOwn } from "./own_writes.js";
import { givenTo, movedBy, openShiftForm } from "./shift_form.js";
import { shiftsView } from "./shifts.js";
import { isNarrow } from "./side.js";
import { reasonWords } from "./states.js";

/** @param page {roster(), today(), state() with `day`, canWrite(), redraw(), wrote(revision), changed(revision), say(words)} */
export function makeShiftDesk(page) {
  const state = { words: "" };
  let note = null;
  let focused = null;
  let moving = false;
  let seen = 0;

  const shownDay = () => page.state().day;
  const span = () => (isNarrow() ? 1 : 7);
  const first = () => (isNarrow() ? shownDay() : mondayOf(shownDay()));

  const write = (...move) => (moving ? null : writeOwn(() => writeMove(...move)));

  async function writeMove(row, words, undo) {
    moving = true;
    try {
      const answer = await changeRows([{ table: "shifts", key: row.code, row }], { preview: false, seen });
      seen = answer.roster;
      page.wrote(seen);
      note = { words, undo };
      if (isNarrow()) page.state().day = row.starts_at.slice(0, 10);
    } catch (problem) {
      note = { words: reasonWords(problem), failed: true };
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
    return el("p", { class: failed ? "form-error" : "move-note", role: failed ? "alert" : null }, words, " ", undo ? el("button", { class: "link", type: "button", onclick: undo }, text("undo")) : null);
  }

  function show(day) {
    note = null;
    page.state().day = day;
    page.redraw();
  }

  return {
    async view() {
      const from = first();
      const days = [...Array(span()).keys()].map((count) => addDays(from, count));
      const { rows, revision } = await readTable("shifts", { at: from, until: addDays(from, span()) });
      const roster = page.roster();
      const today = page.today();
      const changed = (...told) => ((note = null), page.changed(...told));
      const open = (shift) => openShiftForm(shift, roster, shownDay(), seen, changed);
      const writing = page.canWrite() ? { add: () => open(null), open, put } : {};
      seen = revision;
      // From the days that are wanted: those that are shown may be about to go.
      const move = (step) => show(addDays(first(), step));
      return [noteView(), ...shiftsView(rows, roster, days, state, { move, today: () => show(today), ...writing })].filter(Boolean);
    },
    /** After drawing: the focus is where it was, on the shift that was moved. */
    settle(view) {
      if (focused) view.querySelector(`[data-shift="${CSS.escape(focused)}"]`)?.focus();
      focused = null;
    },
  };
}
