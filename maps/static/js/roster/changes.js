/** What has to be written where the service does not plan it itself: rows that end on a day, and those that begin on it. */

const assignment = (row) => ({ table: "assignments", key: row.code, row });

export const takeBack = (table, row) => [{ table, key: row.code, row: null }];

/** Nobody holds a post from a day on; what would only begin then, or later, is taken back. Days are half-open. */
export function planVacancy(held, day) {
  if (held.valid_to && held.valid_to <= day) return [];
  return (held.valid_from ?? "") >= day ? takeBack("assignments", held) : [assignment({ ...held, valid_to: day })];
}

/** One more holder beside those who hold the post. */
export const planFurther = (post, { person, standIn, from }) => [{ table: "assignments", row: { post, person, stand_in: standIn, valid_from: from, valid_to: null } }];

/** The same holder, another stand-in from a day on (null: none). Nothing where the assignment has ended by then. */
export function planStandIn(held, standIn, from) {
  if (held.stand_in === standIn || (held.valid_to && held.valid_to <= from)) return [];
  if ((held.valid_from ?? "") >= from) return [assignment({ ...held, stand_in: standIn })];
  const { post, person, valid_to } = held;
  return [assignment({ ...held, valid_to: from }), { table: "assignments", row: { post, person, stand_in: standIn, valid_from: from, valid_to } }];
}

/** Somebody is away on some days: a new absence, or other days for one that is known. */
export const planAbsence = (known, person, days) => [{ table: "absences", ...(known ? { key: known.code } : {}), row: { ...(known ?? {}), person, ...days } }];
