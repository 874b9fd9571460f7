/** What is selected, one thing at a time: shows it by its kind, and keeps the address in step. */

import { writeAddress } from "./address.js";
import { Problem } from "../shared/api.js";
import { selectionParts } from "../shared/selection_parts.js";
import { namedLink } from "./names.js";

/** What is said of something that is not there, by its kind: incidents and rows of the roster belong to no edition. */
const MISSING = { incident: "missingIncident", row: "missingRow" };

/**
 * @param kinds by kind of selection {show(selection, {signal, close}), hide()}; `show` may throw a Problem
 * @param asOf(selection) → the parts of the address that say which edition it is shown by
 * @returns {select, clear, again, current}
 */
export function makeSelection({ kinds, inspector, onChange, asOf }) {
  let current = null;
  let control = null;
  let unanswered = null;

  // One listener for the page's life: however often a question failed, it is asked once when the network is back.
  addEventListener("online", () => current && current === unanswered && show(current, {}));

  const cell = (code) => namedLink({ kind: "cell", code }, (thing) => select(thing, { close: true }));

  function fail(problem, asked) {
    if (current !== asked) return;
    inspector.showProblem(problem, { retry: () => show(asked, {}), readAs: (datum) => select({ ...asked, datum }), clear: () => clear(), missing: MISSING[asked.kind], cell });
    if (problem.kind === "offline") unanswered = asked;
  }

  async function show(asked, { close = false }) {
    control?.abort();
    control = new AbortController();
    const { signal } = control;
    unanswered = null;
    try {
      await kinds[asked.kind].show(asked, { signal, close });
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) return;
      fail(error instanceof Problem ? error : new Problem("failed", 0), asked);
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** @param how `push` (default) makes a step for Back; `close` moves the map near, else only as far as needed */
  function select(asked, { push = true, close = false } = {}) {
    if (current && current.kind !== asked.kind) kinds[current.kind].hide();
    current = asked;
    if (push) writeAddress({ ...selectionParts(asked), ...asOf(asked) }, { push });
    onChange(asked);
    return show(asked, { close });
  }

  function clear({ push = true } = {}) {
    if (push && current) writeAddress({ ...selectionParts(null), ...asOf(null) }, { push });
    control?.abort();
    if (current) kinds[current.kind].hide();
    current = null;
    inspector.showEmpty();
    onChange(null);
  }

  return { select, clear, again: () => current && show(current, {}), current: () => current };
}
