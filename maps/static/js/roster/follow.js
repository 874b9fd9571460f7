/** The roster changes while it is looked at: the page follows, unless somebody is writing in it; then it says so and waits. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { listenLive } from "../shared/live.js";
import { readRevision } from "./data.js";
import { isWritingOwn, onOwnWritten } from "./own_writes.js";

/**
 * @param page {editions to follow, revision() that is shown, null before, isBusy(), reload(), heard(revision, tables)} the last is told
 *   all news of the roster, without tables where some may have been missed
 * @returns {settle} to be called when writing may have ended, {other} when another edition has come into force
 */
export function followRoster({ editions, revision, isBusy, reload, heard: tell }) {
  const notice = document.getElementById("notice");
  let newest = 0;
  let isOther = false;
  let isFollowing = false;

  const isBehind = () => revision() !== null && (isOther || newest > revision());

  function settle() {
    if (isWritingOwn() || isFollowing) return;
    if (!isBehind()) {
      notice.hidden = true;
      return;
    }
    if (!isBusy()) return void follow();
    notice.replaceChildren(el("span", {}, text("changedByOthers")), el("button", { class: "plain", type: "button", onclick: follow }, text("reload")));
    notice.hidden = false;
  }

  /** News that come meanwhile are followed afterwards, together: each time asks for all tables. */
  async function follow() {
    const followed = newest;
    isOther = false;
    isFollowing = true;
    notice.hidden = true;
    await reload().finally(() => (isFollowing = false));
    if (isOther || newest > followed) settle();
  }

  function heard(revisionNow, tables) {
    tell(revisionNow, tables);
    newest = Math.max(newest, revisionNow);
    settle();
  }

  onOwnWritten(settle);
  listenLive({
    told(topic, body) {
      if (topic === "roster.changed") heard(body.revision, body.tables);
      if (topic === "edition.published") editions.published(body);
    },
    reset() {
      editions.check();
      if (revision() !== null) readRevision().then((newest) => heard(newest), () => {});
    },
    state(state) {
      document.getElementById("main").setAttribute("data-live", state);
      if (state === "away") editions.check();
    },
  });
  return { settle, other: () => ((isOther = true), settle()) };
}
