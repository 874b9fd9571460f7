/** The console's own parts of an answer or incident: what is open here, numbers to ring, links of the trace, buttons. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { makeDispute } from "./dispute_form.js";
import { makeAgain } from "./incident_again.js";
import { namedThing } from "./named_things.js";
import { openHerePart } from "./open_here.js";
import { putPhone } from "./phones.js";
import { makeRecording } from "./recording.js";
import { thingLink } from "./thing_link.js";

/** Links of a trace to what its lines name. */
const linksOf = (answer, select) => (line, index) => {
  const thing = namedThing(answer, line, index);
  return thing && thingLink(thing, select);
};

/** @returns {ofAnswer(answer, asked), ofIncident, reopen(key), record} */
export function makeAnswerExtras({ store, inspector, editions, open, select, again }) {
  const recording = makeRecording({ store, inspector, opened: open, back: again });
  const dispute = makeDispute({ inspector, back: again });
  const quiet = (key, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key));
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
        phone: putPhone,
        link: linksOf(answer, select),
        actions: () => ({
          // An incident is answered by what is so now: not beside an answer of another time.
          primary: editions.isPast() ? null : el("button", { class: "primary", type: "button", "data-act": "record", onclick: latest }, text("record")),
          quiet: [quiet("dispute", () => dispute(aboutPlace(answer, asked)))],
        }),
      };
    },
    ofIncident: {
      phone: putPhone,
      link: (answer) => linksOf(answer, select),
      actions(incident) {
        const again = incident.resolution ? makeAgain(incident) : null;
        return { quiet: [quiet("dispute", () => dispute(aboutIncident(incident))), again?.button], after: again?.node };
      },
      note(number) {
        const left = recording.unsent(number);
        return left.length ? el("p", { class: "form-error", role: "alert" }, text("photosUnsent", { number: left.length }), " ", quiet("retry", () => recording.sendPhotosAgain(number))) : null;
      },
    },
    reopen: recording.reopen,
    /** The key for a new incident: at the answer that is shown. */
    record: () => (document.querySelector('[data-act="record"]') ? latest?.() : inspector.say(text("recordNeedsPlace"))),
  };
}
