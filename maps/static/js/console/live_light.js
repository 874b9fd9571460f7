/** Whether the live stream runs, in a dot and words. */

import { text } from "../shared/language.js";

const WORDS = { open: "liveOpen", waiting: "liveWaiting", away: "liveAway" };

/** Nothing is said before anybody listens. @param state "open", "waiting", "away" or null; @returns the node */
export function liveLight(node, state) {
  node.hidden = !state;
  node.dataset.state = state ?? "";
  node.textContent = state ? text(WORDS[state]) : "";
  return node;
}
