/**
 * By which edition the page shows and asks: the one in force, followed as it changes; or, where a link says so, another
 * edition, a revision of the roster, an instant.
 */

import { getJson, Problem } from "../shared/api.js";
import { followEditions } from "../shared/edition_in_force.js";

const NOTHING = { edition: null, roster: null, at: null };
/** What is selected by the edition: an incident has one of its own. */
const TIMED = ["place", "shape", "cell", "area", "segment", "component"];

/** Of editions, the one in force at an instant; null before the first. */
function inForceAt(editions, at) {
  const then = Date.parse(at);
  const begun = editions.filter(({ effective_from }) => Date.parse(effective_from) <= then);
  return begun.sort((a, b) => Date.parse(a.effective_from) - Date.parse(b.effective_from) || a.number - b.number).at(-1) ?? null;
}

/**
 * @param onChange called with {edition, inForce, isPast, at, isNews}; `isNews`: another one has come into force under the page
 * @returns {open(chosen), published(message), check, leave, number, shown, isPast, parameters, addressOf}
 */
export function makeEditions(onChange) {
  let chosen = NOTHING;
  let shown = null;
  let roster = null;
  const force = followEditions((found, before) => {
    const wasPast = isPast(before);
    if (!wasPast) shown = found;
    tell(!wasPast);
  });

  const isPast = (inForce = force.edition()) => Boolean(chosen.at || chosen.roster || (shown && inForce && shown.number !== inForce.number));
  const tell = (isNews = false) => onChange({ edition: shown, inForce: force.edition(), isPast: isPast(), at: chosen.at, isNews });

  async function find({ edition, at }, inForce) {
    if (edition === null && at === null) return inForce;
    if (edition === inForce.number) return inForce;
    const { editions } = await getJson("api/v1/editions");
    const found = edition === null ? inForceAt(editions, at) : editions.find(({ number }) => number === edition);
    if (!found && edition !== null) throw new Problem("missing", 404);
    return found ?? inForce;
  }

  return {
    /** Show what an address names. Throws Problem where there is no edition, or not the one that is named. */
    async open(wanted) {
      const inForce = await force.open();
      const found = await find(wanted, inForce);
      if (wanted.edition !== null && wanted.roster === null && (wanted.at || found.number !== inForce.number)) roster = (await getJson("api/v1/map", { edition: found.number })).roster;
      const [before, number] = [isPast(), shown?.number];
      chosen = wanted;
      shown = found;
      const changed = number !== found.number || before !== isPast();
      if (changed) tell();
      return found;
    },
    published: force.published,
    check: force.check,
    /** Back to the edition in force and to now. */
    leave() {
      chosen = NOTHING;
      shown = force.edition();
      tell();
    },
    shown: () => shown,
    number: () => shown?.number ?? "current",
    isPast: () => isPast(),
    /** What a question for a place says about time: nothing for now. */
    parameters() {
      if (!isPast()) return {};
      if (chosen.at && chosen.edition === null) return { at: chosen.at };
      return { edition: shown.number, roster: chosen.roster ?? roster, at: chosen.at };
    },
    /** Parts of the address for what is selected. */
    addressOf: (selection) => (isPast() ? { ...chosen, edition: chosen.at && chosen.edition === null ? null : shown.number } : { ...NOTHING, edition: TIMED.includes(selection?.kind) ? shown.number : null }),
  };
}
