/** Who is concerned by a shape: departments, areas, streets, chiefs and people, cells; as a view, as text and as rows. */

import { codeText, el } from "../shared/dom.js";
import { percent } from "../shared/answer_doubt.js";
import { callLink } from "../shared/answer_people.js";
import { language, term, text } from "../shared/language.js";

const SHOWN = 12;

/** Metres or square metres in words; hectares and kilometres when large. */
export function amountText(amount, measure) {
  const number = (value, digits = 0) => value.toLocaleString(language(), { maximumFractionDigits: digits });
  if (measure === "LENGTH_M") return amount >= 1000 ? `${number(amount / 1000, 1)} ${text("km")}` : `${number(amount)} ${text("m")}`;
  return amount >= 10_000 ? `${number(amount / 10_000, 1)} ${text("hectares")}` : `${number(amount)} ${text("squareMetres")}`;
}

function shareRow({ code, name, share, amount }, measure) {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.max(1, share * 100)}%`;
  const words = name && name !== code ? [name, " ", el("small", {}, codeText(code))] : [codeText(code)];
  return el("li", {}, el("span", {}, words), el("span", {}, `${percent(share)} · ${amountText(amount, measure)}`), el("span", { class: "track", "aria-hidden": "true" }, fill));
}

function sharesPart(key, shares, measure) {
  if (!shares.length) return null;
  const rows = (some) => el("ul", { class: "bars" }, some.map((share) => shareRow(share, measure)));
  const rest = shares.slice(SHOWN);
  const more = rest.length ? el("details", { class: "more" }, el("summary", {}, text("showMore", { number: rest.length })), rows(rest)) : null;
  return el("section", {}, el("h3", {}, `${text(key)} (${shares.length})`), rows(shares.slice(0, SHOWN)), more);
}

const chiefRow = ({ role, name, target }) => el("li", {}, el("span", {}, `${term("role", role)} · ${name}`), el("span", { class: "row-side" }, target.split(" ").at(-1)));
const personRow = ({ role, person, name, phone }) => el("li", {}, el("span", {}, `${term("role", role)} · ${person ? name || text("hiddenName") : text("vacant")}`), phone ? callLink(phone) : null);

function listPart(key, items, draw) {
  return items.length ? el("section", {}, el("h3", {}, `${text(key)} (${items.length})`), el("ul", { class: "rows" }, items.map(draw))) : null;
}

export function zoneView(answer, actions) {
  const { measure, total, outside_share: outside } = answer;
  return el(
    "article",
    { class: "answer zone-answer" },
    el("header", { class: "answer-head" }, el("h2", {}, text("zoneTitle")), el("span", { class: "chip" }, amountText(total, measure)), outside > 0.001 ? el("p", { class: "crumbs" }, text("zoneOutside", { share: percent(outside) })) : null),
    el("div", { class: "answer-actions" }, actions),
    sharesPart("zoneDepartments", answer.departments, measure),
    listPart("zoneChiefs", answer.chiefs, chiefRow),
    listPart("zonePeople", answer.people, personRow),
    sharesPart("zoneAreas", answer.areas, measure),
    sharesPart("zoneSegments", answer.segments, measure),
    sharesPart("zoneCells", answer.cells, measure),
    el("p", { class: "answer-foot" }, text("foot", { edition: answer.edition, roster: answer.roster, at: answer.at.slice(0, 16).replace("T", " ") })),
  );
}

const PARTS = { departments: "zoneDepartments", areas: "zoneAreas", segments: "zoneSegments", cells: "zoneCells" };

/** Rows for a file: kind, code, name, role, phone, share, amount. */
export function zoneRows(answer) {
  const head = ["columnKind", "columnCode", "columnName", "columnRole", "columnPhone", "columnShare", "columnAmount"].map((key) => text(key));
  const shares = Object.entries(PARTS).flatMap(([part, key]) => answer[part].map(({ code, name, share, amount }) => [text(key), code, name, "", "", share.toFixed(4), amount.toFixed(1)]));
  const chiefs = answer.chiefs.map(({ role, person, name }) => [text("zoneChiefs"), person, name, term("role", role), "", "", ""]);
  const people = answer.people.map(({ role, person, name, phone }) => [text("zonePeople"), person, name ?? "", term("role", role), phone ?? "", "", ""]);
  return [head, ...chiefs, ...people, ...shares];
}

/** The list for a message: who, with which number, then what it touches. */
export function zoneText(answer, address) {
  const names = (part) => answer[part].map(({ name, code, share }) => `${name || code} ${percent(share)}`);
  const people = [...answer.chiefs, ...answer.people].map(({ role, name, phone }) => [term("role", role), name, phone].filter(Boolean).join(" "));
  const block = (key, lines) => (lines.length ? `${text(key)}\n${lines.map((line) => `- ${line}`).join("\n")}` : "");
  return [block("zoneDepartments", names("departments")), block("zonePeople", people), block("zoneAreas", names("areas")), block("zoneSegments", names("segments")), block("zoneCells", names("cells")), address].filter(Boolean).join("\n\n");
}
