/** What stands where the roster cannot be shown. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { session } from "../shared/session.js";
import { toldWords } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";

const WORDS = { offline: "offlineTitle", "not-ready": "notReadyTitle", "no-edition": "noEditionTitle" };

/** What whoever is here can do about it that they are not allowed something. */
const refusalWords = () => (session().login ? text("roleMayNot", { role: term("account", session().role) }) : text("signInToAct"));

/** Why the service did not do what it was asked: of a case that it knows in its own words, of a mere lack of rights in the page's. */
export function reasonWords({ status, kind, body }) {
  if (status === 412) return text("changedMeanwhile");
  if (status === 409 && body.assignment) return text("givenAlready", { code: body.assignment });
  if (kind === "refused" && !body.detail_zh) return refusalWords();
  return kind in WORDS ? text(WORDS[kind]) : toldWords(body);
}

/** For whoever may not read something: what it is, and how to be somebody who may. */
export function refusedState(title = text("noRoster"), words = refusalWords()) {
  const [look, key] = session().login ? ["plain", "signInOther"] : ["primary", "signIn"];
  return el("section", { class: "state" }, el("h2", {}, title), el("p", {}, words), el("button", { class: look, type: "button", onclick: askSignIn }, text(key)));
}

/** What a link or a list names is not there: back to the list is all that helps. */
export function missingState(title, leave) {
  return el("section", { class: "state", "data-state": "missing" }, el("h2", {}, title), el("p", {}, text("notThere")), el("button", { class: "plain", type: "button", onclick: leave }, text("clear")));
}

/** What happened, and another try; the same person trying again would be refused again. */
export function failedState(problem, retry) {
  if (problem.kind === "refused") return refusedState(text("refusedTitle"), reasonWords(problem));
  const again = el("button", { class: "plain", type: "button", onclick: retry }, text("retry"));
  return el("section", { class: "state" }, el("p", { role: "alert" }, text("loadFailed", { reason: reasonWords(problem) })), again);
}
