/** What stands where the roster cannot be shown. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { session } from "../shared/session.js";
import { toldWords } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";

const WORDS = { offline: "offlineTitle", "not-ready": "notReadyTitle", "no-edition": "noEditionTitle" };

/** Why the service did not do what it was asked. */
export function reasonWords({ status, kind, body }) {
  if (status === 412) return text("changedMeanwhile");
  if (status === 409 && body.assignment) return text("givenAlready", { code: body.assignment });
  return kind in WORDS ? text(WORDS[kind]) : toldWords(body);
}

/** For whoever may not read it: how to sign in, unless they are. */
export function refusedState() {
  const sign = el("button", { class: "primary", type: "button", onclick: askSignIn }, text("signIn"));
  return el("section", { class: "state" }, el("h2", {}, text("noRoster")), el("p", {}, text("signInFirst")), session().login ? null : sign);
}

/** What happened, and another try. */
export function failedState(problem, retry) {
  const again = el("button", { class: "plain", type: "button", onclick: retry }, text("retry"));
  return el("section", { class: "state" }, el("p", {}, text("loadFailed", { reason: reasonWords(problem) })), again);
}
