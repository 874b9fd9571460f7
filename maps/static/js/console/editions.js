/**
 * By which edition the page shows and asks: the one in force, followed as it changes; or, where a link says so, another
 * edition, a revision of the roster, an instant.
 */

import { currentEdition, getJson } from "../shared/api.js";

const AGAIN_MS = [300, 700, 1500, 3000, 6000, 15_000, 30_000, 60_000];
const LONGEST_MS = 3_600_000;
const NOTHING = { edition: null, roster: null, at: null };
/** What is selected by the edition: an incident has one of its own. */
const TIMED = ["place", "shape", "cell", "area", "segment"];

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
  let inForce = null;
  let shown = null;
  let roster = null;
  let timer = null;
  let asked = 0;

  const isPast = () => Boolean(chosen.at || chosen.roster || (shown && inForce && shown.number !== inForce.number));
  const tell = (isNews = false) => onChange({ edition: shown, inForce, isPast: isPast(), at: chosen.at, isNews });

  /** Ask which edition is in force; one that was published may take a while to be served, or begins later. */
  async function follow(wanted = 0, tries = 0) {
    clearTimeout(timer);
    const mine = (asked += 1);
    const found = await currentEdition().catch(() => null);
    if (mine !== asked) return;
    if (found && found.number !== inForce.number) {
      const wasPast = isPast();
      inForce = found;
      if (!wasPast) shown = found;
      tell(!wasPast);
    }
    if (!found || found.number < wanted) timer = setTimeout(() => follow(wanted, tries + 1), AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
    else await waitForNext();
  }

  /** Be there when an edition that is published already comes into force. */
  async function waitForNext() {
    const mine = asked;
    const { editions } = await getJson("api/v1/editions").catch(() => ({ editions: [] }));
    const coming = editions.map(({ effective_from }) => Date.parse(effective_from) - Date.now()).filter((left) => left > 0);
    if (mine !== asked || !coming.length) return;
    followIn(Math.min(...coming));
  }

  function followIn(left) {
    clearTimeout(timer);
    timer = setTimeout(() => follow(), Math.min(LONGEST_MS, left + 500));
  }

  async function find({ edition, at }) {
    if (edition === null && at === null) return inForce;
    if (edition === inForce.number) return inForce;
    const { editions } = await getJson("api/v1/editions");
    const found = edition === null ? inForceAt(editions, at) : editions.find(({ number }) => number === edition);
    return found ?? getJson(`api/v1/editions/${edition ?? "current"}`);
  }

  return {
    /** Show what an address names. Throws Problem where there is no edition, or not the one that is named. */
    async open(wanted) {
      inForce ??= await currentEdition();
      const found = await find(wanted);
      if (wanted.edition !== null && wanted.roster === null && (wanted.at || found.number !== inForce.number)) roster = (await getJson("api/v1/map", { edition: found.number })).roster;
      const [before, number] = [isPast(), shown?.number];
      chosen = wanted;
      shown = found;
      const changed = number !== found.number || before !== isPast();
      if (changed) tell();
      return found;
    },
    /** The live message that an edition was published; it may take effect later. */
    published({ number, effective_from }) {
      const left = Date.parse(effective_from) - Date.now();
      if (left <= 0) follow(number);
      else followIn(left);
    },
    /** Something may have been missed. */
    check: () => inForce && follow(),
    /** Back to the edition in force and to now. */
    leave() {
      chosen = NOTHING;
      shown = inForce;
      tell();
    },
    shown: () => shown,
    number: () => shown?.number ?? "current",
    isPast,
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
