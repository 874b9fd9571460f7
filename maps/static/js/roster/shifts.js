/** Shifts as a calendar of some days in the city's own time; what crosses midnight stands on both days. */

import { callLink } from "../shared/answer_people.js";
import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { wallOf } from "./days.js";
import { makeMore } from "./more.js";
import { postName } from "./row_words.js";
import { makeMoves } from "./shift_moves.js";

const OWNERS_AT_ONCE = { day: 20, week: 30 };

const dayOf = (instant) => instant.slice(0, 10);
const covers = (shift, day) => dayOf(shift.starts_at) <= day && (dayOf(shift.ends_at) > day || (dayOf(shift.ends_at) === day && wallOf(shift.ends_at).slice(11) !== "00:00"));

/** Whose shift it is: {kind, code, words}; rows of the calendar. */
export function ownerOf(shift, roster) {
  if (shift.post) return { kind: "post", code: shift.post, words: roster.byPost.has(shift.post) ? postName(roster.byPost.get(shift.post)) : shift.post };
  if (shift.department) return { kind: "department", code: shift.department, words: roster.department.get(shift.department)?.name ?? shift.department };
  return { kind: "person", code: shift.person, words: roster.persons.get(shift.person)?.name ?? shift.person };
}

export function timesOf(shift, day) {
  const from = dayOf(shift.starts_at) < day ? "00:00" : wallOf(shift.starts_at).slice(11);
  const to = dayOf(shift.ends_at) > day ? "24:00" : wallOf(shift.ends_at).slice(11);
  return `${from}–${to}`;
}

function block(shift, day, roster, owner, moves) {
  const who = roster.persons.get(shift.person)?.name ?? shift.person ?? "";
  const words = [el("b", {}, timesOf(shift, day)), who ? el("span", {}, who) : null];
  const call = shift.phone ? callLink(shift.phone) : null;
  const whole = `${wallOf(shift.starts_at).replace("T", " ")} – ${wallOf(shift.ends_at).replace("T", " ")}`;
  if (!moves) return el("li", { class: "shift", title: whole }, words, call);
  const press = el("button", { class: "shift-open", type: "button", ...moves.handle(shift, day) }, words, el("span", { class: "unseen" }, text("shiftSaid", { owner: owner.words, time: whole })));
  return el("li", { class: "shift", title: whole }, press, call);
}

/** Rows of the calendar: {owner, own shifts}, by their words. */
function rowsOf(shifts, roster) {
  const owners = new Map();
  for (const shift of shifts) {
    const owner = ownerOf(shift, roster);
    const key = `${owner.kind} ${owner.code}`;
    if (!owners.has(key)) owners.set(key, { owner, own: [] });
    owners.get(key).own.push(shift);
  }
  return [...owners.values()].sort((a, b) => a.owner.words.localeCompare(b.owner.words, language()));
}

export const dayFormat = (more) => new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", { weekday: "short", day: "numeric", timeZone: "UTC", ...more });

function heading(days, act) {
  const one = days.length === 1;
  const button = (key, onclick, look = "plain") => el("button", { class: look, type: "button", onclick }, text(key));
  const title = one ? dayFormat({ month: "long" }).format(new Date(`${days[0]}T00:00:00Z`)) : text("weekOf", { date: days[0] });
  return el("div", { class: "roster-filter shift-days" },
    button(one ? "previousDay" : "previousWeek", () => act.move(-days.length)), el("h2", {}, title), button(one ? "nextDay" : "nextWeek", () => act.move(days.length)),
    button("today", act.today), act.add ? button("addShift", act.add, "primary") : null);
}

/**
 * @param shifts of the days; @param state {words, moved: the code of a shift that is to be in sight} kept by the page
 * @param act {move(days), today(), add(), open(shift), put(shift, owner, days), latest(shift)}; who may only read has none of
 *   the last four
 */
export function shiftsView(shifts, roster, days, state, act) {
  const all = rowsOf(shifts, roster);
  let lines = all;
  const dayWords = days.map((day) => dayFormat({ month: "numeric" }).format(new Date(`${day}T00:00:00Z`)));
  const moves = act.put ? makeMoves(() => lines.map(({ owner }) => owner), act) : null;
  const count = el("p", { class: "quiet-text", role: "status" });
  const body = el("tbody");
  const cell = ({ owner, own }, day) => {
    const here = own.filter((shift) => covers(shift, day)).sort((a, b) => a.starts_at.localeCompare(b.starts_at));
    return el("td", moves ? moves.target(owner, day) : {}, here.length ? el("ul", {}, here.map((shift) => block(shift, day, roster, owner, moves))) : null);
  };
  const row = (line) => el("tr", {}, el("th", { scope: "row" }, line.owner.words), days.map((day) => cell(line, day)));
  const more = makeMore(body, row, { atOnce: OWNERS_AT_ONCE[days.length === 1 ? "day" : "week"], told: (shown, total) => (count.textContent = text("count", { shown, total })) });
  const search = el("input", { type: "search", id: "find-shift", class: "input", value: state.words, placeholder: text("findShift"), "aria-label": text("findShift"), oninput: draw });

  function draw() {
    state.words = search.value;
    const words = search.value.trim().toLowerCase();
    const said = ({ owner, own }) => [owner.words, owner.code, ...own.map(({ person }) => roster.persons.get(person)?.name)].join(" ").toLowerCase();
    lines = all.filter((line) => said(line).includes(words));
    more.set(lines, lines.findIndex(({ own }) => own.some(({ code }) => code === state.moved)));
    if (!body.children.length) body.append(el("tr", {}, el("td", { class: "none", colspan: days.length + 1 }, text("noMatches"))));
  }

  if (!all.length) return [heading(days, act), el("p", { class: "state" }, text(days.length === 1 ? "noShiftsDay" : "noShifts"))];
  draw();
  const heads = [text("dutyOf"), ...dayWords].map((words) => el("th", { scope: "col" }, words));
  return [
    heading(days, act),
    el("div", { class: "roster-filter" }, search, count),
    act.put ? el("p", { class: "quiet-text", id: "move-hint" }, text("moveHint")) : null,
    el("div", { class: "roster-scroll" }, el("table", { class: "grid calendar" }, el("thead", {}, el("tr", {}, heads)), body)), more.node,
  ].filter(Boolean);
}
