/** Posts joined with who holds them on a day: what the views show. */

import { term, text } from "../shared/language.js";
import { readAreas, readTable, readTargets } from "./data.js";
import { holds } from "./days.js";

/**
 * @returns {posts: [{post, holders: [{assignment, person, standIn, isAway}], person, name of the target, isTwin: of the same
 *   role and target as another}], people, persons by code,
 *   assignments, absences, departments, areas by code, revision}; `person` of a post is its first holder or null;
 *   `byPost` and `department` are posts and departments by code
 */
export async function loadRoster(day) {
  const names = ["posts", "assignments", "people", "departments", "absences"];
  const dated = { posts: { at: day }, departments: { at: day } };
  const [areas, targets, ...tables] = await Promise.all([readAreas(), readTargets(day), ...names.map((name) => readTable(name, dated[name]))]);
  const targetNames = new Map(targets.map(({ post, name }) => [post, name]));
  const [posts, assignments, people, departments, absences] = tables.map(({ rows }) => rows);
  const persons = new Map(people.map((person) => [person.code, person]));
  const personOf = (code) => (code ? (persons.get(code) ?? { code, name: code }) : null);
  const away = new Set(absences.filter((row) => holds(row, day)).map(({ person }) => person));
  const held = new Map();
  for (const assignment of assignments.filter((row) => holds(row, day))) {
    const holder = { assignment, person: personOf(assignment.person), standIn: personOf(assignment.stand_in), isAway: away.has(assignment.person) };
    held.set(assignment.post, [...(held.get(assignment.post) ?? []), holder]);
  }
  const joined = posts.map((post) => {
    const holders = held.get(post.code) ?? [];
    return { post, holders, person: holders[0]?.person ?? null, name: targetNames.get(post.code) ?? null };
  });
  const times = new Map();
  for (const item of joined) times.set(placeOf(item), (times.get(placeOf(item)) ?? 0) + 1);
  for (const item of joined) item.isTwin = times.get(placeOf(item)) > 1;
  const revision = Math.min(...tables.map((table) => table.revision));
  const byPost = new Map(joined.map((item) => [item.post.code, item]));
  const department = new Map(departments.map((row) => [row.code, row]));
  return { posts: joined, byPost, people, persons, assignments, absences, departments, department, areas, revision };
}

/** What two posts share that nothing but their codes tells apart. */
const placeOf = ({ post }) => [post.role, post.target_kind, post.target_scheme, post.target_code, post.side].join(" ");

/** A post's street, cell, group or area by its name; of one side of a street with the side. */
export function targetName({ post, name }) {
  const target = name || post.target_code;
  return post.side ? text("namedCode", { name: target, code: term("side", post.side) }) : target;
}
