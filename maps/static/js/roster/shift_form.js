/** One shift in the dialog: a new one, another time or owner for one that is there, or taking it back. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { wallTime } from "../shared/times.js";
import { openChange } from "./change_dialog.js";
import { takeBack } from "./changes.js";
import { rowChanges } from "./data.js";
import { addDays, instantOf, wallOf } from "./days.js";
import { findField, peopleItems } from "./find_field.js";
import { postWords } from "./row_words.js";

const OWNERS = ["department", "post", "person"];

/** A shift of somebody else: of a row of the calendar. */
export const givenTo = (shift, { kind, code }) => ({ ...shift, ...(kind === "person" ? { person: code } : { department: null, post: null, [kind]: code }) });

/** A shift some days later, at the same times by the clocks of the city. */
export function movedBy(shift, days) {
  if (!days) return shift;
  const later = (instant) => {
    const [day, time] = wallTime(instant).split(" ");
    return instantOf(`${addDays(day, days)}T${time}`);
  };
  return { ...shift, starts_at: later(shift.starts_at), ends_at: later(shift.ends_at) };
}

/** Departments and posts, one list to find in; the code says which of the two it is. */
function ownerItems(roster) {
  const departments = roster.departments.map(({ code, name }) => ({ code, words: name }));
  const posts = roster.posts.map((item) => ({ code: item.post.code, words: postWords(item) }));
  return [...departments, ...posts];
}

/** @param known the shift that is changed, or null for a new one on `day`; @param seen the revision at which shifts were read */
export function openShiftForm(known, roster, day, seen, done) {
  const owner = findField("duty-of", text("dutyOf"), ownerItems(roster), { hint: text("findOwner"), chosen: known ? (known.post ?? known.department) : null });
  const person = findField("duty-person", text("dutyPerson"), peopleItems(roster), { hint: text("findPerson"), chosen: known?.person ?? null });
  const phone = el("input", { id: "duty-phone", class: "input", type: "tel", maxlength: 40, value: known?.phone ?? null });
  const starts = el("input", { id: "duty-starts", class: "input", type: "datetime-local", required: true, value: known ? wallOf(known.starts_at) : `${day}T08:00` });
  const ends = el("input", { id: "duty-ends", class: "input", type: "datetime-local", required: true, value: known ? wallOf(known.ends_at) : `${day}T20:00` });
  const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);

  function plan(fail) {
    for (const each of [owner, person]) {
      if (!each.problem()) continue;
      fail(each.problem());
      return each.input.focus(), null;
    }
    const code = owner.value();
    if (!code && !person.value()) return fail(text("ownerWanted")), owner.input.focus(), null;
    if (ends.value <= starts.value) return fail(text("endsBefore")), ends.focus(), null;
    const kind = roster.byPost.has(code) ? "post" : "department";
    const whose = Object.fromEntries(OWNERS.map((name) => [name, name === "person" ? person.value() : name === kind ? code : null]));
    // What the form does not touch stays to the second: a wall time has none.
    const instant = (input, old) => (old && wallOf(old) === input.value ? old : instantOf(input.value));
    const times = { starts_at: instant(starts, known?.starts_at), ends_at: instant(ends, known?.ends_at) };
    const row = { ...(known ?? {}), ...whose, phone: phone.value.trim() || null, ...times };
    return rowChanges([{ table: "shifts", ...(known ? { key: known.code } : {}), row }], seen);
  }

  const fields = [owner.node, el("div", { class: "pair" }, field("duty-starts", "startsAt", starts), field("duty-ends", "endsAt", ends)), person.node, field("duty-phone", "dutyPhone", phone)];
  const about = { title: text(known ? "changeShift" : "addShift").replace("…", ""), fields, plan };
  openChange(known ? { ...about, remove: () => rowChanges(takeBack("shifts", known), seen) } : about, roster, done);
}
