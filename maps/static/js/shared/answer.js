/** The whole answer in the inspector, in the order in which it is read: where, who, which department, doubts, why. */

import { departmentsPart } from "./answer_departments.js";
import { doubtBrief, doubtPart, isDoubtful } from "./answer_doubt.js";
import { chiefCard, headline, peopleRows } from "./answer_people.js";
import { copyButton } from "./copy.js";
import { codeText, drawing, el } from "./dom.js";
import { language, term, text } from "./language.js";

const CHIPS = {
  INSIDE: ["M4 4h12v12H4Z", "!M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z"],
  BOUNDARY: ["M10 2v16", "!M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z"],
  OVERLAP: ["M3 3h9v9H3Z", "M8 8h9v9H8Z"],
  GAP: ["M2 4h5v12H2M18 4h-5v12h5", "M10 6v1M10 9.5v1M10 13v1"],
  NO_CELL: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z", "m5 5 10 10"],
};

const chip = (match) => el("span", { class: "chip", "data-match": match }, drawing(...(CHIPS[match] ?? CHIPS.NO_CELL)), term("match", match));

/** Why this answer: each line with links to what it names. */
export function tracePart({ trace }, open, link) {
  const lang = language();
  const named = (entry, i) => link?.(entry, i) ?? codeText(entry.ids[i]);
  const line = (entry) => el("li", {}, entry[lang], entry.ids.length ? el("small", {}, entry.ids.flatMap((_, i) => [i ? " · " : null, named(entry, i)])) : null);
  return el("details", { class: "trace", "data-part": "trace", open }, el("summary", {}, text("traceTitle")), el("ol", {}, trace.map(line)));
}

/** A few lines for a message to a colleague. */
export function summary({ cell, areas, chief, segment, departments }, address) {
  const lead = departments.find(({ part }) => part === "LEAD");
  return [
    [cell?.name, cell?.code].filter(Boolean).join(" "),
    areas.map(({ name }) => name).join(" › "),
    chief ? `${term("role", chief.role)} ${chief.name}${segment ? ` · ${segment.name}` : ""}` : text("noChief"),
    lead ? `${term("part", "LEAD")} ${lead.name}` : "",
    address,
  ].filter(Boolean).join("\n");
}

/** @param own the page's buttons: {primary, quiet: [nodes]}; the primary one stays in sight */
function actions(answer, own) {
  const quiet = el(
    "div",
    { class: "answer-actions" },
    copyButton("copy", "copied", () => summary(answer, location.href)),
    copyButton("link", "linkCopied", () => location.href),
    own.quiet,
  );
  return [quiet, own.primary ? el("div", { class: "answer-primary" }, own.primary) : null];
}

/**
 * @param picker the page's category picker element, or null; @param traceOpen whether the reader had opened the trace
 * @param extras the page's own: `before()` a part after the headline, `actions()` → {primary, quiet}, `link(line, i)` → an
 *   element that leads to what a line of the trace names or null, `rule(department)` → the like for the rule that named it,
 *   `phone(node, kind, code)` and `name(node, kind, code)` which fill in a number or name for who may see it
 */
export function answerView(answer, picker, traceOpen, extras = {}) {
  const at = answer.at.slice(0, 16).replace("T", " ");
  return el(
    "article",
    { class: "answer" },
    headline(answer, chip(answer.match)),
    doubtBrief(answer),
    extras.before?.(),
    chiefCard(answer, extras),
    peopleRows(answer),
    departmentsPart(answer, picker, extras),
    doubtPart(answer),
    tracePart(answer, traceOpen, extras.link),
    el("p", { class: "answer-foot", title: answer.at }, text("foot", { edition: answer.edition, roster: answer.roster, at })),
    actions(answer, extras.actions?.() ?? {}),
  );
}

/** One sentence for screen readers. */
export function spoken(answer) {
  const { cell, areas, chief, departments } = answer;
  const lead = departments.find(({ part }) => part === "LEAD");
  const words = text("saidAnswer", {
    cell: cell?.name || cell?.code || areas.at(-1)?.name || text("noCell"),
    chief: chief ? text("saidChief", { name: chief.name }) : text("saidNoChief"),
    lead: text("saidLead", { name: lead?.name ?? "–" }),
  });
  return isDoubtful(answer) ? `${words}${text("saidDoubt")}` : words;
}
