/** The first card: which cell this is, who answers for it, how accurate the fix is, and what may be wrong with it. */

import { callLink } from "../shared/answer_people.js";
import { codeText, drawing, el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { loadingState, problemState } from "../shared/states.js";

const WARNING = ["M10 3 2.5 16.5h15Z", "M10 8v4.2M10 14.4v.4"];
const warning = (words) => el("p", { class: "field-warning", role: "status" }, drawing(...WARNING), el("span", {}, words));

/** What the answer and the sent fix tell: outside one's own territory, a wrong datum, a rough fix. */
function warnings({ flags, areas, trace }, own, fix) {
  const found = [];
  const outside = fix?.warnings?.includes("OUTSIDE_TERRITORY") ?? (own && !areas.some(({ code }) => code === own));
  if (outside) found.push(warning(text("outsideOwn", { area: areas.at(-1)?.name ?? "–" })));
  if (flags.includes("SUSPECT_DATUM") || fix?.warnings?.includes("SUSPECT_DATUM")) {
    const line = trace.find(({ code }) => code === "FLAG_SUSPECT_DATUM");
    found.push(warning(line?.[language()] ?? term("flag", "SUSPECT_DATUM")));
  }
  if (flags.includes("LOW_ACCURACY")) found.push(warning(text("roughFix")));
  if (flags.includes("NEAR_BOUNDARY")) found.push(warning(term("flag", "NEAR_BOUNDARY")));
  return found;
}

function chiefRow({ chief, segment, people }) {
  const phone = people.find(({ person, phone: number }) => chief && person === chief.person && number)?.phone;
  return el(
    "p",
    { class: "field-chief" },
    el("span", {}, chief ? term("role", chief.role) : text("chiefHere")),
    el("b", {}, chief ? chief.name : text("noChiefHere")),
    segment ? el("small", {}, segment.name) : null,
    phone ? callLink(phone) : null,
  );
}

/** @param state {kind: "locating"|"failed"|"loading"|"problem"|"answer", answer, place, problem, own, fix, retry} */
export function whereView(state) {
  if (state.kind === "locating" || state.kind === "loading") return [el("p", { class: "field-note" }, text("locating")), loadingState()];
  if (state.kind === "failed") return [el("h2", {}, text("noFix")), el("p", { class: "field-note" }, text("noFixBody"))];
  if (state.kind === "problem") return [problemState(state.problem, { retry: state.retry, readAs: state.readAs, clear: null })];
  const { answer, place, own, fix } = state;
  const accuracy = place.accuracy_m ? text("accuracyHere", { metres: Math.round(place.accuracy_m) }) : text("accuracyUnknown");
  return [
    el("h2", {}, answer.cell ? answer.cell.name || codeText(answer.cell.code) : (answer.areas.at(-1)?.name ?? text("noCell"))),
    answer.cell?.name ? el("p", { class: "field-code" }, codeText(answer.cell.code)) : null,
    el("p", { class: "field-note" }, answer.areas.map(({ name }) => name).join(" › ")),
    chiefRow(answer),
    el("p", { class: "field-note" }, `${term("match", answer.match)} · ${accuracy}`),
    ...warnings(answer, own, fix),
  ].filter(Boolean);
}
