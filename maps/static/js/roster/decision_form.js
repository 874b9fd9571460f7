/** What was agreed on site, written down: the ground or component, matters, who leads from then on, basis and documents. */

import { makeCategoriesChoice } from "../shared/category_choice.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { cityNow } from "../shared/times.js";
import { endOf } from "./days.js";
import { findField } from "./find_field.js";
import { makeGroundChoice } from "./ground_choice.js";
import { reasonWords } from "./states.js";

const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);

/** The form's frame: sending once, errors, and the way back. @param collect(fail) → the body, or null with the focus where it is wanted */
function frame(titleKey, fields, step, collect, { send, back }) {
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const submit = el("button", { class: "primary", type: "submit" }, text("send"));
  const fail = (words) => {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.scrollIntoView({ block: "nearest" });
  };
  async function run(event) {
    event.preventDefault();
    fail("");
    const body = collect(fail);
    if (!body || submit.disabled) return;
    submit.disabled = true;
    try {
      await send(step, body);
    } catch (problem) {
      fail(reasonWords(problem));
    } finally {
      submit.disabled = false;
    }
  }
  const buttons = el("div", { class: "form-actions" }, submit, el("button", { class: "quiet", type: "button", onclick: back }, text("backToDispute")));
  return el("form", { class: "form decision", novalidate: true, "aria-labelledby": "decision-title", onsubmit: run }, el("h2", { id: "decision-title", tabindex: "-1" }, text(titleKey)), fields, error, buttons);
}

function wanted(input, key, fail) {
  if (input.value.trim()) return true;
  fail(text(key));
  input.focus();
  return false;
}

/** @param page {send(step, body), back(), drawing, departments()} */
export function decisionForm(dispute, page) {
  const ground = makeGroundChoice(dispute, page.drawing);
  const matters = makeCategoriesChoice(dispute.category ? [dispute.category] : [], "decision-matters");
  const claimed = dispute.sides.claimed?.code ?? null;
  const department = findField("decision-department", text("leadsFromNow"), page.departments().map(({ code, name }) => ({ code, words: name })), { chosen: claimed, hint: text("findDepartment") });
  const basis = el("textarea", { id: "decision-basis", maxlength: 2000, rows: 3 });
  const documents = el("textarea", { id: "decision-documents", maxlength: 5000, rows: 2 });
  const today = cityNow().slice(0, 10);
  const decided = el("input", { id: "decision-day", class: "input", type: "date", value: today, max: today });
  const until = el("input", { id: "decision-until", class: "input", type: "date" });

  function collect(fail) {
    const place = ground.value();
    if (!place) return fail(text("groundWanted")), ground.focus(), null;
    const unsettled = matters.unsettled();
    if (unsettled) return fail(text("categoryUnsettled", { words: unsettled })), matters.focus(), null;
    const code = department.value();
    if (!code) return fail(department.problem() ?? text("departmentWanted")), department.input.focus(), null;
    if (!wanted(basis, "basisWanted", fail) || !wanted(decided, "dayWanted", fail)) return null;
    return {
      ...place,
      categories: matters.keys(),
      department: code,
      basis: basis.value.trim(),
      documents: documents.value.split("\n").map((line) => line.trim()).filter(Boolean),
      decided_on: decided.value,
      valid_to: endOf(until.value),
    };
  }

  const fields = [
    ground.node, matters.node, department.node, field("decision-basis", "basis", basis), field("decision-documents", "documents", documents),
    el("div", { class: "pair" }, field("decision-day", "decidedOn", decided), field("decision-until", "lastDay", until)),
  ];
  const node = frame("decideTitle", fields, "determine", collect, page);
  return { node, focus: () => node.querySelector("h2").focus() };
}

export function declineForm(dispute, page) {
  const reason = el("textarea", { id: "decline-reason", maxlength: 2000, rows: 4 });
  const collect = (fail) => (wanted(reason, "declineWanted", fail) ? { reason: reason.value.trim() } : null);
  const node = frame("declineTitle", [el("p", { class: "quiet-text" }, text("declineHint")), field("decline-reason", "reason", reason)], "decline", collect, page);
  return { node, focus: () => reason.focus() };
}
