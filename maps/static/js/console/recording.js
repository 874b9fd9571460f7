/** Recording an incident at the place of an answer: marker at once, number as soon as it is known, nothing sent twice. */

import { request } from "../shared/api.js";
import { isUnsettled, makeAttempt } from "../shared/attempt.js";
import { rememberCategory } from "../shared/category_choice.js";
import { text } from "../shared/language.js";
import { may, session } from "../shared/session.js";
import { refusedWords, toldWords } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";
import { makeRecordForm } from "./record_form.js";
import { waitingItem } from "./waiting_item.js";

const placeWords = ({ cell, areas }) => [cell?.name || cell?.code, ...areas.map(({ name }) => name).reverse()].filter(Boolean).join(" · ");

/** @param parts {store, inspector, opened(number), back(), tell(key)}; @returns {start(answer, asked), reopen(key), unsent(number), sendPhotosAgain(number)} */
export function makeRecording({ store, inspector, opened, back, tell }) {
  const unsent = new Map();
  const open = new Map();

  async function sendPhotos(number, files) {
    const left = [];
    for (const photo of files) {
      const path = `api/v1/incidents/${encodeURIComponent(number)}/photos`;
      await request("POST", path, { bytes: photo, headers: { "Content-Type": photo.type } }).catch((problem) => left.push({ photo, problem }));
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
    const keys = { offline: "recordOffline", outside: "outsideBody", "not-ready": "recordBusy", absent: "recordAbsent", "too-often": "signInTooOften" };
    if (problem.kind === "refused") return refusedWords("signInFirst");
    return keys[problem.kind] ? text(keys[problem.kind]) : isUnsettled(problem) ? text("recordBusy") : toldWords(problem.body);
  }

  function record(answer, asked) {
    let attempt = null;
    let sent = null;
    let waiting = null;
    const again = () => attempt && send(sent.fields, sent.files);
    const isShown = () => form.node.isConnected;

    /** The row in the list that stands for the report; a click on it brings the form back. */
    function wait(body, state) {
      waiting = attempt.key;
      open.set(waiting, show);
      store.add({ ...waitingItem(waiting, answer, body), pending: state });
    }

    function settle(incident) {
      open.delete(waiting);
      if (incident) store.add(incident, { replaces: waiting });
      else if (waiting) store.remove(waiting);
      waiting = null;
    }

    async function send(fields, files) {
      if (!attempt) {
        attempt = makeAttempt("api/v1/incidents", bodyOf(answer, asked, fields));
        sent = { fields, files };
      }
      wait(fields, "sending");
      form.setBusy(true);
      form.fail("");
      try {
        const { body: incident } = await attempt.send();
        removeEventListener("online", again);
        rememberCategory(fields.category);
        await sendPhotos(incident.number, files);
        settle(incident);
        if (isShown()) {
          opened(incident.number);
          inspector.focus();
        } else inspector.say(text("saidRecorded", { number: incident.number }));
      } catch (problem) {
        const unsettled = isUnsettled(problem);
        form.fail(reason(problem));
        form.setBusy(false, unsettled);
        wait(fields, "failed");
        if (unsettled) addEventListener("online", again, { once: true });
        else {
          if (isShown()) settle(null);
          attempt = null;
        }
      }
    }

    const form = makeRecordForm(
      { words: placeWords(answer), category: asked.category, role: session().role },
      {
        send: (fields, files) => (waiting && !attempt && settle(null), send(fields, files)),
        async cancel() {
          removeEventListener("online", again);
          settle(null);
          await back();
          inspector.focus("record");
        },
      },
    );
    const show = () => {
      inspector.show(() => form.node, text("recordTitle"));
      form.focus();
    };
    show();
  }

  return {
    /** Opens the form; a visitor is asked to sign in first. */
    async start(answer, asked) {
      if (!may("RECORD_INCIDENT") && !session().login) {
        if (!(await askSignIn())) return;
        // The answer is asked anew for whoever is here now; the form comes after it.
        await back();
      }
      if (may("RECORD_INCIDENT")) record(answer, asked);
      else tell("mayNotRecord");
    },
    /** Show the form of a report that is not there yet. @returns whether there was one */
    reopen(key) {
      open.get(key)?.();
      return open.has(key);
    },
    unsent: (number) => unsent.get(number) ?? [],
    async sendPhotosAgain(number) {
      await sendPhotos(number, (unsent.get(number) ?? []).map(({ photo }) => photo));
      opened(number);
    },
  };
}
