/** Sending something that must arrive once: one key per attempt, and the same body with the same key until it is known. */

import { request } from "./api.js";

/** A key that nobody else has; `crypto.randomUUID` is missing where a page came over plain http. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What nobody can tell the outcome of: the connection broke, or the service was too busy to say. */
export const isUnsettled = (problem) => problem.kind === "offline" || problem.kind === "failed" || problem.status === 503 || problem.body?.type?.endsWith("in-flight");

/**
 * An attempt to post a body. `send()` may be called again after a failure that left the outcome open: the service gives
 * the first answer again. While one call is under way another joins it, so that a double click sends once.
 */
export function makeAttempt(path, json) {
  const key = freshKey();
  let running = null;
  return {
    key,
    send() {
      running ??= request("POST", path, { json, headers: { "Idempotency-Key": key } }).finally(() => (running = null));
      return running;
    },
  };
}
