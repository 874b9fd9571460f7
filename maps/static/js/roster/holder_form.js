/** Who holds a post, who stands in, and when somebody is away: each changed alone, from a day. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { openChange } from "./change_dialog.js";
import { planAbsence, planHolder, planStandIn, takeBack } from "./changes.js";
import { endOf, lastDay } from "./days.js";
import { findField, peopleItems } from "./find_field.js";
import { targetName } from "./roster.js";

const ONE_HOLDER = ["LANE_CHIEF", "STREET_CHIEF", "SUBDISTRICT_CHIEF", "GENERAL_CHIEF"];

function dayField(id, key, value, required) {
  const input = el("input", { id, class: "input", type: "date", value, required });
  return { node: el("div", { class: "field" }, el("label", { for: id }, text(key)), input), value: () => input.value || null, input };
}

/** A code or null of a field; where nobody is called so the field gets the focus and the dialog says why. */
function personOf(field, fail) {
  if (!field.isUnknown()) return { code: field.value() };
  fail(text("nobodyCalled", { words: field.input.value.trim() }));
  field.input.focus();
  return null;
}

const titleOf = (key, words) => `${text(key).replace("…", "")} · ${words}`;

/** @param holder the one of the post's holders that is replaced, or null to choose */
export function openHolderForm(item, holder, roster, day, done) {
  const person = findField("new-holder", text("newHolder"), peopleItems(roster.people), { hint: text("findPerson") });
  const standIn = findField("new-stand-in", text("standInField"), peopleItems(roster.people), { hint: text("findPerson") });
  const from = dayField("from-day", "fromDay", day, true);
  const vacant = el("input", { id: "leave-vacant", type: "checkbox" });
  const options = item.holders.map(({ assignment, person: held }) => el("option", { value: assignment.code, selected: assignment === holder?.assignment }, held.name));
  const shared = ONE_HOLDER.includes(item.post.role) ? null : el("option", { value: "" }, text("replacesNobody"));
  const replaces = el("select", { id: "replaces", class: "input" }, options, shared);
  const asked = item.holders.length && (shared || item.holders.length > 1);
  const fields = [
    asked ? el("div", { class: "field" }, el("label", { for: "replaces" }, text("replaces")), replaces) : null,
    person.node, standIn.node, from.node,
    item.holders.length ? el("label", { class: "check" }, vacant, " ", text("leaveVacant")) : null,
  ];
  function plan(fail) {
    const chosen = vacant.checked ? { code: null } : personOf(person, fail);
    const other = vacant.checked ? { code: null } : personOf(standIn, fail);
    if (!chosen || !other) return null;
    if (!vacant.checked && !chosen.code) return person.input.focus(), null;
    const replaced = item.holders.find(({ assignment }) => assignment.code === (asked ? replaces.value : item.holders[0]?.assignment.code))?.assignment ?? null;
    return planHolder(item.post.code, replaced, { person: chosen.code, standIn: other.code, from: from.value() });
  }
  openChange({ title: titleOf(item.holders.length ? "changeHolder" : "fill", targetName(item)), fields, plan }, roster.revision, done);
}

/** Another stand-in, or none, for somebody who goes on holding the post. */
export function openStandInForm(item, holder, roster, day, done) {
  const { assignment, person } = holder;
  const others = roster.people.filter(({ code }) => code !== person.code);
  const standIn = findField("new-stand-in", text("standInOf", { name: person.name }), peopleItems(others), { hint: text("findPerson"), chosen: assignment.stand_in });
  const from = dayField("from-day", "fromDay", day, true);
  const plan = (fail) => {
    const chosen = personOf(standIn, fail);
    return chosen && planStandIn(assignment, chosen.code, from.value());
  };
  openChange({ title: titleOf("changeStandIn", targetName(item)), fields: [standIn.node, from.node, el("p", { class: "quiet-text" }, text("standInHint"))], plan }, roster.revision, done);
}

/** Days on which somebody is away; whoever stands in answers for all of their posts meanwhile. */
export function openAbsenceForm(person, known, roster, day, done) {
  const first = dayField("away-from", "awayFrom", known ? known.valid_from : day, false);
  const last = dayField("away-to", "awayTo", known ? lastDay(known) : null, false);
  const plan = (fail) => {
    if (first.value() && last.value() && last.value() < first.value()) return fail(text("endsBefore")), last.input.focus(), null;
    return planAbsence(known, person.code, { valid_from: first.value(), valid_to: endOf(last.value()) });
  };
  const about = { title: titleOf(known ? "changeAbsence" : "addAbsence", person.name), fields: [first.node, last.node, el("p", { class: "quiet-text" }, text("absenceHint"))], plan };
  openChange(known ? { ...about, remove: () => takeBack("absences", known) } : about, roster.revision, done);
}
