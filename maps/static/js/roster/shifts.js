/** Shifts as a calendar of one week in the city's own time; what crosses midnight stands on both days. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { callLink } from "../shared/answer_people.js";

const DAY_MS = 86_400_000;
const offsetOf = (instant) => instant.slice(19).replace(/^\.\d+/, "") || "Z";
const dayOf = (instant) => instant.slice(0, 10);
const shiftDay = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Monday of a day's week. */
export function mondayOf(day) {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return shiftDay(day, -weekday);
}

const covers = (shift, day) => dayOf(shift.starts_at) <= day && (dayOf(shift.ends_at) > day || (dayOf(shift.ends_at) === day && shift.ends_at.slice(11, 16) !== "00:00"));

function block(shift, day, roster) {
  const from = dayOf(shift.starts_at) < day ? "00:00" : shift.starts_at.slice(11, 16);
  const to = dayOf(shift.ends_at) > day ? "24:00" : shift.ends_at.slice(11, 16);
  const who = roster.persons.get(shift.person)?.name ?? shift.person ?? "";
  return el("li", { class: "shift", title: `${shift.starts_at} – ${shift.ends_at}` }, el("b", {}, `${from}–${to}`), el("span", {}, who), shift.phone ? callLink(shift.phone) : null);
}

/** @param state {monday}; @param act {move(days), add} */
export function shiftsView(shifts, roster, state, act) {
  const days = [...Array(7).keys()].map((count) => shiftDay(state.monday, count));
  const week = shifts.filter((shift) => days.some((day) => covers(shift, day)));
  const nameOf = (code) => roster.departments.find((row) => row.code === code)?.name ?? code;
  const posts = new Map(roster.posts.map((item) => [item.post.code, item]));
  const owner = ({ department, post }) => (department ? nameOf(department) : (posts.get(post)?.target?.properties.name ?? post));
  const rows = Map.groupBy ? Map.groupBy(week, owner) : week.reduce((found, shift) => found.set(owner(shift), [...(found.get(owner(shift)) ?? []), shift]), new Map());
  const format = new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", { weekday: "short", day: "numeric", month: "numeric", timeZone: "UTC" });
  const button = (key, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key));
  return [
    el("div", { class: "roster-filter" }, button("previousWeek", () => act.move(-7)), el("h2", {}, text("weekOf", { date: state.monday })), button("nextWeek", () => act.move(7)), act.add ? button("addShift", act.add) : null),
    week.length ? null : el("p", { class: "state" }, text("noShifts")),
    el("div", { class: "roster-scroll" }, el("table", { class: "grid calendar" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, text("dutyOf")), days.map((day) => el("th", { scope: "col" }, format.format(new Date(`${day}T00:00:00Z`)))))),
      el("tbody", {}, [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([name, own]) =>
        el("tr", {}, el("th", { scope: "row" }, name), days.map((day) => el("td", {}, el("ul", {}, own.filter((shift) => covers(shift, day)).sort((a, b) => a.starts_at.localeCompare(b.starts_at)).map((shift) => block(shift, day, roster)))))))))),
  ].filter(Boolean);
}

/** A new shift; its times are the city's own, so they carry the offset of the edition's day. */
export function openShiftForm(roster, day, offset, save) {
  const dialog = document.getElementById("change-dialog");
  const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);
  const owner = el("select", { id: "duty-of", class: "input" }, roster.departments.map(({ code, name }) => el("option", { value: code }, name)));
  const person = el("input", { id: "duty-person", class: "input", list: "duty-people", autocomplete: "off" });
  const people = el("datalist", { id: "duty-people" }, roster.people.slice(0, 500).map(({ code, name }) => el("option", { value: code }, name)));
  const phone = el("input", { id: "duty-phone", class: "input", type: "tel", maxlength: 40 });
  const starts = el("input", { id: "duty-starts", class: "input", type: "datetime-local", required: true, value: `${day}T08:00` });
  const ends = el("input", { id: "duty-ends", class: "input", type: "datetime-local", required: true, value: `${day}T20:00` });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    const row = { department: owner.value, post: null, person: person.value.trim() || null, phone: phone.value.trim() || null, starts_at: `${starts.value}:00${offset}`, ends_at: `${ends.value}:00${offset}` };
    try {
      await save(row);
      dialog.close();
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
    }
  };
  dialog.replaceChildren(el("h2", { id: "change-title" }, text("addShift").replace("…", "")), el("form", { class: "form", onsubmit: submit },
    field("duty-of", "dutyOf", owner), field("duty-starts", "startsAt", starts), field("duty-ends", "endsAt", ends), field("duty-person", "dutyPerson", person), people, field("duty-phone", "dutyPhone", phone), error,
    el("div", { class: "form-actions" }, el("button", { class: "primary", type: "submit" }, text("apply")), el("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, text("cancel")))));
  dialog.showModal();
}

export { offsetOf };
