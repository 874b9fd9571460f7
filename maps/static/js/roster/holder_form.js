/** Who holds a post, who stands in, and when somebody is away: each changed alone, from a day. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { openChange } from "./change_dialog.js";
import { planAbsence, planFurther, planStandIn, planVacancy, takeBack } from "./changes.js";
import { handover, rowChanges } from "./data.js";
import { endOf, lastDay } from "./days.js";
import { findField, peopleItems } from "./find_field.js";
import { targetName } from "./roster.js";

const ONE_HOLDER = ["LANE_CHIEF", "STREET_CHIEF", "SUBDISTRICT_CHIEF", "GENERAL_CHIEF"];

function dayField(id, key, value, required) {
  const input = el("input", { id, class: "input", type: "date", value, required });
  return { node: el("div", { class: "field" }, el("label", { for: id }, text(key)), input), value: () => input.value || null, input };
}

/** Whether a field is to be mended; then the dialog says why and it gets the focus. */
function isAmiss(field, fail, empty = null) {
  const problem = field.problem() ?? (field.value() ? null : empty);
  if (!problem) return false;
  fail(problem);
  field.input.focus();
  return true;
}

const titleOf = (key, words) => `${text(key).replace("…", "")} · ${words}`;

/** Which of several holders goes; null where that is no question. */
function replacedField(item, holder) {
  const shared = !ONE_HOLDER.includes(item.post.role);
  if (!item.holders.length || !(shared || item.holders.length > 1)) return null;
  const options = item.holders.map(({ assignment, person }) => el("option", { value: assignment.code, selected: assignment === holder?.assignment }, person.name));
  const replaces = el("select", { id: "replaces", class: "input" }, options, shared ? el("option", { value: "" }, text("replacesNobody")) : null);
  return { node: el("div", { class: "field" }, el("label", { for: "replaces" }, text("replaces")), replaces), value: () => replaces.value };
}

/** @param holder the one of the post's holders that is replaced, or null to choose */
export function openHolderForm(item, holder, roster, day, done) {
  const person = findField("new-holder", text("newHolder"), peopleItems(roster), { hint: text("findPerson") });
  const standIn = findField("new-stand-in", text("standInField"), peopleItems(roster), { hint: text("findPerson") });
  const from = dayField("from-day", "fromDay", day, true);
  const vacant = el("input", { id: "leave-vacant", type: "checkbox" });
  const replaced = replacedField(item, holder);
  const post = item.post.code;
  const held = () => item.holders.find(({ assignment }) => assignment.code === replaced?.value()) ?? (replaced ? null : item.holders[0]);

  function plan(fail) {
    if (vacant.checked && held()) return rowChanges(planVacancy(held().assignment, from.value()), roster.revision);
    if (isAmiss(person, fail, text("personWanted")) || isAmiss(standIn, fail)) return null;
    const given = { person: person.value(), from: from.value() };
    if (replaced && !held()) return rowChanges(planFurther(post, { ...given, standIn: standIn.value() }), roster.revision);
    return handover(post, { ...given, stand_in: standIn.value(), replaces: replaced?.value() }, roster.revision);
  }

  const leave = item.holders.length ? el("label", { class: "check" }, vacant, " ", text("leaveVacant")) : null;
  const fields = [replaced?.node, person.node, standIn.node, from.node, leave];
  openChange({ title: titleOf(item.holders.length ? "changeHolder" : "fill", targetName(item)), fields, plan }, roster, done);
}

/** Another stand-in, or none, for somebody who goes on holding the post. */
export function openStandInForm(item, holder, roster, day, done) {
  const { assignment, person } = holder;
  const others = peopleItems(roster).filter(({ code }) => code !== person.code);
  const standIn = findField("new-stand-in", text("standInOf", { name: person.name }), others, { hint: text("findPerson"), chosen: assignment.stand_in });
  const from = dayField("from-day", "fromDay", day, true);
  const plan = (fail) => (isAmiss(standIn, fail) ? null : rowChanges(planStandIn(assignment, standIn.value(), from.value()), roster.revision));
  openChange({ title: titleOf("changeStandIn", targetName(item)), fields: [standIn.node, from.node, el("p", { class: "quiet-text" }, text("standInHint"))], plan }, roster, done);
}

/** Days on which somebody is away; whoever stands in answers for all of their posts meanwhile. */
export function openAbsenceForm(person, known, roster, day, done) {
  const first = dayField("away-from", "awayFrom", known ? known.valid_from : day, false);
  const last = dayField("away-to", "awayTo", known ? lastDay(known) : null, false);
  const plan = (fail) => {
    if (first.value() && last.value() && last.value() < first.value()) return fail(text("endsBefore")), last.input.focus(), null;
    return rowChanges(planAbsence(known, person.code, { valid_from: first.value(), valid_to: endOf(last.value()) }), roster.revision);
  };
  const about = { title: titleOf(known ? "changeAbsence" : "addAbsence", person.name), fields: [first.node, last.node, el("p", { class: "quiet-text" }, text("absenceHint"))], plan };
  openChange(known ? { ...about, remove: () => rowChanges(takeBack("absences", known), roster.revision) } : about, roster, done);
}

/** An assignment that has not begun, or began today, taken back: what was planned by mistake. */
export function openTakeBack(item, assignment, roster, done) {
  const name = roster.persons.get(assignment.person)?.name ?? assignment.person;
  const plan = () => rowChanges(takeBack("assignments", assignment), roster.revision);
  openChange({ title: titleOf("takeBack", targetName(item)), fields: [el("p", {}, text("takeBackSaid", { name, day: assignment.valid_from }))], plan }, roster, done);
}
