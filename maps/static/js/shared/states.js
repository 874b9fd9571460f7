/** What stands in the inspector when there is no answer: nothing asked, loading, or a problem with what to do about it. */

import { codeText, distanceText, drawing, el } from "./dom.js";
import { language, term, text } from "./language.js";
import { session } from "./session.js";

const DRAWINGS = {
  empty: ["M10 2.5a5.5 5.5 0 0 0-5.5 5.5c0 4 5.5 9.5 5.5 9.5s5.5-5.5 5.5-9.5A5.5 5.5 0 0 0 10 2.5Z", "M10 6.2v3.6M8.2 8h3.6"],
  outside: ["M2.5 6.5 7 4.5l6 2.5 4.5-2v9", "M2.5 6.5v9.5l4.5-2 3.5 1.5", "m12.5 13.5 4 4m0-4-4 4"],
  offline: ["M2.5 8a11 11 0 0 1 15 0M5.5 11.2a6.6 6.6 0 0 1 9 0", "M10 15.2v.3", "m3 2.5 14 15"],
  waiting: ["M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z", "M10 6v4l2.7 1.8"],
};

const WORDS = {
  "no-edition": ["noEditionTitle", "noEditionBody", "waiting"],
  "not-ready": ["notReadyTitle", "notReadyBody", "waiting"],
  refused: ["refusedTitle", "refusedBody", "offline"],
  offline: ["offlineTitle", "offlineBody", "offline"],
  outside: ["outsideTitle", "outsideBody", "outside"],
  missing: ["missingTitle", "missingBody", "outside"],
  absent: ["absentTitle", "absentBody", "outside"],
};

const state = (name, title, ...children) =>
  el("section", { class: "state", "data-state": name }, children[0] ? drawing(...DRAWINGS[children[0]]) : null, el("h2", {}, title), children.slice(1));

/** Why somebody may not: by their role where they are signed in, else that signing in may help. */
export const refusedWords = (signIn) => (session().login ? text("roleRefused", { role: term("account", session().role) }) : text(signIn));

/** @param counts how many features of each layer the city has, or null before that is known */
export function emptyState(counts) {
  const fact = (layer) => [el("dt", {}, text(`layer${layer[0].toUpperCase()}${layer.slice(1)}`)), el("dd", {}, counts[layer].toLocaleString(language()))];
  const facts = counts && el("dl", { class: "facts" }, ["areas", "cells", "segments"].filter((layer) => layer in counts).map(fact));
  const [title, body] = matchMedia("(hover: none)").matches ? ["emptyTouchTitle", "emptyTouch"] : ["emptyTitle", "emptyBody"];
  return state("empty", text(title), "empty", el("p", {}, text(body)), facts);
}

export function loadingState() {
  return el("div", { class: "skeleton", "data-state": "loading", "aria-hidden": "true" }, ["", "", "", ""].map(() => el("i")));
}

function outsideDetails(body, actions) {
  const unit = { m: text("m"), km: text("km") };
  const parts = [];
  if (body.nearest) {
    const values = { code: "\u0000", distance: distanceText(body.nearest.distance_m, unit) };
    const [before, after] = text("outsideNearest", values).split("\u0000");
    parts.push(el("p", {}, before, actions.cell?.(body.nearest.code) ?? codeText(body.nearest.code), after));
  }
  if (body.suspect_datum) {
    parts.push(el("p", {}, text("outsideDatum", { datum: body.suspect_datum })));
    parts.push(el("button", { class: "plain", type: "button", onclick: () => actions.readAs(body.suspect_datum) }, text("readAs", { datum: body.suspect_datum })));
  }
  return parts;
}

/** For who may not see something: how to sign in, unless they are. */
const signInButton = ({ signIn }) => (signIn && !session().login ? el("button", { class: "primary", type: "button", onclick: signIn }, text("signIn")) : null);

/** A problem of `api.js`; `actions` are {retry, readAs(datum), clear, missing: the key of what is said of what is not there, signIn, cell(code) → a link to a cell}. */
export function problemState(problem, actions) {
  const { kind, status, body } = problem;
  const button = (key, onclick, look = "plain") => el("button", { class: look, type: "button", onclick }, text(key));
  if (kind === "outside") {
    const clear = actions.clear ? button("clear", actions.clear, "quiet") : null;
    return state(kind, text("outsideTitle"), "outside", el("p", {}, text("outsideBody")), outsideDetails(body, actions), clear);
  }
  if (kind === "refused") {
    const again = session().login ? [] : [signInButton(actions), button("retry", actions.retry)].filter(Boolean);
    return state(kind, text("refusedTitle"), "outside", el("p", {}, refusedWords("refusedBody")), again.length ? el("div", { class: "form-actions" }, again) : null);
  }
  if (kind === "missing" && actions.clear) {
    const words = text(actions.missing ?? "missingBody");
    return state(kind, text("missingTitle"), "outside", el("p", {}, words), button("clear", actions.clear));
  }
  // Where something is asked of a time before the first edition, there is one by now.
  const isBefore = kind === "no-edition" && actions.clear && body.title;
  if (WORDS[kind] && !isBefore) {
    const [title, explanation, picture] = WORDS[kind];
    return state(kind, text(title), picture, el("p", {}, text(explanation)), button("retry", actions.retry));
  }
  if (kind === "invalid" || isBefore) {
    const [title, words] = language() === "zh" ? [body.title_zh, body.detail_zh || body.remedy_zh] : [body.title, body.detail];
    return state(kind, title || text("invalidTitle"), isBefore ? "waiting" : "outside", el("p", {}, words || ""), actions.clear ? button("clear", actions.clear) : null);
  }
  return state("failed", text("failedTitle"), "offline", el("p", {}, text("failedBody", { status })), button("retry", actions.retry));
}

/** A link names an edition that there is not: `leave` goes to the one in force. */
export function unknownEditionState(number, inForce, leave) {
  const button = el("button", { class: "primary", type: "button", onclick: leave }, text("showInForce", { number: inForce }));
  return state("no-such-edition", text("noSuchEdition", { number }), "outside", el("p", {}, text("noSuchEditionBody")), button);
}

/** A link names a place or a shape ("place", "shape") that cannot be read: `leave` takes it out of the address. */
export function unreadableState(part, leave) {
  const title = text(part === "shape" ? "unreadableShape" : "unreadablePlace");
  return state("unreadable", title, "outside", el("p", {}, text("unreadableBody")), el("button", { class: "primary", type: "button", onclick: leave }, text("clear")));
}

/** The service's own words about what it refused: of the case where it has them in the page's language, else of its kind. */
export function toldWords({ title_zh, detail, detail_zh, remedy_zh }) {
  if (language() !== "zh") return detail || text("failedTitle");
  return detail_zh || (title_zh && `${title_zh}：${remedy_zh}`) || detail || text("failedTitle");
}

/** What went wrong, in a few words of the page's language. */
export const reasonText = ({ kind, body }) => (WORDS[kind] || kind === "outside" ? text(WORDS[kind]?.[0] ?? "outsideTitle") : toldWords(body));

const LIST_WORDS = { offline: "offlineTitle", absent: "listAbsent", "not-ready": "notReadyTitle" };

/**
 * What stands in a list: a skeleton, nothing to show, or what went wrong; empty while it has rows.
 * @param status {state, problem}; `state` is "loading", "ready" or a problem's kind
 * @param on {retry, signIn where one can, empty: the key of what is said of no rows}
 */
export function listState({ state: now, problem }, number, { retry, signIn, empty = "noIncidents" }) {
  const button = () => el("button", { class: "plain", type: "button", onclick: retry }, text("retry"));
  if (now === "ready") {
    if (problem) return [el("p", { class: "list-trouble", role: "alert" }, text("listStale"), " ", button())];
    return number ? [] : [el("p", { class: "list-empty" }, text(empty))];
  }
  if (now === "loading") return [el("div", { class: "skeleton list-skeleton", "data-state": "loading", "aria-hidden": "true" }, ["", "", "", "", ""].map(() => el("i")))];
  const words = el("p", {}, now === "refused" ? refusedWords("listRefused") : text(LIST_WORDS[now] ?? "listFailed"));
  const act = now === "refused" ? signInButton({ signIn }) : now === "absent" ? null : button();
  return [el("div", { class: "list-empty", role: "alert", "data-state": now }, words, act)];
}
