/** What an answer's trace names by its codes: things of the map, rows of the roster; each can be selected. */

const CELLS = Array(9).fill("cell");
const AREAS = Array(9).fill("area");
const SEGMENTS = ["segment"];
const OFFICES = Array(9).fill("departments");
const POST = ["posts", "people", "people", "people"];

/** By the code of a line: what its ids are, in their order. */
const KINDS = {
  CELL_INSIDE: CELLS,
  CELL_BOUNDARY: CELLS,
  CELL_OVERLAP: CELLS,
  CELL_GAP: CELLS,
  NO_CELL: AREAS,
  AREAS_BY_CODE: AREAS,
  AREAS_BY_POLYGON: AREAS,
  NEXT_STEP_JOINT: AREAS,
  SEGMENT_NEAREST: SEGMENTS,
  SEGMENT_FOREIGN: SEGMENTS,
  SEGMENT_FOREIGN_PASSED: SEGMENTS,
  CHIEF_HOLDER: POST,
  CHIEF_STAND_IN: POST,
  CHIEF_ALSO: POST,
  CHIEF_ABSENT: POST,
  CHIEF_VACANT: POST,
  PERSON_STAND_IN: POST,
  PERSON_ABSENT: POST,
  CATEGORY_OF_COMPONENT: ["categories"],
  DEPARTMENT_SUCCEEDED: OFFICES,
  DEPARTMENT_ABSENT: OFFICES,
  DEPARTMENT_CYCLE: OFFICES,
  TIE_BETWEEN_BODIES: OFFICES,
  FLAG_NEAR_BOUNDARY: OFFICES,
  LEAD_DETERMINATION: ["determinations", "departments"],
  LEAD_COMPONENT: [null, "departments"],
  LEAD_PATCH: ["patches", "departments"],
  LEAD_COMPETENCE: ["competences", "departments"],
  LEAD_RESPONSIBLE_BODY: ["cell", "departments"],
  LEAD_SUBDISTRICT: ["area", "departments"],
  LEAD_DISTRICT: ["area", "departments"],
  UNIT_BY_DUTY_LIST: ["duty_items", "departments"],
  NEXT_STEP_INSIDE_POWER: ["duty_items"],
  NEXT_STEP_OUTSIDE_POWER: ["duty_items"],
  NEXT_STEP_DETERMINED: OFFICES,
  NEXT_STEP_OWN_LEAD: OFFICES,
  NEXT_STEP_FOREIGN_LEAD: OFFICES,
  FLAG_SUSPECT_DATUM: ["people"],
};
const OF_RULE = { DETERMINATION: "determinations", PATCH: "patches", COMPETENCE: "competences" };
const PLACES = ["cell", "area", "segment"];

/** The table of the rule by which somebody has a part. */
const tableOfRule = ({ departments }, id) => OF_RULE[departments.find(({ rule_id }) => rule_id === id)?.rule] ?? null;

/** @returns what the `index`-th id of a line of the trace selects, or null for what has no page of its own */
export function namedThing(answer, { code, ids }, index) {
  const id = ids[index];
  const kind = code === "PART_NAMED" ? [tableOfRule(answer, id), "departments"][index] : KINDS[code]?.[index];
  if (!kind || !id) return null;
  if (PLACES.includes(kind)) return { kind, code: id };
  // Where the roster has no office of an area, the area itself stands as the department.
  if (kind === "departments" && answer.areas.some((area) => area.code === id)) return { kind: "area", code: id };
  return { kind: "row", table: kind, code: id };
}

/** The row of the roster by which a department has its part, or null where the territory decides. */
export const namedRule = ({ rule, rule_id: code }) => (OF_RULE[rule] && code ? { kind: "row", table: OF_RULE[rule], code } : null);

/** What an answer itself calls the things that it names, by their codes. */
export function namesIn({ cell, areas, segment, nearest_segment: nearer, departments, chief, people }) {
  const things = [cell, ...areas, segment, nearer, ...departments].filter(Boolean).map(({ code, name }) => [code, name]);
  const staff = [chief, ...people].filter(Boolean).map(({ person, name }) => [person, name]);
  return new Map([...things, ...staff].filter(([code, name]) => code && name));
}
