/** Recording an incident at the place of an answer: marker at once, number as soon as it is known, nothing sent twice. */

import { request } from "../shared/api.js";
import { isUnsettled, makeAttempt } from "../shared/attempt.js";
import { rememberCategory } from "../shared/category_choice.js";
import { text } from "../shared/language.js";
import { may, session } from "../shared/session.js";
import { askSignIn } from "../shared/who.js";
import { makeRecordForm } from "./record_form.js";

/** The row that stands in the list until the answer comes; its number is the attempt's key. */
const waitingItem = (key, answer, body, now) => ({
  number: key,
  pending: true,
  state: "REPORTED",
  location: answer.location,
  category: body.category ?? null,
  category_name: null,
  description: body.description,
  address: body.address ?? "",
  reported_at: now.toISOString(),
  cell: answer.cell,
  segment: answer.segment,
  areas: answer.areas,
  lead: answer.departments.find(({ part }) => part === "LEAD") ?? null,
});

const placeWords = ({ cell, areas }) => [cell?.name || cell?.code, ...areas.map(({ name }) => name).reverse()].filter(Boolean).join(" · ");

/** @param parts {store, inspector, opened(number), back()}; @returns {start(answer, asked), photosLeft(number)} */
export function makeRecording({ store, inspector, opened, back }) {
  const unsent = new Map();

  async function sendPhotos(number, files) {
    const left = [];
    for (const file of files) {
      const path = `api/v1/incidents/${encodeURIComponent(number)}/photos`;
      await request("POST", path, { bytes: file, headers: { "Content-Type": file.type } }).catch(() => left.push(file));
    }
    if (left.length) unsent.set(number, left);
    else unsent.delete(number);
  }

  function bodyOf(answer, asked, fields) {
    const { submitted, accuracy_m } = answer.location;
    const [lon, lat, datum] = submitted ? [submitted.x, submitted.y, submitted.datum] : [asked.lon, asked.lat, asked.datum];
    return { location: { lon, lat, datum, ...(accuracy_m ? { accuracy_m } : {}) }, ...fields };
  }

  /** What to say when a report was not taken. */
  function reason(problem) {
    const keys = { offline: "recordOffline", refused: "recordRefused", outside: "outsideBody", "not-ready": "recordBusy", absent: "recordAbsent", "too-often": "signInTooOften" };
    return keys[problem.kind] ? text(keys[problem.kind]) : isUnsettled(problem) ? text("recordBusy") : problem.message;
  }

  async function record(answer, asked) {
    let attempt = null;
    let sent = null;
    let waiting = null;
    const again = () => attempt && send(sent.fields, sent.files);

    async function send(fields, files) {
      if (!attempt) {
        const body = bodyOf(answer, asked, fields);
        attempt = makeAttempt("api/v1/incidents", body);
        sent = { fields, files };
        waiting = attempt.key;
        store.add(waitingItem(waiting, answer, body, new Date()));
      }
      form.setBusy(true);
      form.fail("");
      try {
        const { body: incident } = await attempt.send();
        removeEventListener("online", again);
        rememberCategory(fields.category);
        await sendPhotos(incident.number, files);
        if (waiting) store.add(incident, { replaces: waiting });
        waiting = null;
        opened(incident.number);
      } catch (problem) {
        const open = isUnsettled(problem);
        form.fail(reason(problem));
        form.setBusy(false, open);
        if (open) addEventListener("online", again, { once: true });
        else {
          store.remove(waiting);
          attempt = null;
        }
      }
    }

    const form = makeRecordForm(
      { words: placeWords(answer), category: asked.category, role: session().role },
      {
        send,
        cancel() {
          removeEventListener("online", again);
          if (waiting) store.remove(waiting);
          back();
        },
      },
    );
    inspector.show(() => form.node, text("recordTitle"));
    form.focus();
  }

  return {
    /** Opens the form; a visitor is asked to sign in first. */
    async start(answer, asked) {
      if (!may("RECORD_INCIDENT")) {
        if (!(await askSignIn())) return;
        // The answer is asked anew for whoever is here now; the form comes after it.
        await back();
      }
      if (!may("RECORD_INCIDENT")) return inspector.say(text("recordRefused"));
      record(answer, asked);
    },
    unsent: (number) => unsent.get(number) ?? [],
    async sendPhotosAgain(number) {
      await sendPhotos(number, unsent.get(number) ?? []);
      opened(number);
    },
  };
}
