/** A row of the roster in words: each field by its name in the page's language, each code as the thing that it names. */

import { callLink } from "../shared/answer_people.js";
import { categoryName } from "../shared/categories.js";
import { copyButton } from "../shared/copy.js";
import { codeText, el } from "../shared/dom.js";
import { spokenPart, term, text } from "../shared/language.js";
import { namedLink } from "./names.js";
import { thingLink } from "./thing_link.js";

/** Which fields name another row or place, and which table. */
const NAMES = { department: "departments", successor: "departments", person: "people", duty_list: "duty_lists", belongs_to: "departments", used_by: "departments" };
const AREAS = ["area", "subdistrict"];
/** Fields with words of their own, and which terms they are. */
const WORDS = { role: "role", part: "part", kind: "kind", side: "side", axis: "axis", level: "office_level", block: "block", duty_blocks: "block", concern: "concern", target_kind: "target_kind" };
const LEFT_OUT = ["geometry", "code", "scheme", "name", "title", "target_kind", "target_scheme", "target_name"];
const ON_THE_MAP = ["cell", "area", "segment"];

/** What a post is about: as a thing to open, or a group by its name. */
export function targetLink({ target_kind: kind, target_code: code, target_name: name }, select) {
  if (ON_THE_MAP.includes(kind)) return name ? thingLink({ kind, code }, select, name) : namedLink({ kind, code }, select);
  return name ? el("span", { title: code }, name) : codeText(code);
}

/** Categories by their names, each leading to its own row. */
function categoryLinks(keys, categories, select) {
  const nameOf = (key) => categories.find(({ scheme, code }) => `${scheme}:${code}` === key);
  return keys.map((key) => {
    const known = nameOf(key);
    const words = known ? `${known.code} ${categoryName(known)}` : key;
    return el("div", {}, thingLink({ kind: "row", table: "categories", code: key }, select, words));
  });
}

const words = (kind, value) => [value].flat().map((one) => term(kind, one)).join(text("listComma"));

function valueOf(name, value, { row, table, categories, select }) {
  if (name === "category" || name === "categories") return categoryLinks([value].flat(), categories, select);
  if (name === "phone") return callLink(value);
  if (AREAS.includes(name)) return namedLink({ kind: "area", code: value }, select);
  if (name === "target_code") return [term("target_kind", row.target_kind), " ", targetLink(row, select)];
  if (name === "parent" && table === "departments") return namedLink({ kind: "row", table, code: value }, select);
  if (NAMES[name]) return namedLink({ kind: "row", table: NAMES[name], code: value }, select);
  if (WORDS[name]) return words(WORDS[name], value);
  if (typeof value === "boolean") return text(value ? "yes" : "no");
  return Array.isArray(value) ? value.join(text("listComma")) : String(value);
}

const isSaid = (value) => value !== null && value !== "" && value !== undefined && !(Array.isArray(value) && !value.length);

/** What a row is called: its own name, else what it is about. */
export function titleOf(table, row, categories) {
  if (table === "categories") return categoryName(row);
  if (table === "posts") return `${term("role", row.role)} · ${row.target_name ?? row.target_code}`;
  const category = categories.find(({ scheme, code }) => `${scheme}:${code}` === row.category);
  if (table === "competences" && category) return `${categoryName(category)} · ${term("part", row.part)}`;
  return row.name ?? row.title ?? term("table", table);
}

/** @param shown {table, row, categories, select}; @param parts what stands below the facts */
export function rowCard(shown, parts = []) {
  const { table, row, categories } = shown;
  const said = Object.entries(row).filter(([name, value]) => !LEFT_OUT.includes(name) && isSaid(value));
  const facts = said.map(([name, value]) => [el("dt", {}, term("field", name)), el("dd", {}, valueOf(name, value, shown))]);
  const page = table === "posts" ? el("a", { class: "plain link-button", href: `roster?${new URLSearchParams({ view: "posts", post: row.code, ...spokenPart() })}` }, text("openRoster")) : null;
  return el(
    "article",
    { class: "answer thing", "data-kind": "row" },
    el("header", { class: "answer-head" }, el("h2", {}, titleOf(table, row, categories)), el("span", { class: "chip" }, term("table", table)), el("p", { class: "answer-code" }, codeText(row.code))),
    facts.length ? el("dl", { class: "facts" }, facts) : null,
    parts,
    el("div", { class: "answer-actions" }, page, copyButton("link", "linkCopied", () => location.href)),
  );
}
