/** The first card: which cell this is, who answers for it, how accurate the fix is, and what may be wrong with it. */

import { passedPosts, standInText } from "../shared/answer_people.js";
import { codeText, drawing, el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { putPhone } from "../shared/phones.js";
import { loadingState, problemState } from "../shared/states.js";
import { timeNode } from "../shared/times.js";
import { askSignIn } from "../shared/who.js";

const WARNING = ["M10 3 2.5 16.5h15Z", "M10 8v4.2M10 14.4v.4"];
const warning = (...words) => el("div", { class: "field-warning", role: "status" }, drawing(...WARNING), el("div", {}, words));

/** Whether a place lies outside the area that an account is for. */
export const isOutside = ({ areas }, own) => Boolean(own) && !areas.some(({ code }) => code === own);

/** What is known of one's own territory: the service's word on the fix, else the area of the account. */
function territoryWarning(answer, { own, ownName, fix }) {
  const outsideArea = isOutside(answer, own);
  if (!(fix?.warnings?.includes("OUTSIDE_TERRITORY") ?? outsideArea)) return null;
  const here = answer.areas.at(-1)?.name ?? text("noCell");
  return warning(outsideArea ? text("outsideArea", { here, own: ownName ?? own }) : text("outsideOwn", { here }));
}

/** What the answer and the sent fix tell: outside one's own territory, a wrong datum, a rough fix. */
function warnings(answer, state) {
  const { flags, trace } = answer;
  const found = [territoryWarning(answer, state)];
  if (flags.includes("SUSPECT_DATUM") || state.fix?.warnings?.includes("SUSPECT_DATUM")) {
    const line = trace.find(({ code }) => code === "FLAG_SUSPECT_DATUM");
    found.push(warning(el("p", {}, line?.[language()] ?? term("flag", "SUSPECT_DATUM")), el("p", {}, text("datumAdvice"))));
  }
  if (flags.includes("LOW_ACCURACY")) found.push(warning(text("roughFix")));
  if (flags.includes("NEAR_BOUNDARY")) found.push(warning(term("flag", "NEAR_BOUNDARY")));
  return found;
}

function chiefRow({ chief, segment, trace }) {
  const call = el("span", { class: "field-call" });
  if (chief) putPhone(call, "people", chief.person);
  const words = [
    el("span", {}, chief ? term("role", chief.role) : text("chiefHere")),
    el("b", {}, chief ? chief.name : text("noChiefHere")),
    segment ? el("small", {}, segment.name) : null,
  ];
  const more = [chief?.stand_in_for ? standInText(chief.stand_in_for) : null, chief ? passedPosts(trace) : null];
  return el("div", { class: "field-chief" }, el("div", {}, el("p", {}, words), more), call);
}

function answerView({ answer, place, ...rest }) {
  const accuracy = place.accuracy_m ? text("accuracyHere", { metres: Math.round(place.accuracy_m) }) : text("accuracyUnknown");
  return [
    el("h2", {}, placeName(answer)),
    answer.cell?.name ? el("p", { class: "field-code" }, codeText(answer.cell.code)) : null,
    el("p", { class: "field-note" }, answer.areas.map(({ name }) => name).join(" › ")),
    chiefRow(answer),
    el("p", { class: "field-note" }, `${term("match", answer.match)} · ${accuracy}`),
    ...warnings(answer, rest),
  ].filter(Boolean);
}

/** The answer's cell, or where there is none its deepest area, in words. */
export const placeName = ({ cell, areas }) => (cell ? cell.name || cell.code : (areas.at(-1)?.name ?? text("noCell")));

/** A place that nobody has named yet. */
export const coordinatesOf = ({ lon, lat, datum }) => `${lon.toFixed(5)}, ${lat.toFixed(5)} (${datum})`;

/** What is waited for: the device's fix, or the answer for it. */
const waitingLine = ({ kind }) => el("p", { class: "field-note" }, text(kind === "loading" ? "asking" : "locating"));

/** Why there is no newer answer, in a line above the one that is known. */
function whyOld(state) {
  const again = (key) => el("button", { class: "plain", type: "button", onclick: state.retry }, text(key));
  if (state.kind === "failed") return warning(el("p", {}, text("noFixBody")));
  if (state.kind === "problem") return warning(el("p", {}, text(state.problem.kind === "offline" ? "noNetwork" : "noAnswerNow")), again("retry"));
  return waitingLine(state);
}

/** The last answer as long as there is no newer one, with its time; a report goes out from where one is by now. */
function keptView(state, known) {
  const moved = state.place && state.place !== known.place;
  return [
    whyOld(state),
    el("div", { class: "field-kept" },
      el("p", { class: "field-since" }, text("lastKnown"), " ", timeNode(known.answer.at)),
      moved ? el("p", { class: "field-note" }, text("reportsFrom", { place: coordinatesOf(state.place) })) : null,
      answerView(known)),
  ];
}

/**
 * @param state {kind: "locating"|"failed"|"loading"|"problem"|"answer", answer, place, problem, own, ownName, fix, retry}
 * @param known the state that had the last answer, where that still holds
 */
export function whereView(state, known) {
  if (state.kind === "answer") return answerView(state);
  if (known) return keptView(state, known);
  if (state.kind === "failed") return [el("h2", {}, text("noFix")), el("p", { class: "field-note" }, text("noFixBody"))];
  if (state.kind === "problem") return [problemState(state.problem, { retry: state.retry, readAs: state.readAs, signIn: askSignIn, clear: null })];
  return [waitingLine(state), loadingState()];
}
