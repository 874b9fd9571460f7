/** What has to be written for a change: rows that end on a day, and those that begin on it. Days are half-open. */

const assignment = (row) => ({ table: "assignments", key: row.code, row });

/** Rows of `held` end on the day; one that would only begin then, or later, is taken back. */
function ending(held, day) {
  if (!held || (held.valid_to && held.valid_to <= day)) return [];
  return [(held.valid_from ?? "") >= day ? { table: "assignments", key: held.code, row: null } : assignment({ ...held, valid_to: day })];
}

/** Somebody else holds a post from a day on; nobody where `person` is null. `replaced` is the assignment that ends, if any. */
export function planHolder(post, replaced, { person, standIn, from }) {
  const begun = person ? [{ table: "assignments", row: { post, person, stand_in: standIn, valid_from: from, valid_to: null } }] : [];
  return [...ending(replaced, from), ...begun];
}

/** The same holder, another stand-in from a day on (null: none). Nothing where the assignment has ended by then. */
export function planStandIn(held, standIn, from) {
  if (held.stand_in === standIn || (held.valid_to && held.valid_to <= from)) return [];
  if ((held.valid_from ?? "") >= from) return [assignment({ ...held, stand_in: standIn })];
  const { post, person, valid_to } = held;
  return [assignment({ ...held, valid_to: from }), { table: "assignments", row: { post, person, stand_in: standIn, valid_from: from, valid_to } }];
}

/** Somebody is away on some days: a new absence, or other days for one that is known. */
export const planAbsence = (known, person, days) => [{ table: "absences", ...(known ? { key: known.code } : {}), row: { ...(known ?? {}), person, ...days } }];

export const takeBack = (table, row) => [{ table, key: row.code, row: null }];
