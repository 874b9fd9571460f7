/** Shifts as a calendar of one week in the city's own time; what crosses midnight stands on both days. */

import { callLink } from "../shared/answer_people.js";
import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { addDays, wallOf } from "./days.js";
import { makeMoves } from "./shift_moves.js";
import { targetName } from "./roster.js";

const dayOf = (instant) => instant.slice(0, 10);
const covers = (shift, day) => dayOf(shift.starts_at) <= day && (dayOf(shift.ends_at) > day || (dayOf(shift.ends_at) === day && wallOf(shift.ends_at).slice(11) !== "00:00"));

/** Whose shift it is: {kind, code, words}; rows of the calendar. */
export function ownerOf(shift, roster) {
  if (shift.post) {
    const item = roster.posts.find(({ post }) => post.code === shift.post);
    return { kind: "post", code: shift.post, words: item ? `${term("role", item.post.role)} · ${targetName(item)}` : shift.post };
  }
  if (shift.department) return { kind: "department", code: shift.department, words: roster.departments.find(({ code }) => code === shift.department)?.name ?? shift.department };
  return { kind: "person", code: shift.person, words: roster.persons.get(shift.person)?.name ?? shift.person };
}

export function timesOf(shift, day) {
  const from = dayOf(shift.starts_at) < day ? "00:00" : wallOf(shift.starts_at).slice(11);
  const to = dayOf(shift.ends_at) > day ? "24:00" : wallOf(shift.ends_at).slice(11);
  return `${from}–${to}`;
}

function block(shift, day, roster, owner, moves) {
  const who = roster.persons.get(shift.person)?.name ?? shift.person ?? "";
  const words = [el("b", {}, timesOf(shift, day)), el("span", {}, who)];
  const call = shift.phone ? callLink(shift.phone) : null;
  const whole = `${wallOf(shift.starts_at).replace("T", " ")} – ${wallOf(shift.ends_at).replace("T", " ")}`;
  if (!moves) return el("li", { class: "shift", title: whole }, words, call);
  const press = el("button", { class: "shift-open", type: "button", "aria-label": text("shiftSaid", { owner: owner.words, time: whole, who }), ...moves.handle(shift, day) }, words);
  return el("li", { class: "shift", title: whole }, press, call);
}

/**
 * @param shifts of the week; @param monday its first day; @param act {move(days), add(), open(shift), put(shift, owner, days)};
 *   who may only read has no `add`, `open` and `put`
 */
export function shiftsView(shifts, roster, monday, act) {
  const days = [...Array(7).keys()].map((count) => addDays(monday, count));
  const owners = new Map();
  for (const shift of shifts) {
    const owner = ownerOf(shift, roster);
    const key = `${owner.kind} ${owner.code}`;
    owners.set(key, { owner, own: [...(owners.get(key)?.own ?? []), shift] });
  }
  const rows = [...owners.values()].sort((a, b) => a.owner.words.localeCompare(b.owner.words, language()));
  const moves = act.put ? makeMoves(rows.map(({ owner }) => owner), days, act) : null;
  const format = new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", { weekday: "short", day: "numeric", month: "numeric", timeZone: "UTC" });
  const dayWords = days.map((day) => format.format(new Date(`${day}T00:00:00Z`)));
  const button = (key, onclick, look = "plain") => el("button", { class: look, type: "button", onclick }, text(key));
  const cell = ({ owner, own }, day, index) => {
    const here = own.filter((shift) => covers(shift, day)).sort((a, b) => a.starts_at.localeCompare(b.starts_at));
    return el("td", { "data-day": dayWords[index], ...(moves ? moves.target(owner, day) : {}) }, here.length ? el("ul", {}, here.map((shift) => block(shift, day, roster, owner, moves))) : null);
  };
  return [
    el("div", { class: "roster-filter" }, button("previousWeek", () => act.move(-7)), el("h2", {}, text("weekOf", { date: monday })), button("nextWeek", () => act.move(7)), act.add ? button("addShift", act.add, "primary") : null),
    act.put ? el("p", { class: "quiet-text", id: "move-hint" }, text("moveHint")) : null,
    shifts.length ? null : el("p", { class: "state" }, text("noShifts")),
    rows.length ? el("div", { class: "roster-scroll" }, el("table", { class: "grid calendar" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, text("dutyOf")), dayWords.map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.owner.words), days.map((day, index) => cell(row, day, index))))))) : null,
  ].filter(Boolean);
}
