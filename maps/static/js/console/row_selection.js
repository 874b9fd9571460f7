/** A row of the roster that an answer names: what it says, whom it names in turn, and where it holds. */

import { getJson, listCategories } from "../shared/api.js";
import { categoryName } from "../shared/category_choice.js";
import { callLink } from "../shared/answer_people.js";
import { copyButton } from "../shared/copy.js";
import { codeText, el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { thingLink } from "./thing_link.js";

/** Which fields name another row or place, and which table. */
const NAMES = { department: "departments", successor: "departments", person: "people", duty_list: "duty_lists", belongs_to: "departments", used_by: "departments" };
const AREAS = ["area", "subdistrict"];
const WORDS = { role: "role", part: "part", kind: "kind" };
const TITLES = ["name", "title", "code"];
const LEFT_OUT = ["geometry", "code", "scheme", ...TITLES];

const titleOf = (row) => TITLES.map((name) => row[name]).find(Boolean);

/** Categories by their names, each leading to its own row. */
function categoryLinks(keys, categories, select) {
  const nameOf = (key) => categories.find(({ scheme, code }) => `${scheme}:${code}` === key);
  return keys.map((key) => {
    const known = nameOf(key);
    const words = known ? `${known.code} ${categoryName(known)}` : key;
    return el("div", {}, thingLink({ kind: "row", table: "categories", code: key }, select, words));
  });
}

function valueOf(name, value, { row, table, categories, select }) {
  if (name === "category" || name === "categories") return categoryLinks([value].flat(), categories, select);
  if (name === "phone") return callLink(value);
  if (AREAS.includes(name)) return thingLink({ kind: "area", code: value }, select);
  if (name === "target_code") return ["CELL", "AREA", "SEGMENT"].includes(row.target_kind.toUpperCase()) ? thingLink({ kind: row.target_kind.toLowerCase(), code: value }, select) : codeText(value);
  if (name === "parent" && table === "departments") return thingLink({ kind: "row", table, code: value }, select);
  if (NAMES[name]) return thingLink({ kind: "row", table: NAMES[name], code: value }, select);
  if (WORDS[name]) return term(WORDS[name], value);
  if (typeof value === "boolean") return text(value ? "yes" : "no");
  return Array.isArray(value) ? value.join("、") : String(value);
}

const isSaid = (value) => value !== null && value !== "" && !(Array.isArray(value) && !value.length);

function card(shown) {
  const { table, row } = shown;
  const said = Object.entries(row).filter(([name, value]) => !LEFT_OUT.includes(name) && isSaid(value));
  const facts = said.map(([name, value]) => [el("dt", {}, term("field", name)), el("dd", {}, valueOf(name, value, shown))]);
  const page = table === "posts" ? el("a", { class: "plain link-button", href: `roster?view=posts&post=${encodeURIComponent(row.code)}` }, text("openRoster")) : null;
  return el(
    "article",
    { class: "answer thing", "data-kind": "row" },
    el("header", { class: "answer-head" }, el("h2", {}, titleOf(row)), el("span", { class: "chip" }, term("table", table)), el("p", { class: "answer-code" }, codeText(row.code))),
    el("dl", { class: "facts" }, facts),
    el("div", { class: "answer-actions" }, page, copyButton("link", "linkCopied", () => location.href)),
  );
}

/** @param parts {highlight, inspector, fit, editions, select} */
export function makeRowSelection({ highlight, inspector, fit, editions, select }) {
  return {
    hide: () => highlight.clear(),
    async show({ table, code }, { signal }) {
      highlight.clear();
      inspector.showLoading();
      const asked = getJson(`api/v1/${table}/${encodeURIComponent(code)}`, { revision: editions.parameters().roster }, signal);
      const [row, categories] = await Promise.all([asked, listCategories().catch(() => [])]);
      if (row.geometry) fit(highlight.outline({ type: "Feature", properties: {}, geometry: row.geometry }, false));
      inspector.show(() => card({ table, row, categories, select }), titleOf(row));
    },
  };
}
