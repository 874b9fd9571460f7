/** Who is concerned by a shape: departments, areas, streets, chiefs and people, cells; as a view, as text and as rows. */

import { codeText, el } from "../shared/dom.js";
import { percent } from "../shared/answer_doubt.js";
import { callLink, holderText } from "../shared/answer_people.js";
import { language, term, text } from "../shared/language.js";
import { may } from "../shared/session.js";
import { thingLink } from "./thing_link.js";

const SHOWN = 12;
const PARTS = { departments: "zoneDepartments", areas: "zoneAreas", segments: "zoneSegments", cells: "zoneCells" };
const ON_THE_MAP = ["segment", "cell", "area"];

/** Metres or square metres in words; hectares and kilometres when large. */
export function amountText(amount, measure) {
  const number = (value, digits = 0) => value.toLocaleString(language(), { maximumFractionDigits: digits });
  if (measure === "LENGTH_M") return amount >= 1000 ? `${number(amount / 1000, 1)} ${text("km")}` : `${number(amount)} ${text("m")}`;
  return amount >= 10_000 ? `${number(amount / 10_000, 1)} ${text("hectares")}` : `${number(amount)} ${text("squareMetres")}`;
}

/** What a share's code selects, or null for what nobody here may open. */
function thingOf(part, code, { areas }) {
  if (part !== "departments") return { kind: { areas: "area", segments: "segment", cells: "cell" }[part], code };
  // Where the roster has no office of an area, the area itself stands as the department.
  if (areas.some((area) => area.code === code)) return { kind: "area", code };
  return may("READ_ROSTER") ? { kind: "row", table: "departments", code } : null;
}

function shareRow(part, { code, name, share, amount }, { answer, select }) {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.max(1, share * 100)}%`;
  const [thing, words] = [thingOf(part, code, answer), name || codeText(code)];
  return el("li", {}, el("span", { title: code }, thing ? thingLink(thing, select, words) : words), el("span", {}, `${percent(share)} · ${amountText(amount, answer.measures[part])}`), el("span", { class: "track", "aria-hidden": "true" }, fill));
}

function sharesPart(part, on) {
  const shares = on.answer[part];
  if (!shares.length) return null;
  const rows = (some) => el("ul", { class: "bars" }, some.map((share) => shareRow(part, share, on)));
  const rest = shares.slice(SHOWN);
  const more = rest.length ? el("details", { class: "more" }, el("summary", {}, text("showMore", { number: rest.length })), rows(rest)) : null;
  return el("section", {}, el("h3", {}, `${text(PARTS[part])} (${shares.length})`), rows(shares.slice(0, SHOWN)), more);
}

/** What somebody answers for, by its name where the map has one. */
const targetOf = ({ target, target_name: name }) => name ?? target.split(" ").at(-1);

function personRow(one, { select }) {
  const { role, phone, target } = one;
  const [kind, code] = [target.split(" ")[0], target.split(" ").at(-1)];
  const words = ON_THE_MAP.includes(kind) ? thingLink({ kind, code }, select, targetOf(one)) : targetOf(one);
  return el("li", {}, el("span", {}, el("span", { class: "row-role" }, term("role", role)), ` ${holderText(one)}`), phone ? callLink(phone) : null, el("small", {}, words));
}

function listPart(key, items, on) {
  return items.length ? el("section", {}, el("h3", {}, `${text(key)} (${items.length})`), el("ul", { class: "rows" }, items.map((one) => personRow(one, on)))) : null;
}

/** @param on {select} */
export function zoneView(answer, actions, on) {
  const { measure, total, outside_share: outside } = answer;
  const shown = { answer, select: on.select };
  return el(
    "article",
    { class: "answer zone-answer" },
    el("header", { class: "answer-head" }, el("h2", {}, text("zoneTitle")), el("span", { class: "chip" }, amountText(total, measure)), outside > 0.001 ? el("p", { class: "crumbs" }, text("zoneOutside", { share: percent(outside) })) : null),
    el("div", { class: "answer-actions" }, actions),
    sharesPart("departments", shown),
    listPart("zoneChiefs", answer.chiefs, on),
    listPart("zonePeople", answer.people, on),
    sharesPart("areas", shown),
    sharesPart("segments", shown),
    sharesPart("cells", shown),
    el("p", { class: "answer-foot" }, text("foot", { edition: answer.edition, roster: answer.roster, at: answer.at.slice(0, 16).replace("T", " ") })),
  );
}

/** Rows for a file: kind, code, name, role, what somebody answers for, phone, share, and its length or its area. */
export function zoneRows(answer) {
  const head = ["columnKind", "columnCode", "columnName", "columnRole", "columnTarget", "columnPhone", "columnShare", "columnLength", "columnSurface"].map((key) => text(key));
  const sized = (part, amount) => ["LENGTH_M", "AREA_M2"].map((measure) => (answer.measures[part] === measure ? amount.toFixed(1) : ""));
  const shares = Object.entries(PARTS).flatMap(([part, key]) => answer[part].map(({ code, name, share, amount }) => [text(key), code, name, "", "", "", share.toFixed(4), ...sized(part, amount)]));
  const row = (key) => (one) => [text(key), one.person, one.name ?? "", term("role", one.role), targetOf(one), one.phone ?? "", "", "", ""];
  return [head, ...answer.chiefs.map(row("zoneChiefs")), ...answer.people.map(row("zonePeople")), ...shares];
}

/** The list for a message: who, with which number, then what it touches and how much of it. */
export function zoneText(answer, address) {
  const names = (part) => answer[part].map(({ name, code, share, amount }) => `${name || code} ${percent(share)} · ${amountText(amount, answer.measures[part])}`);
  const people = [...answer.chiefs, ...answer.people].map((one) => [term("role", one.role), one.name, targetOf(one), one.phone].filter(Boolean).join(" "));
  const block = (key, lines) => (lines.length ? `${text(key)}\n${lines.map((line) => `- ${line}`).join("\n")}` : "");
  return [block("zoneDepartments", names("departments")), block("zonePeople", people), block("zoneAreas", names("areas")), block("zoneSegments", names("segments")), block("zoneCells", names("cells")), address].filter(Boolean).join("\n\n");
}
