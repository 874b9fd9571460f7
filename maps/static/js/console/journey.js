/** Keeps the screen where the address says: at the start, on Back and Forward, and when another edition comes into force. */

import { Problem } from "../shared/api.js";
import { language, preferredLanguage, text } from "../shared/language.js";
import { loadSession, onSession } from "../shared/session.js";
import { selectionParts } from "../shared/selection_parts.js";
import { unknownEditionState, unreadableState } from "../shared/states.js";
import { readAddress, writeAddress } from "./address.js";

const NOW = { edition: null, roster: null, at: null };

/** @param parts the page's parts, and onReady() once the city is known; @returns {start, turn(change), leave} */
export function makeJourney({ map, bar, editions, inspector, layers, list, notice, panel, selection, sheet, store, table, view, wall, onReady }) {
  let ready = false;
  let failed = false;
  let steps = 0;
  let drawn = null;

  function tell(error, retry) {
    const problem = error instanceof Problem ? error : new Problem("failed", 0);
    inspector.showProblem(problem, { retry, clear: null });
    if (problem.kind === "offline") addEventListener("online", retry, { once: true });
  }

  /** Open the edition that is named, else the one in force. @returns whether there is one of that number */
  async function openEdition(asOf) {
    try {
      await editions.open(asOf);
      return true;
    } catch (problem) {
      if (problem.kind !== "missing" || asOf.edition === null) throw problem;
      await editions.open(NOW);
      return false;
    }
  }

  /** What was asked of an edition that there is not is answered by no other before the reader says so. */
  function tellUnknown(number) {
    const leave = () => {
      writeAddress(NOW);
      follow(readAddress());
    };
    selection.clear({ push: false });
    sheet.raise();
    inspector.show(() => unknownEditionState(number, editions.shown().number, leave), text("noSuchEdition", { number }));
  }

  /** What was selected by a link that has been cut off or mistyped is not passed over in silence. */
  function tellUnreadable(part) {
    const leave = () => {
      writeAddress(selectionParts(null));
      selection.clear({ push: false });
    };
    selection.clear({ push: false });
    sheet.raise();
    inspector.show(() => unreadableState(part, leave), text(part === "shape" ? "unreadableShape" : "unreadablePlace"));
  }

  /** The screen that an address names. */
  async function follow(address, isFirst = false) {
    const mine = (steps += 1);
    let isKnown;
    try {
      isKnown = await openEdition(address.asOf);
    } catch (error) {
      if (mine === steps) tell(error, () => follow(readAddress(), isFirst));
      return;
    }
    if (mine !== steps) return;
    const lang = preferredLanguage(address.lang);
    if (lang !== language()) bar.speak(lang);
    wall.show(address.wall);
    map.invalidateSize();
    table.follow(address.table);
    layers.follow(address.layers);
    panel.open(address.tab, { push: false });
    if (isFirst || address.view) view.open(address, editions.shown().bbox);
    list.follow(address.filters);
    if (!isKnown) tellUnknown(address.asOf.edition);
    else if (address.selection) {
      writeAddress(editions.addressOf(address.selection));
      selection.select(address.selection, { push: false, close: !address.view });
    } else if (address.unreadable) tellUnreadable(address.unreadable);
    else {
      selection.clear({ push: false });
      // A link to a table or a zone is about what the sheet holds.
      if (isFirst && ["table", "zone"].includes(address.tab)) sheet.raise();
    }
  }

  async function start() {
    removeEventListener("online", start);
    if (ready) return;
    failed = false;
    layers.opening();
    inspector.showLoading();
    try {
      const address = readAddress();
      // Why it cannot start is told when it is known who is here: who comes to be known then would start it again.
      const [opened] = await Promise.allSettled([openEdition(address.asOf), loadSession()]);
      if (opened.status === "rejected") throw opened.reason;
      if (ready) return;
      ready = true;
      onReady();
      await follow(address, true);
      layers.opened();
    } catch (error) {
      failed = true;
      if (error.kind === "refused" && !ready) store.fail(error);
      layers.opened();
      tell(error, start);
      if (ready) throw error;
    }
  }

  // What a visitor may not see, whoever signs in may.
  onSession(() => failed && !ready && start());
  addEventListener("popstate", () => ready && follow(readAddress()));
  return {
    start,
    /** Another edition is shown from now on: the map, the table and what is selected follow; what is being written stays. */
    turn(change) {
      const { edition, isNews } = change;
      bar.show(edition);
      notice.show(change);
      inspector.know(edition.counts);
      if (edition.number !== drawn) layers.show((drawn = edition.number));
      if (!isNews) return;
      table.moved();
      if (selection.current()?.kind === "incident" || !selection.current()) return;
      writeAddress(editions.addressOf(selection.current()));
      if (!inspector.isWriting()) selection.again();
    },
    /** Back to what is so now, with the same selection. */
    leave() {
      editions.leave();
      writeAddress(editions.addressOf(selection.current()), { push: true });
      table.moved();
      if (!inspector.isWriting()) selection.again();
    },
  };
}
