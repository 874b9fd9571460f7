/** The console's own parts of an answer or incident: what is open here, numbers to ring, links of the trace, buttons. */

import { codeText, el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { linkTo } from "./address.js";
import { makeDispute } from "./dispute_form.js";
import { openHerePart } from "./open_here.js";
import { putPhone } from "./phones.js";
import { makeRecording } from "./recording.js";

/** What an answer names by a code, as selections; the rest of the trace stays text. */
function namedThings({ cell, segment, nearest_segment, areas, candidates }) {
  const named = new Map(candidates.map(({ code }) => [code, { kind: "cell", code }]));
  if (cell) named.set(cell.code, { kind: "cell", code: cell.code });
  for (const one of [segment, nearest_segment].filter(Boolean)) named.set(one.code, { kind: "segment", code: one.code });
  for (const { code } of areas) named.set(code, { kind: "area", code });
  return named;
}

function thingLink(thing, select) {
  const link = el("a", { href: linkTo(thing) }, codeText(thing.code));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(thing);
  });
  return link;
}

/** @returns {ofAnswer(answer, asked), ofIncident, record} */
export function makeAnswerExtras({ store, inspector, open, select, again }) {
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
      const named = namedThings(answer);
      latest = () => recording.start(answer, asked);
      return {
        before: () => openHerePart(answer, open),
        phone: putPhone,
        link: (id) => (named.has(id) ? thingLink(named.get(id), select) : null),
        actions: () => ({
          primary: el("button", { class: "primary", type: "button", "data-act": "record", onclick: latest }, text("record")),
          quiet: [quiet("dispute", () => dispute(aboutPlace(answer, asked)))],
        }),
      };
    },
    ofIncident: {
      phone: putPhone,
      actions: (incident) => ({ quiet: [quiet("dispute", () => dispute(aboutIncident(incident)))] }),
      note(number) {
        const left = recording.unsent(number);
        return left.length ? el("p", { class: "form-error", role: "alert" }, text("photosUnsent", { number: left.length }), " ", quiet("retry", () => recording.sendPhotosAgain(number))) : null;
      },
    },
    /** The key for a new incident: at the answer that is shown. */
    record: () => (document.querySelector('[data-act="record"]') ? latest?.() : inspector.say(text("recordNeedsPlace"))),
  };
}
