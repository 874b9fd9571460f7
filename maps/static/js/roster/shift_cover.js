/** What a move of a shift leaves behind and meets: hours that had somebody and have nobody, and hours that have more at once. */

import { ownerOf } from "./shifts.js";

const HOUR_MS = 3_600_000;

const begin = (shift) => Date.parse(shift.starts_at);
const end = (shift) => Date.parse(shift.ends_at);
const countAt = (shifts, instant) => shifts.filter((shift) => begin(shift) <= instant && instant < end(shift)).length;

/** Pieces of time in which one row of the calendar has nobody any more (count 0) or more than one at once, and more than before. */
function changesOf(owner, was, is) {
  const cuts = [...new Set([...was, ...is].flatMap((shift) => [begin(shift), end(shift)]))].sort((a, b) => a - b);
  const found = [];
  for (const [at, from] of cuts.slice(0, -1).entries()) {
    const [before, count] = [countAt(was, from), countAt(is, from)];
    if (before === count || count === 1 || (count > 0 && count < before)) continue;
    const last = found.at(-1);
    if (last?.count === count && last.until === from) last.until = cuts[at + 1];
    else found.push({ owner, count, from, until: cuts[at + 1] });
  }
  return found;
}

/**
 * @param before the shift as it was, and `after` as it is; @param shifts at least of the days of both
 * @returns [{owner, count, from, hours}], instants in milliseconds, by row and time
 */
export function coverChanges(before, after, shifts, roster) {
  const others = shifts.filter(({ code }) => code !== after.code);
  const keyOf = (shift) => (({ kind, code }) => `${kind} ${code}`)(ownerOf(shift, roster));
  const found = [...new Set([keyOf(before), keyOf(after)])].flatMap((key) => {
    const of = (all) => all.filter((shift) => keyOf(shift) === key);
    const [was, is] = [of([...others, before]), of([...others, after])];
    return changesOf(ownerOf([...was, ...is][0], roster), was, is);
  });
  return found.map(({ until, ...piece }) => ({ ...piece, hours: Math.round((10 * (until - piece.from)) / HOUR_MS) / 10 }));
}
