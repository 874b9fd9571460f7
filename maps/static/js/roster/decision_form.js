/** What was agreed on site, written down: the ground or component, matters, who leads from then on, basis and documents. */

import { makeCategoriesChoice } from "../shared/category_choice.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { cityNow } from "../shared/times.js";
import { endOf } from "./days.js";
import { foreseenView } from "./decision_preview.js";
import { findField } from "./find_field.js";
import { makeGroundChoice } from "./ground_choice.js";
import { reasonWords } from "./states.js";

const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);

/**
 * The form's frame: one thing at a time, errors, and the way back.
 * @param buttons one of which submits; @param submitted(fail) what submitting does
 * @returns {node, work(step)}: `step(fail)` is done unless something is under way
 */
function frame(titleKey, fields, buttons, submitted, back) {
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  let busy = false;
  const fail = (words) => {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.scrollIntoView({ block: "nearest" });
  };
  async function work(step) {
    if (busy) return;
    busy = true;
    fail("");
    await step(fail).catch((problem) => fail(reasonWords(problem)));
    busy = false;
  }
  const actions = el("div", { class: "form-actions" }, buttons);
  // Not in the bar of the others, which stays in sight and would take two lines of a phone.
  const leave = el("button", { class: "quiet decision-leave", type: "button", onclick: back }, text("backToDispute"));
  const onsubmit = (event) => (event.preventDefault(), work(submitted));
  const node = el("form", { class: "form decision", novalidate: true, "aria-labelledby": "decision-title", onsubmit }, el("h2", { id: "decision-title", tabindex: "-1" }, text(titleKey)), fields, error, actions, leave);
  return { node, work };
}

function wanted(input, key, fail) {
  if (input.value.trim()) return true;
  fail(text(key));
  input.focus();
  return false;
}

/** Nothing is written unseen. @param page {foresee(body), send(step, body), back(), drawing, departments(), categories()} */
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
    if (until.value && until.value < decided.value) return fail(text("endsBefore")), until.focus(), null;
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
  const found = el("div", { "aria-live": "polite" });
  const look = el("button", { class: "plain", type: "submit" }, text("preview"));
  const apply = el("button", { class: "primary", type: "button", disabled: true, onclick: () => work(write) }, text("apply"));
  let seen = null;

  function forget() {
    seen = null;
    apply.disabled = true;
    found.replaceChildren();
  }

  /** What stands in the form just now, as it is sent. */
  const isSeen = (body) => JSON.stringify(body) === seen;

  async function preview(fail) {
    forget();
    const body = collect(fail);
    if (!body) return;
    const asked = (seen = JSON.stringify(body));
    const answer = await page.foresee(body);
    // What was written meanwhile asks for another look.
    if (asked !== seen) return;
    found.replaceChildren(foreseenView(answer, page.categories()));
    apply.disabled = Boolean(answer.blocking);
    found.scrollIntoView({ block: "nearest" });
  }

  async function write(fail) {
    const body = collect(fail);
    if (body) await (isSeen(body) ? page.send("determine", body) : preview(fail));
  }

  const { node, work } = frame("decideTitle", [...fields, found], [look, apply], preview, page.back);
  node.addEventListener("input", forget);
  return { node, focus: () => node.querySelector("h2").focus() };
}

export function declineForm(dispute, page) {
  const reason = el("textarea", { id: "decline-reason", maxlength: 2000, rows: 4 });
  const submit = el("button", { class: "primary", type: "submit" }, text("send"));
  const send = async (fail) => wanted(reason, "declineWanted", fail) && page.send("decline", { reason: reason.value.trim() });
  const { node } = frame("declineTitle", [el("p", { class: "quiet-text" }, text("declineHint")), field("decline-reason", "reason", reason)], submit, send, page.back);
  return { node, focus: () => reason.focus() };
}
