/** The console's own parts of an answer or incident: what is open here, numbers to ring, links of the trace, buttons. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { isFinal, missingWords } from "../shared/missing_photos.js";
import { putPhone } from "../shared/phones.js";
import { isBarred } from "../shared/session.js";
import { makeDispute } from "./dispute_form.js";
import { makeAgain } from "./incident_again.js";
import { namedRule, namedThing, namesIn } from "./named_things.js";
import { namedLink, putName } from "./names.js";
import { openHerePart } from "./open_here.js";
import { makeRecording } from "./recording.js";
import { thingLink } from "./thing_link.js";

/** What the page adds to any answer: numbers to ring, names, and links to what rules and lines of the trace name. */
function partsOf(answer, select) {
  const names = namesIn(answer);
  const linkOf = (thing) => {
    if (names.has(thing.code)) return thingLink(thing, select, names.get(thing.code));
    if (thing.kind !== "row" || NAMED.includes(thing.table)) return namedLink(thing, select);
    const link = thingLink(thing, select, term("table", thing.table));
    link.title = thing.code;
    return link;
  };
  return {
    phone: putPhone,
    name: (node, table, code) => putName(node, { kind: "row", table, code }),
    link(line, index) {
      const thing = namedThing(answer, line, index);
      return thing && linkOf(thing);
    },
    rule(department) {
      const thing = namedRule(department);
      return thing && thingLink(thing, select, term("rule", department.rule));
    },
  };
}

/** Tables whose rows have names of their own; the others' are called by what they are. */
const NAMED = ["departments", "people", "categories"];

/** @param parts `tell(key)` says something where everybody sees it; @returns {ofAnswer(answer, asked), ofIncident, reopen(key), record} */
export function makeAnswerExtras({ store, inspector, editions, open, select, again, tell }) {
  const recording = makeRecording({ store, inspector, opened: open, back: again, tell });
  const dispute = makeDispute({ inspector, back: again, tell });
  const quiet = (key, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key));
  const disputeButton = (about) => (isBarred("DISPUTE") ? null : el("button", { class: "plain", type: "button", "data-act": "dispute", onclick: () => dispute(about) }, text("dispute")));
  let latest = null;

  /** `submitted` is the pair as given, x before y. */
  function aboutPlace({ location: { submitted } }, asked) {
    return { location: { lon: submitted.x, lat: submitted.y, datum: submitted.datum }, ...(asked.category ? { category: asked.category } : {}) };
  }

  function aboutIncident({ number, location, resolution }) {
    const given = resolution?.location.submitted ?? location.submitted ?? { x: location.lon, y: location.lat, datum: location.datum ?? "WGS84" };
    return { location: { lon: given.x, lat: given.y, datum: given.datum }, incident: number };
  }

  return {
    ofAnswer(answer, asked) {
      latest = () => recording.start(answer, asked);
      return {
        before: () => openHerePart(answer, open),
        ...partsOf(answer, select),
        actions: () => ({
          // An incident is answered by what is so now: not beside an answer of another time.
          primary: editions.isPast() || isBarred("RECORD_INCIDENT") ? null : el("button", { class: "primary", type: "button", "data-act": "record", onclick: latest }, text("record")),
          quiet: [disputeButton(aboutPlace(answer, asked))],
        }),
      };
    },
    ofIncident: {
      parts: (answer) => partsOf(answer, select),
      thing: (thing) => namedLink(thing, select),
      actions(incident) {
        const again = incident.resolution ? makeAgain(incident) : null;
        return { quiet: [disputeButton(aboutIncident(incident)), again?.button], after: again?.node };
      },
      note(number) {
        const left = recording.unsent(number);
        if (!left.length) return null;
        const again = left.every(({ problem }) => isFinal(problem)) ? null : quiet("retry", () => recording.sendPhotosAgain(number));
        return el("p", { class: "form-error", role: "alert" }, missingWords(left), " ", again);
      },
    },
    reopen: recording.reopen,
    /** The key for a new incident: at the answer that is shown, else saying what is wanted first. */
    record() {
      if (document.querySelector('[data-act="record"]')) latest?.();
      else if (!inspector.isWriting()) tell(isBarred("RECORD_INCIDENT") ? "mayNotRecord" : editions.isPast() ? "recordNotPast" : "recordNeedsPlace");
    },
  };
}
