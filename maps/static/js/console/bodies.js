/** Which body answers for a cell where nothing else is known: its own, else its subdistrict's or district's. */

import { getJson } from "../shared/api.js";

const groundKey = (body, area) => `${body ?? ""} ${area ?? ""}`;

/** {bodies, grounds} of an edition. */
export const readBodies = (parameters, signal) => getJson("api/v1/bodies", parameters, signal);

/** @returns the code of the body of a cell (a feature), null where it is not known */
export function finderOf(grounds) {
  const of = new Map(grounds.map(({ responsible_body: named, area, body }) => [groundKey(named, area), body]));
  return ({ properties: { responsible_body: named, area } }) => of.get(groundKey(named, area)) ?? (named && of.get(groundKey(named))) ?? null;
}
