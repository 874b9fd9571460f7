/** Days and instants of the city. Rows end on the first day on which they hold no longer; people say the last day. */

import { cityNow } from "../shared/times.js";

const DAY_MS = 86_400_000;

/** A day some days later, as 2026-01-31. */
export const addDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** How many days lie between two. */
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** Half-open days; rows without them always hold. */
export const holds = ({ valid_from: from, valid_to: to }, day) => (!from || from <= day) && (!to || day < to);

/** The last day on which a row holds, or null where it goes on. */
export const lastDay = ({ valid_to: to }) => (to ? addDays(to, -1) : null);

/** What a row's `valid_to` is for the last day that somebody wrote, which may be empty. */
export const endOf = (last) => (last ? addDays(last, 1) : null);

/** Monday of a day's week. */
export const mondayOf = (day) => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/** The wall time in the city of an instant as the service writes it: 2026-01-31T08:00. */
export const wallOf = (instant) => instant.slice(0, 16);

/** The instant at which clocks of the city show a wall time: the offset is that of the day itself, not of today. */
export function instantOf(wall) {
  const wanted = Date.parse(`${wall}:00Z`);
  let at = wanted;
  for (let round = 0; round < 2; round += 1) at += wanted - Date.parse(`${cityNow(at).replace(" ", "T")}:00Z`);
  return new Date(at).toISOString();
}
