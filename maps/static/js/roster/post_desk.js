/** The chosen post beside the list, with what may be changed of it, and on the map what it is about. */

import { readOutlines } from "./data.js";
import { openAbsenceForm, openHolderForm, openStandInForm } from "./holder_form.js";
import { postDetail } from "./posts.js";

/** `roster()` and `day()` are those of now; `changed(revision)` is told of what was written. */
export function makePostDesk({ detail, onMap, roster, day, canWrite, changed }) {
  let showing = 0;

  /** Draw what some posts are about, unless something else is to be shown by then. */
  async function showTargets(codes) {
    const mine = (showing += 1);
    const features = await readOutlines(codes).catch(() => []);
    if (mine === showing) onMap.show(features);
  }

  function open(item) {
    const writing = canWrite() && {
      change: (holder) => openHolderForm(item, holder, roster(), day(), changed),
      standIn: (holder) => openStandInForm(item, holder, roster(), day(), changed),
      absence: (person, known) => openAbsenceForm(person, known, roster(), day(), changed),
    };
    detail.replaceChildren(...postDetail(item, roster(), day(), { ...writing, show: showTargets }));
    showTargets([item.post.code]);
  }

  return { open, showPlace: (lon, lat) => ((showing += 1), onMap.showPlace(lon, lat)) };
}
