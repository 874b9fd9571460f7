/** Posts joined with who holds them on a day: what the views show. */

import { term, text } from "../shared/language.js";
import { readAreas, readTable, readTargets } from "./data.js";
import { holds } from "./days.js";

/**
 * @returns {posts: [{post, holders: [{assignment, person, standIn, isAway}], person, name of the target, twin: what tells it from
 *   others of its role and target, or null}], people, persons by code,
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
  numberTwins(joined);
  const revision = Math.min(...tables.map((table) => table.revision));
  const byPost = new Map(joined.map((item) => [item.post.code, item]));
  const department = new Map(departments.map((row) => [row.code, row]));
  return { posts: joined, byPost, people, persons, assignments, absences, departments, department, areas, revision };
}

/** What two posts share that nothing but their codes tells apart. */
const placeOf = ({ post }) => [post.role, post.target_kind, post.target_scheme, post.target_code, post.side].join(" ");

/** What codes that begin alike end with: 1 and 2 of D-0001-1 and D-0001-2. */
function endingsOf(codes) {
  const [first, ...others] = codes;
  let same = 0;
  while (same < first.length && others.every((code) => code[same] === first[same])) same += 1;
  while (same && /[\p{L}\p{N}]/u.test(first[same - 1])) same -= 1;
  return codes.map((code) => code.slice(same));
}

function numberTwins(posts) {
  const alike = new Map();
  for (const item of posts) {
    const place = placeOf(item);
    if (!alike.has(place)) alike.set(place, []);
    alike.get(place).push(item);
  }
  for (const items of alike.values()) {
    const endings = items.length > 1 ? endingsOf(items.map(({ post }) => post.code)) : [null];
    items.forEach((item, index) => (item.twin = endings[index]));
  }
}

/** A post's street, cell, group or area by its name; of one side of a street with the side. */
export function targetName({ post, name }) {
  const target = name || post.target_code;
  return post.side ? text("namedCode", { name: target, code: term("side", post.side) }) : target;
}
