/** The chosen post beside the list, with what may be changed of it, and on the map what it is about. */

import { readOutlines } from "./data.js";
import { openAbsenceForm, openHolderForm, openStandInForm, openTakeBack } from "./holder_form.js";
import { postDetail } from "./posts.js";

/** `roster()` and `day()` are those of now; `changed(revision)` is told of what was written. */
export function makePostDesk({ detail, onMap, roster, day, canWrite, changed }) {
  let showing = 0;
  let shown = null;

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
      takeBack: (assignment) => openTakeBack(item, assignment, roster(), changed),
    };
    detail.replaceChildren(...postDetail(item, roster(), day(), { ...writing, show: (codes) => showTargets(codes).then(onMap.reveal) }));
    // Drawn again because something was changed: the map stays where it was moved to.
    if (shown !== item.post.code) showTargets([item.post.code]);
    shown = item.post.code;
  }

  function showPlace(lon, lat) {
    showing += 1;
    shown = null;
    onMap.showPlace(lon, lat);
  }

  return { open, showPlace };
}
