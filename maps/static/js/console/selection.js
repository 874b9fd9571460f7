/** What is selected: asks, shows the answer in map and inspector, and keeps the address in step. */

import { selectionParts, writeAddress } from "./address.js";
import { Problem, resolvePlace } from "../shared/api.js";

const AS_GIVEN = new Set(["WGS84", "CGCS2000"]);

/**
 * @param parts {highlight, inspector, reveal(lon, lat, {close})}; `reveal` brings a place into view
 * @returns {select, clear, category, current}
 */
export function makeSelection({ highlight, inspector, reveal, onSelect, onClear }) {
  let current = null;
  let control = null;

  function fail(problem, asked) {
    inspector.showProblem(problem, {
      retry: () => ask(asked, {}),
      readAs: (datum) => select({ ...asked, datum }),
      clear: () => clear(),
    });
    if (problem.kind === "offline") addEventListener("online", () => current === asked && ask(asked, {}), { once: true });
  }

  async function ask(asked, { close = false }) {
    control?.abort();
    control = new AbortController();
    inspector.showLoading();
    try {
      const answer = await resolvePlace(asked, control.signal);
      const { lon, lat, accuracy_m } = answer.location;
      if (!AS_GIVEN.has(asked.datum)) highlight.mark(lon, lat);
      highlight.ring(lon, lat, accuracy_m);
      inspector.showAnswer(answer, asked.category);
      highlight.winners(answer);
      if (!AS_GIVEN.has(asked.datum)) reveal(lon, lat, { close });
    } catch (error) {
      if (error.name === "AbortError") return;
      fail(error instanceof Problem ? error : new Problem("failed", 0), asked);
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** @param how `push` (default) makes a step for Back; `close` moves the map near, else only as far as needed */
  function select(asked, { push = true, close = false } = {}) {
    current = asked;
    if (push) writeAddress(selectionParts(asked), { push });
    onSelect();
    if (AS_GIVEN.has(asked.datum)) {
      highlight.mark(asked.lon, asked.lat);
      reveal(asked.lon, asked.lat, { close });
    }
    ask(asked, { close });
  }

  function clear({ push = true, counts = null } = {}) {
    if (push && current) writeAddress(selectionParts(null), { push });
    current = null;
    control?.abort();
    highlight.clear();
    inspector.showEmpty(counts);
    onClear();
  }

  return {
    select,
    clear,
    current: () => current,
    /** Another category for the same place. */
    category(category) {
      if (!current) return;
      current = { ...current, category };
      writeAddress(selectionParts(current), { push: true });
      ask(current, {});
    },
  };
}
