/**
 * What is on its way to the server. Each report has one key for all its attempts, so that it arrives once however often it
 * is sent. It waits in this page until it is there; keeping it over a restart of the phone is the later queue's work.
 */

import { Problem, request } from "../shared/api.js";
import { isUnsettled, makeAttempt } from "../shared/attempt.js";
import { isFinal } from "../shared/missing_photos.js";
import { session } from "../shared/session.js";

const AGAIN_MS = 15_000;

/** Whether what did not arrive is tried again by itself: it was not refused. */
const comesAgain = ({ problem }) => !problem || isUnsettled(problem);

/** @param onChange called whenever something is sent, waits or fails; @param onArrival once one has arrived */
export function makeOutgoing(onChange, onArrival) {
  let waiting = [];

  async function deliver(item) {
    item.incident ??= (await item.report.send()).body;
    while (item.photos.length) {
      const [photo] = item.photos;
      try {
        await request("POST", `api/v1/incidents/${encodeURIComponent(item.incident.number)}/photos`, { bytes: photo, headers: { "Content-Type": photo.type } });
        item.arrived += 1;
      } catch (problem) {
        if (!isFinal(problem)) throw problem;
        item.refused = [...item.refused, { photo, problem }];
      }
      item.photos.shift();
    }
  }

  const leave = (item) => (waiting = waiting.filter((one) => one !== item));

  /** Try one; it stays when it did not arrive. Whoever asks while it is under way waits for the same. */
  async function attempt(item) {
    item.problem = null;
    onChange();
    try {
      await deliver(item);
      if (!item.refused.length) leave(item);
      onArrival();
      return true;
    } catch (problem) {
      item.problem = problem instanceof Problem ? problem : new Problem("failed", 0);
      return false;
    } finally {
      item.running = null;
      onChange();
    }
  }

  /** A report goes out by the account that wrote it, and by no other that signed in on the same phone since. */
  const isOurs = (item) => item.login === session().login;
  const send = (item) => (item.running ??= isOurs(item) ? attempt(item) : Promise.resolve(false).finally(() => (item.running = null)));

  async function sendWaiting() {
    for (const item of waiting) if (comesAgain(item) && !isSettled(item)) await send(item);
  }

  /** Whether nothing of it is still to be sent; it stays only to tell of photos that were refused. */
  const isSettled = ({ incident, photos, running }) => Boolean(incident) && !photos.length && !running;

  addEventListener("online", sendWaiting);
  setInterval(sendWaiting, AGAIN_MS);
  return {
    /** @returns the item, {incident, problem, photos: those that still wait, arrived: how many are there, refused: {photo, problem} of the others} */
    async send(body, photos) {
      const report = makeAttempt("api/v1/incidents", body);
      const item = { report, body, photos: [...photos], arrived: 0, refused: [], since: new Date().toISOString(), login: session().login, incident: null, problem: null, running: null };
      waiting = [...waiting, item];
      await send(item);
      return item;
    },
    retry: send,
    isOurs,
    comesAgain,
    discard(item) {
      leave(item);
      onChange();
    },
    /** Other photos instead of those that were refused. */
    replacePhotos(item, photos) {
      [item.photos, item.refused] = [[...item.photos, ...photos], []];
      return send(item);
    },
    isSettled,
    waiting: () => waiting,
  };
}
