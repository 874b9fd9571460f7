/**
 * What is on its way to the server. Each report has one key for all its attempts, so that it arrives once however often it
 * is sent. It waits in this page until it is there; keeping it over a restart of the phone is the later queue's work.
 */

import { Problem, request } from "../shared/api.js";

const AGAIN_MS = 15_000;

/** A key that never repeats; browsers offer randomUUID on secure pages only. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param onChange called whenever something is sent, waits or fails */
export function makeOutgoing(onChange) {
  const waiting = [];
  let busy = false;

  async function deliver(item) {
    if (!item.incident) {
      const { body } = await request("POST", "api/v1/incidents", { json: item.body, headers: { "Idempotency-Key": item.key } });
      item.incident = body;
    }
    while (item.photos.length) {
      const [photo] = item.photos;
      await request("POST", `api/v1/incidents/${encodeURIComponent(item.incident.number)}/photos`, { bytes: photo, headers: { "Content-Type": photo.type } });
      item.photos.shift();
    }
  }

  /** Try one; it stays when only the network or a busy server was in the way. @returns whether all of it arrived */
  async function attempt(item) {
    item.problem = null;
    onChange();
    try {
      await deliver(item);
      waiting.splice(waiting.indexOf(item), 1);
      return true;
    } catch (problem) {
      item.problem = problem instanceof Problem ? problem : new Problem("failed", 0);
      return false;
    } finally {
      onChange();
    }
  }

  const comesAgain = ({ problem }) => !problem || problem.kind === "offline" || problem.kind === "not-ready" || problem.kind === "failed";

  async function sendWaiting() {
    if (busy) return;
    busy = true;
    for (const item of [...waiting]) if (comesAgain(item)) await attempt(item);
    busy = false;
  }

  addEventListener("online", sendWaiting);
  setInterval(() => waiting.length && sendWaiting(), AGAIN_MS);
  return {
    /** @returns the item, {incident, problem, photos: those that still wait} */
    async send(body, photos) {
      const item = { key: newKey(), body, photos: [...photos], since: new Date().toISOString(), incident: null, problem: null };
      waiting.push(item);
      busy = true;
      await attempt(item);
      busy = false;
      return item;
    },
    retry: attempt,
    discard(item) {
      waiting.splice(waiting.indexOf(item), 1);
      onChange();
    },
    waiting: () => waiting,
  };
}
