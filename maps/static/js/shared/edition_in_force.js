/** Which edition is in force, followed as it changes: one that was published may take a while to be served, or begins later. */

import { currentEdition, getJson } from "./api.js";

const AGAIN_MS = [300, 700, 1500, 3000, 6000, 15_000, 30_000, 60_000];
const LONGEST_MS = 3_600_000;

/** @param onChange called with an edition that has come into force, and the one that was before it; @returns {open, published(message), check, edition} */
export function followEditions(onChange) {
  let inForce = null;
  let timer = null;
  let asked = 0;

  /** Ask which it is, again and again until it is the one that is waited for. */
  async function follow(wanted = 0, tries = 0) {
    clearTimeout(timer);
    const mine = (asked += 1);
    const found = await currentEdition().catch(() => null);
    if (mine !== asked) return;
    const before = inForce;
    if (found && found.number !== before?.number) {
      inForce = found;
      onChange(found, before);
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

  return {
    /** The edition in force, asked for unless it is known. Throws Problem where there is none. */
    async open() {
      return (inForce ??= await currentEdition());
    },
    /** The live message that an edition was published; it may take effect later. */
    published({ number, effective_from }) {
      const left = Date.parse(effective_from) - Date.now();
      if (left <= 0) follow(number);
      else followIn(left);
    },
    /** Something may have been missed. */
    check: () => inForce && follow(),
    edition: () => inForce,
  };
}
