/** Photos that did not arrive with an incident: which and why, and whether sending them again can help. */

import { text } from "./language.js";
import { reasonText } from "./states.js";

/** What a picture is refused for, whenever it is sent: it cannot be read, is too large, or the incident has enough. */
export const isFinal = ({ kind }) => kind === "invalid" || kind === "conflict";

/** @param missing {photo, problem} each; @returns the names of the photos by the reason why they are not there */
function namesByReason(missing) {
  const names = new Map();
  for (const { photo, problem } of missing) names.set(reasonText(problem), [...(names.get(reasonText(problem)) ?? []), text("photoName", { name: photo.name })]);
  return names;
}

/** Which are missing, each with its reason. */
export const missingWords = (missing) => [...namesByReason(missing)].map(([reason, names]) => text("photosMissing", { names: names.join(text("listComma")), reason })).join(text("listBreak"));
