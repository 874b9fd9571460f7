/** Photos that did not go along with a report that is recorded: which, why, and others instead. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { missingWords } from "../shared/missing_photos.js";
import { PHOTO_TYPES } from "../shared/photo_choice.js";
import { reasonText } from "../shared/states.js";

/** How many photos of a recorded report arrived, which did not, and why; empty when none is missing. */
export function photoWords({ arrived, photos, problem, refused }) {
  const missing = [...refused, ...(problem ? photos.map((photo) => ({ photo, problem })) : [])];
  if (!missing.length) return "";
  const count = arrived + photos.length + refused.length;
  if (count === 1) return text("photoFailed", { reason: reasonText(missing[0].problem) });
  return text("photosFailed", { count, arrived, which: missingWords(missing) });
}

/** A button that chooses other photos and sends them; `done` is called once they are there or were refused as well. */
export function otherPhotos(item, outgoing, done = () => {}) {
  const take = ({ target: { files } }) => files.length && outgoing.replacePhotos(item, [...files]).then(done);
  const input = el("input", { class: "unseen", type: "file", accept: PHOTO_TYPES, multiple: true, onchange: take });
  const words = text(item.arrived ? "photoInstead" : "otherPhoto", { count: item.refused.length });
  return el("label", { class: "plain photo-other" }, words, input);
}

/** A button that leaves the report as it arrived. */
export const leaveAsItIs = (item, outgoing) => el("button", { type: "button", class: "quiet", onclick: () => outgoing.discard(item) }, text(item.arrived ? "withoutMore" : "withoutPhoto"));
