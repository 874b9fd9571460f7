/** Posts joined with who holds them on a day: what the views show. */

import { holds, readTable, readTargets } from "./data.js";

/** @returns {posts: [{post, assignment, person, standIn, target}], people, assignments, departments, targets} */
export async function loadRoster(day) {
  const [posts, assignments, people, departments, targets] = await Promise.all([
    readTable("posts", day), readTable("assignments"), readTable("people"), readTable("departments", day), readTargets(),
  ]);
  const persons = new Map(people.map((person) => [person.code, person]));
  const now = new Map(assignments.filter((row) => holds(row, day)).map((row) => [row.post, row]));
  const joined = posts.map((post) => {
    const assignment = now.get(post.code) ?? null;
    return {
      post,
      assignment,
      person: assignment ? (persons.get(assignment.person) ?? { code: assignment.person, name: assignment.person }) : null,
      standIn: assignment?.stand_in ? (persons.get(assignment.stand_in) ?? { code: assignment.stand_in, name: assignment.stand_in }) : null,
      target: targets.get(post.target_code) ?? null,
    };
  });
  return { posts: joined, people, persons, assignments, departments, targets };
}

export const targetName = ({ post, target }) => target?.properties.name || post.target_code;
