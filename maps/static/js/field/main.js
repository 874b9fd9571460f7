/** The phone page: where am I, who answers here, report it, what I sent. */

import { Problem, resolvePlace, sendJson } from "../shared/api.js";
import { parsePair } from "../shared/coordinates.js";
import { addTexts, language, preferredLanguage, setLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { askSignIn, makeWho } from "../shared/who.js";
import { makeOutgoing } from "./outgoing.js";
import { makePosition } from "./position.js";
import { makeReport } from "./report.js";
import { makeSent } from "./sent.js";
import { makeSurroundings } from "./surroundings.js";
import { TEXTS } from "./texts.js";
import { whereView } from "./where.js";

const SOURCES = { LANE_CHIEF: "CHIEF", STEWARD: "STEWARD" };

addTexts(TEXTS);
const map = window.map_city;
const where = document.getElementById("where");
const reportButton = document.getElementById("report");
let shown = { kind: "locating" };
let asking = null;

const outgoing = makeOutgoing(() => sent.draw(), () => sent.load());
const sent = makeSent(outgoing, () => session().login && may("READ_INCIDENTS"));
const report = makeReport(outgoing, () => SOURCES[session().role] ?? "COLLECTOR");
const surroundings = makeSurroundings(map, (lon, lat, datum) => position.choose(lon, lat, datum));
const position = makePosition(answer, (state) => state !== "found" && show({ kind: state }));
const who = makeWho();

function show(state) {
  shown = state;
  where.replaceChildren(...whereView(state));
  const known = state.kind === "answer";
  reportButton.disabled = !known || Boolean(session().login && !may("RECORD_INCIDENT"));
  reportButton.textContent = text(session().login ? (may("RECORD_INCIDENT") ? "report" : "mayNotReport") : "signInToReport");
}

/** Tell the server where I am, as field staff does; its warnings know my territory. */
async function sendFix(place) {
  if (!session().login || !may("SEND_FIXES") || place.byHand) return null;
  const { lon, lat, datum, accuracy_m } = place;
  const fix = { lon, lat, datum, at: new Date().toISOString(), ...(accuracy_m ? { accuracy_m } : {}) };
  const body = await sendJson("POST", "api/v1/fixes", { fixes: [fix] }).catch(() => null);
  return body?.results?.[0] ?? null;
}

async function answer(place) {
  asking?.abort();
  const { signal } = (asking = new AbortController());
  show({ kind: "loading" });
  const sending = sendFix(place);
  try {
    const found = await resolvePlace(place, signal);
    surroundings.show(found);
    const state = { kind: "answer", answer: found, place, own: session().area };
    show(state);
    // The answer does not wait for the fix; what the service says of that comes after.
    const fix = await sending;
    if (fix && !signal.aborted) show({ ...state, fix });
  } catch (problem) {
    if (problem.name === "AbortError" || signal.aborted) return;
    const told = problem instanceof Problem ? problem : new Problem("failed", 0);
    show({ kind: "problem", problem: told, retry: () => answer(place), readAs: (datum) => position.choose(place.lon, place.lat, datum) });
  }
}

function speak(lang) {
  setLanguage(lang);
  document.getElementById("language").textContent = text("switchTo");
  who.translate();
  show(shown);
  sent.draw();
}

document.getElementById("language").addEventListener("click", () => speak(language() === "zh" ? "en" : "zh"));
document.getElementById("locate").addEventListener("click", position.locate);
document.getElementById("show-sent").addEventListener("click", () => document.getElementById("sent").scrollIntoView({ block: "start" }));
reportButton.addEventListener("click", async () => {
  if (!session().login && !(await askSignIn())) return;
  if (may("RECORD_INCIDENT") && position.place()) report.open(position.place());
});
document.getElementById("other-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const pair = parsePair(document.getElementById("other-text").value);
  const error = document.getElementById("other-error");
  error.hidden = Boolean(pair && !pair.swapped);
  if (!pair) error.textContent = text("badPlace", { example: "116.3975, 39.9087" });
  else if (pair.swapped) error.textContent = text("swappedPlace", pair);
  else position.choose(pair.lon, pair.lat, document.getElementById("other-datum").value);
});
speak(preferredLanguage(new URLSearchParams(location.search).get("lang")));
onSession(() => (show(shown), sent.load()));
await loadSession();
surroundings.start();
position.locate();
