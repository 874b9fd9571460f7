/** Rows of the roster in words: who and what their codes name, and the field's own words for its constants. */

import { language, term, text } from "../shared/language.js";
import { wallTime } from "../shared/times.js";
import { lastDay } from "./days.js";
import { targetName } from "./roster.js";

/** Field → the terms of its constants. */
const CONSTANTS = { role: "role", side: "side", part: "part", kind: "kind", target_kind: "target_kind", axis: "axis", level: "department_level", mode: "mode", concern: "concern" };
const PERSONS = ["person", "stand_in"];
const DEPARTMENTS = ["department", "belongs_to", "used_by", "parent", "successor"];
const AREAS = ["area", "subdistrict"];
const CATEGORIES = ["category", "categories"];
const INSTANTS = ["starts_at", "ends_at"];
const LAST = ["valid_from", "valid_to", "code"];

const named = (name, code) => (name && name !== code ? text("namedCode", { name, code }) : code);

/** What a post is: its role and target. */
export const postWords = (item) => `${term("role", item.post.role)} · ${targetName(item)}`;

/** The same told apart from others of the role and target. */
export const postName = (item) => (item.twin ? text("namedCode", { name: postWords(item), code: item.twin }) : postWords(item));

/** The code of a post's target, and what tells the post from others there. */
export const placeCode = ({ post, twin }) => (twin ? `${post.target_code} · ${twin}` : post.target_code);

function codeWords(field, code, roster) {
  if (PERSONS.includes(field)) return named(roster.persons.get(code)?.name, code);
  if (DEPARTMENTS.includes(field)) return named(roster.department.get(code)?.name ?? roster.areas.get(code)?.name, code);
  if (AREAS.includes(field)) return named(roster.areas.get(code)?.name, code);
  if (CATEGORIES.includes(field)) return named(roster.categories.get(code), code.split(":").at(-1));
  if (field === "post") return roster.byPost.has(code) ? postName(roster.byPost.get(code)) : code;
  if (INSTANTS.includes(field)) return wallTime(code);
  return field in CONSTANTS ? term(CONSTANTS[field], code) : code;
}

/** What stands in a field. Rows end on the first day on which they hold no longer; people say the last one. */
export function valueWords(field, value, roster) {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map((each) => valueWords(field, each, roster)).join(language() === "zh" ? "、" : ", ") || "–";
  if (typeof value === "object") return text("shape");
  if (typeof value === "boolean") return text(value ? "yes" : "no");
  return field === "valid_to" ? lastDay({ valid_to: value }) : codeWords(field, String(value), roster);
}

const subjectOf = (row) => ["post", "department", "person", "category"].find((field) => row?.[field]);

/** What a row is about, in a few words. */
export function rowTitle({ table, key }, row, roster) {
  const subject = subjectOf(row);
  const post = table === "posts" && row ? `${term("role", row.role)} · ${row.target_code}` : null;
  const about = row?.name ?? row?.title ?? post ?? (subject ? valueWords(subject, row[subject], roster) : key);
  return `${term("table", table)} · ${about}`;
}

/** What a row says besides, without what it leaves open; days and its code last. */
export function rowContent(row, roster) {
  const isTitle = (field) => field === "name" || (field === subjectOf(row) && !row.name && !row.title);
  const place = ([field]) => LAST.indexOf(field);
  const said = Object.entries(row ?? {}).filter(([field, value]) => !isTitle(field) && valueWords(field, value, roster) !== "–").sort((a, b) => place(a) - place(b));
  return said.map(([field, value]) => `${term("field", field)} ${valueWords(field, value, roster)}`).join(" · ");
}
