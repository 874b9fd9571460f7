/** Photos that did not go along with a report that is recorded: why, and others instead. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { PHOTO_TYPES } from "../shared/photo_choice.js";
import { reasonText } from "../shared/states.js";

/** Why photos of a recorded report are missing; empty when none are. */
export function photoWords({ refused, problem, photos }) {
  const reason = refused[0] ?? (photos.length ? problem : null);
  return reason ? text("photoFailed", { reason: reasonText(reason) }) : "";
}

/** A button that chooses other photos and sends them; `done` is called once they are there or were refused as well. */
export function otherPhotos(item, outgoing, done = () => {}) {
  const take = ({ target: { files } }) => files.length && outgoing.replacePhotos(item, [...files]).then(done);
  const input = el("input", { class: "unseen", type: "file", accept: PHOTO_TYPES, multiple: true, onchange: take });
  return el("label", { class: "plain photo-other" }, text("otherPhoto"), input);
}
