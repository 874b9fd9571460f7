/** Shifts of a week, on a narrow screen of a day, with what can be done to them; a move is written at once and can be taken back as fast. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { wallTime } from "../shared/times.js";
import { changeRows, readTable } from "./data.js";
import { addDays, mondayOf } from "./days.js";
import { makeMoveQueue } from "./move_queue.js";
import { coverChanges } from "./shift_cover.js";
import { givenTo, movedBy, openShiftForm } from "./shift_form.js";
import { shiftsView } from "./shifts.js";
import { isNarrow } from "./side.js";
import { reasonWords } from "./states.js";

/** @param page {roster(), today(), state() with `day`, canWrite(), redraw(), wrote(revision), changed(revision), say(words)} */
export function makeShiftDesk(page) {
  /** `moved` is the code of the shift that is to have the focus. */
  const state = { words: "", moved: null };
  let note = null;
  let seen = 0;

  const shownDay = () => page.state().day;
  const span = () => (isNarrow() ? 1 : 7);
  const first = () => (isNarrow() ? shownDay() : mondayOf(shownDay()));
  const queue = makeMoveQueue({ send, show: showMoved });

  /** The calendar shows the days of a shift that was moved out of it. */
  function goAlong({ starts_at: starts, ends_at: ends }) {
    const [from, until] = [first(), addDays(first(), span())];
    const day = wallTime(starts).slice(0, 10);
    if (day >= until || wallTime(ends) <= `${from} 00:00`) page.state().day = day;
  }

  async function send({ row, before, words, isBack }) {
    state.moved = row.code;
    try {
      const answer = await changeRows([{ table: "shifts", key: row.code, row }], { preview: false, seen });
      seen = answer.roster;
      page.wrote(seen);
      goAlong(row);
      note = { words, left: [], moved: isBack ? null : [before, row], undo: isBack ? null : () => queue.ask({ row: before, before: row, words: text("shiftMovedBack"), isBack: true }) };
      return true;
    } catch (problem) {
      note = { words: reasonWords(problem), failed: true };
      return false;
    }
  }

  /** Hours that a move has left without anybody, or with several at once, in words. */
  async function leftBy([before, row]) {
    const days = [before, row].flatMap(({ starts_at: starts, ends_at: ends }) => [starts, ends].map((instant) => wallTime(instant).slice(0, 10))).sort();
    const { rows } = await readTable("shifts", { at: days[0], until: addDays(days.at(-1), 1) });
    return coverChanges(before, row, rows, page.roster()).map(({ owner, count, from, hours }) => {
      const what = text(count ? "leftSeveral" : "leftNobody", { count, hours, time: wallTime(new Date(from).toISOString()) });
      return text("ofRow", { owner: owner.words, what });
    });
  }

  async function showMoved() {
    const told = note;
    if (told.moved) told.left = await leftBy(told.moved).catch(() => []);
    await page.redraw();
    if (!told.failed) page.say([told.words, ...told.left].join(" "));
  }

  function put(shift, owner, days) {
    const row = movedBy(givenTo(shift, owner), days);
    queue.ask({ row, before: shift, words: text("shiftMoved", { owner: owner.words, time: wallTime(row.starts_at) }) });
  }

  function noteView() {
    if (!note) return null;
    const { words, left, undo, failed } = note;
    if (failed) return el("p", { class: "form-error", role: "alert" }, words);
    const back = undo ? el("button", { class: "link", type: "button", onclick: undo }, text("undo")) : null;
    return el("div", { class: "move-note" }, el("p", {}, words, " ", back), left.length ? el("ul", {}, left.map((line) => el("li", {}, line))) : null);
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
      const writing = page.canWrite() ? { add: () => open(null), open, put, latest: queue.latest } : {};
      seen = revision;
      // From the days that are wanted: those that are shown may be about to go.
      const move = (step) => show(addDays(first(), step));
      return [noteView(), ...shiftsView(rows, roster, days, state, { move, today: () => show(today), ...writing })].filter(Boolean);
    },
    /** After drawing: the focus is where it was, on the shift that was moved; where that is not drawn, on what takes it back. */
    settle(view) {
      if (state.moved) (view.querySelector(`[data-shift="${CSS.escape(state.moved)}"]`) ?? view.querySelector(".move-note .link"))?.focus();
      state.moved = null;
    },
  };
}
