/** "Dispute this answer": why it is wrong, and which department should answer if one knows. */

import { getJson } from "../shared/api.js";
import { isUnsettled, makeAttempt } from "../shared/attempt.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { may, session } from "../shared/session.js";
import { refusedWords, toldWords } from "../shared/states.js";
import { cityNow } from "../shared/times.js";
import { askSignIn } from "../shared/who.js";

async function fillDepartments(select) {
  const { items } = await getJson("api/v1/departments", { limit: 1000, at: cityNow().slice(0, 10) }).catch(() => ({ items: [] }));
  select.append(...items.map(({ code, name }) => el("option", { value: code }, name)));
}

/** The form itself. @param about {location, category, incident}; @param done(number) once it is recorded */
function disputeForm(about, done, cancel) {
  const reason = el("textarea", { id: "dispute-reason", maxlength: 2000, required: true, rows: 4 });
  const claimed = el("select", { id: "dispute-claimed" }, el("option", { value: "" }, text("claimedUnknown")));
  const send = el("button", { class: "primary", type: "submit" }, text("disputeSend"));
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const fields = el(
    "fieldset",
    { class: "form-fields" },
    el("div", { class: "field" }, el("label", { for: "dispute-reason" }, text("disputeReason")), reason),
    el("div", { class: "field" }, el("label", { for: "dispute-claimed" }, text("disputeClaimed")), claimed),
  );
  let attempt = null;
  fillDepartments(claimed);

  function fail(words) {
    error.textContent = words;
    error.hidden = !words;
  }

  async function submit(event) {
    event.preventDefault();
    if (!reason.value.trim()) {
      fail(text("disputeEmpty"));
      reason.focus();
      return;
    }
    attempt ??= makeAttempt("api/v1/disputes", { ...about, reason: reason.value.trim(), ...(claimed.value ? { claimed: claimed.value } : {}) });
    fields.disabled = true;
    send.disabled = true;
    fail("");
    try {
      const { body } = await attempt.send();
      done(body.number);
    } catch (problem) {
      const open = isUnsettled(problem);
      fail(problem.kind === "offline" ? text("recordOffline") : problem.kind === "refused" ? refusedWords("signInFirst") : problem.kind === "absent" ? text("recordAbsent") : toldWords(problem.body));
      if (!open) attempt = null;
      fields.disabled = open;
      send.disabled = false;
    }
  }

  return el(
    "form",
    { class: "form dispute", "aria-labelledby": "dispute-title", novalidate: true, onsubmit: submit },
    el("h2", { id: "dispute-title" }, text("disputeTitle")),
    el("p", { class: "crumbs" }, text("disputeHint")),
    fields,
    el("div", { class: "form-actions form-foot" }, error, send, el("button", { class: "quiet", type: "button", onclick: cancel }, text("cancel"))),
  );
}

function sentView(number, back) {
  return el(
    "section",
    { class: "state", "data-state": "disputed" },
    el("h2", {}, text("disputeSent", { number })),
    el("p", {}, text("disputeSentMore")),
    el("button", { class: "plain", type: "button", onclick: back }, text("backToAnswer")),
  );
}

/** @param parts {inspector, back(), tell(key)}; @returns (about) → opens the form, after signing in where that is needed */
export function makeDispute({ inspector, back, tell }) {
  const leave = async () => {
    await back();
    inspector.focus("dispute");
  };
  return async (about) => {
    if (!may("DISPUTE") && !session().login) {
      if (!(await askSignIn())) return;
      await back();
    }
    if (!may("DISPUTE")) return tell("mayNotDispute");
    const sent = (number) => {
      if (!form.isConnected) return inspector.say(text("disputeSent", { number }));
      inspector.show(() => sentView(number, leave), text("disputeSent", { number }));
      inspector.focus();
    };
    const form = disputeForm(about, sent, leave);
    inspector.show(() => form, text("disputeTitle"));
    form.querySelector("textarea").focus({ preventScroll: true });
  };
}
