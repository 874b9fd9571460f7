/**
 * The phone page: where am I, who answers here, report it, what I sent. It has no search: one hand in a glove types no
 * names, the device knows where it is, and the console, which fits a phone, finds everything else.
 * "My tasks" will stand between `where` and `other` of its template; the offline queue goes into `outgoing.js`.
 */

import { Problem, resolvePlace, sendJson } from "../shared/api.js";
import { isUnsettled } from "../shared/attempt.js";
import { makeBar } from "../shared/bar.js";
import { followEditions } from "../shared/edition_in_force.js";
import { addTexts, preferredLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { refreshTimes } from "../shared/times.js";
import { askSignIn, makeWho } from "../shared/who.js";
import { listenToOtherPlace } from "./other_place.js";
import { makeOutgoing } from "./outgoing.js";
import { makePosition } from "./position.js";
import { makeReport } from "./report.js";
import { makeSent } from "./sent.js";
import { makeSurroundings } from "./surroundings.js";
import { areaName } from "./territory.js";
import { TEXTS } from "./texts.js";
import { isOutside, placeName, whereView } from "./where.js";

const REFRESH_MS = 30_000;
const SOURCES = { LANE_CHIEF: "CHIEF", STEWARD: "STEWARD" };

addTexts(TEXTS);
const map = window.map_city;
const where = document.getElementById("where");
const reportButton = document.getElementById("report");
let shown = { kind: "locating" };
/** The last answer: it stays, with its time, while nothing newer is known of the place. */
let known = null;
let asking = null;
let met;

const outgoing = makeOutgoing(() => sent.draw(), () => (sent.load(), askAgain()));
const sent = makeSent(outgoing, () => session().login && may("READ_INCIDENTS"));
const report = makeReport(outgoing, () => SOURCES[session().role] ?? "COLLECTOR", (place) => (known?.place === place ? placeName(known.answer) : null));
const surroundings = makeSurroundings(map, (lon, lat, datum) => position.choose(lon, lat, datum));
const position = makePosition(answer, located);
const bar = makeBar([makeWho(), { translate: () => (show(shown), sent.draw()) }], (lang) => lang && history.replaceState(null, "", `?lang=${lang}`));
const editions = followEditions(bar.show);

/** Whether the service has said what is wrong with the place, and not only failed to say anything. */
const isRefused = ({ kind, problem }) => kind === "problem" && !isUnsettled(problem);

function show(state) {
  shown = state;
  if (state.kind === "answer") known = state;
  else if (isRefused(state)) known = null;
  where.replaceChildren(...whereView(state, known));
  report.named();
  const signedIn = Boolean(session().login);
  const ready = position.place() && may("RECORD_INCIDENT") && !isRefused(state);
  reportButton.disabled = met === undefined || (signedIn && !ready);
  reportButton.textContent = text(signedIn ? (may("RECORD_INCIDENT") ? "report" : "mayNotReport") : "signInToReport");
}

/** What the device said: a place that was known before is not forgotten for that it finds no newer one. */
function located(state) {
  if (state === "found") return;
  const place = position.place();
  if (state === "failed" && place && !known) answer(place);
  else show({ kind: state, place });
}

/** Whoever had no answer for want of a connection asks again when it is back. */
function askAgain() {
  if (shown.kind === "problem" && isUnsettled(shown.problem)) answer(position.place());
}

/** Tell the server where I am, as field staff does; its warnings know my territory. */
async function sendFix(place) {
  if (!session().login || !may("SEND_FIXES") || place.byHand) return null;
  const { lon, lat, datum, accuracy_m, at } = place;
  const fix = { lon, lat, datum, at, ...(accuracy_m ? { accuracy_m } : {}) };
  const body = await sendJson("POST", "api/v1/fixes", { fixes: [fix] }).catch(() => null);
  return body?.results?.[0] ?? null;
}

/** More is known of an answer; what has happened since stays before it. */
function amend(state, more) {
  if (shown === state) show(more);
  else if (known === state) {
    known = more;
    show(shown);
  }
}

async function answer(place) {
  asking?.abort();
  const { signal } = (asking = new AbortController());
  show({ kind: "loading", place });
  surroundings.mark(place);
  const sending = sendFix(place);
  try {
    const found = await resolvePlace(place, signal);
    surroundings.show(found);
    if (found.edition !== editions.edition()?.number) editions.check();
    const own = session().area;
    const state = { kind: "answer", answer: found, place, own };
    show(state);
    // The answer does not wait for the fix; what the service says of that comes after.
    const [fix, ownName] = await Promise.all([sending, isOutside(found, own) ? areaName(own) : null]);
    if (fix || ownName) amend(state, { ...state, fix, ownName });
  } catch (problem) {
    if (problem.name === "AbortError" || signal.aborted) return;
    const told = problem instanceof Problem ? problem : new Problem("failed", 0);
    show({ kind: "problem", place, problem: told, retry: () => answer(place), readAs: (datum) => position.choose(place.lon, place.lat, datum) });
  }
}

/** Somebody else is here: what they may see of the place is asked anew. */
function meet({ login }) {
  const changed = login !== met;
  met = login;
  if (changed) surroundings.start();
  if (changed && position.place()) {
    known = null;
    answer(position.place());
  } else show(shown);
  sent.load();
  if (may("READ_EDITIONS")) editions.open().then(bar.show, () => {});
}

document.getElementById("locate").addEventListener("click", position.locate);
document.getElementById("show-sent").addEventListener("click", () => document.getElementById("sent").scrollIntoView({ block: "start" }));
reportButton.addEventListener("click", async () => {
  if (!session().login && !(await askSignIn())) return;
  if (may("RECORD_INCIDENT") && position.place()) report.open(position.place());
});
listenToOtherPlace(position.choose);
bar.speak(preferredLanguage(new URLSearchParams(location.search).get("lang")));
await loadSession();
onSession(meet);
addEventListener("online", askAgain);
setInterval(() => refreshTimes(document.getElementById("main")), REFRESH_MS);
position.locate();
