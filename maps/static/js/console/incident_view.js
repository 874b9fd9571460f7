/** One incident in the inspector: what was reported, its photos, and the answer that was frozen with it. */

import { tracePart } from "../shared/answer.js";
import { doubtBrief, doubtPart } from "../shared/answer_doubt.js";
import { departmentsPart } from "../shared/answer_departments.js";
import { callLink, chiefCard, peopleRows } from "../shared/answer_people.js";
import { copyButton } from "../shared/copy.js";
import { drawing, el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { photoList } from "../shared/photo_list.js";
import { timeNode } from "../shared/times.js";
import { cellCode, placeText, stateText, titleOf } from "./incident_terms.js";

const MARK = ["M10 3.2a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6Z", "!M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z"];

const fact = (label, value) => (value ? [el("dt", {}, text(label)), el("dd", {}, value)] : []);

function contactPart({ contact }) {
  if (!contact?.name && !contact?.phone) return null;
  return el("section", {}, el("h3", {}, text("contact")), el("p", {}, contact.name), contact.phone ? callLink(contact.phone) : null);
}

const summary = (incident, address) => [`${incident.number} ${titleOf(incident)}`, placeText(incident), incident.description, address].filter(Boolean).join("\n");

/** @param extras {actions(incident) → {quiet: [nodes], after: node}, note() → node or null, parts(answer) as of an answer, thing(thing) → a link}; @param traceOpen whether the reader had opened the trace */
export function incidentView(incident, extras, traceOpen) {
  const answer = incident.resolution;
  const own = extras.actions(incident);
  const parts = answer && extras.parts(answer);
  const { lon, lat } = incident.location;
  return el(
    "article",
    { class: "answer incident-card" },
    el(
      "header",
      { class: "answer-head" },
      el("h2", {}, titleOf(incident)),
      el("span", { class: "chip", "data-state": incident.state }, drawing(...MARK), stateText(incident)),
      el("p", { class: "incident-number" }, text("incidentNumber", { number: incident.number })),
      el("p", { class: "crumbs" }, placeText(incident)),
    ),
    extras.note?.(),
    incident.description ? el("p", { class: "incident-words" }, incident.description) : null,
    photoList(incident),
    el(
      "dl",
      { class: "facts" },
      fact("reportedAt", timeNode(incident.reported_at)),
      fact("occurredAt", incident.occurred_at && timeNode(incident.occurred_at)),
      fact("sourceLabel", term("source", incident.source)),
      fact("reportedBy", incident.made_by),
      fact("cellLabel", cellCode(incident) && extras.thing({ kind: "cell", code: cellCode(incident) })),
      fact("placeLabelShort", `${lon.toFixed(6)}, ${lat.toFixed(6)}`),
    ),
    contactPart(incident),
    answer && [doubtBrief(answer), chiefCard(answer, parts), peopleRows(answer), departmentsPart(answer, null, parts), doubtPart(answer), tracePart(answer, traceOpen, parts.link)],
    el(
      "div",
      { class: "answer-actions" },
      own.quiet,
      copyButton("copy", "copied", () => summary(incident, location.href)),
      copyButton("link", "linkCopied", () => location.href),
    ),
    own.after,
    answer ? el("p", { class: "answer-foot" }, text("frozen", { edition: answer.edition, roster: answer.roster })) : null,
  );
}
