/** Changing a holder from a day: the old assignment ends the day the new one begins; previewed with its findings, then applied. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { changeRows, rowTag } from "./data.js";
import { differenceView } from "./difference.js";
import { targetName } from "./roster.js";

const MOST_OPTIONS = 200;

/** A field that finds a person by a few letters; `value()` is a code or null. */
function personField(id, label, people) {
  const input = el("input", { id, class: "input", list: `${id}-list`, autocomplete: "off", placeholder: text("findPerson") });
  const list = el("datalist", { id: `${id}-list` });
  const written = ({ name, code }) => `${name} · ${code}`;
  const fill = () => {
    const words = input.value.trim().toLowerCase();
    list.replaceChildren(...people.filter((person) => written(person).toLowerCase().includes(words)).slice(0, MOST_OPTIONS).map((person) => el("option", { value: written(person) })));
  };
  input.addEventListener("input", fill);
  fill();
  const value = () => people.find((person) => written(person) === input.value.trim() || person.code === input.value.trim())?.code ?? null;
  return { node: el("div", { class: "field" }, el("label", { for: id }, label), input, list), value };
}

/** The rows that have to change. Half-open days: the old one's end is the new one's first day. */
async function plan(item, person, standIn, from) {
  const changes = [];
  if (item.assignment) {
    const etag = await rowTag("assignments", item.assignment.code);
    const gone = (item.assignment.valid_from ?? "") >= from;
    changes.push({ table: "assignments", key: item.assignment.code, row: gone ? null : { ...item.assignment, valid_to: from }, etag });
  }
  if (person) changes.push({ table: "assignments", row: { post: item.post.code, person, stand_in: standIn, valid_from: from, valid_to: null } });
  return changes;
}

/** @param onDone called with the new revision */
export function openHolderForm(item, roster, day, onDone) {
  const dialog = document.getElementById("change-dialog");
  const person = personField("new-holder", text("newHolder"), roster.people);
  const standIn = personField("new-stand-in", text("standInField"), roster.people);
  const from = el("input", { id: "from-day", class: "input", type: "date", value: day, required: true });
  const vacant = el("input", { id: "leave-vacant", type: "checkbox" });
  const note = el("input", { id: "change-note", class: "input", maxlength: 500 });
  const found = el("div", { "aria-live": "polite" });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const apply = el("button", { class: "primary", type: "button", disabled: true, onclick: () => run(false) }, text("apply"));
  let changes = [];

  async function run(preview) {
    error.hidden = true;
    try {
      if (preview) changes = await plan(item, vacant.checked ? null : person.value(), standIn.value(), from.value);
      const answer = await changeRows(changes, note.value.trim(), preview);
      found.replaceChildren(differenceView(answer));
      apply.disabled = !preview || Boolean(answer.blocking) || !changes.length;
      if (!preview) {
        dialog.close();
        onDone(answer.roster);
      }
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
    }
  }

  const check = (event) => {
    event.preventDefault();
    apply.disabled = true;
    if (vacant.checked || person.value()) run(true);
    else document.getElementById("new-holder").focus();
  };
  dialog.replaceChildren(
    el("h2", { id: "change-title" }, `${text("changeHolder").replace("…", "")} · ${targetName(item)}`),
    el("form", { class: "form", onsubmit: check, oninput: () => (apply.disabled = true) },
      person.node, standIn.node,
      el("div", { class: "field" }, el("label", { for: "from-day" }, text("fromDay")), from),
      el("label", { class: "check" }, vacant, " ", text("leaveVacant")),
      el("div", { class: "field" }, el("label", { for: "change-note" }, text("reason")), note),
      error, found,
      el("div", { class: "form-actions" }, el("button", { class: "plain", type: "submit" }, text("preview")), apply, el("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, text("cancel")))),
  );
  dialog.showModal();
}
