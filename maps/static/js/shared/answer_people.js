/** Who answers: the chief's card and the rows of other people; a vacant post is shown as vacant. */

import { codeText, distanceText, drawing, el } from "./dom.js";
import { term, text } from "./language.js";
import { session } from "./session.js";

const units = () => ({ m: text("m"), km: text("km") });

const PHONE = ["M6.2 3.2 8 6.8 6.4 8.4a9.5 9.5 0 0 0 5.2 5.2l1.6-1.6 3.6 1.8-.7 2.7c-.2.6-.7 1-1.3 1A11.4 11.4 0 0 1 2.5 5.2c0-.6.4-1.1 1-1.3Z"];

const PASSED = { CHIEF_VACANT: "chiefVacant", CHIEF_ABSENT: "chiefAbsent" };

/** Posts that were passed on the way up belong beside the card, and that there was nobody at its end; the trace has the details. */
export function passedPosts(trace, isAnswered = true) {
  const keys = new Set(trace.map(({ code }) => PASSED[code] && (isAnswered ? PASSED[code] : "chiefNobody")).filter(Boolean));
  return [...keys].map((key) => el("p", { class: "card-more" }, text(key)));
}

/** A number to ring, as a link. */
export const callLink = (phone) =>
  el("a", { class: "call", href: `tel:${phone.replace(/[^\d+*#,]/g, "")}`, "aria-label": text("call", { phone }) }, drawing(...PHONE), phone);

/** Whose place the chief has: by name where `name(node, kind, code)` may put one. */
export function standInText(person, name) {
  const node = el("span", {}, person);
  name?.(node, "people", person);
  const [before, after] = text("standIn", { person: "\u0000" }).split("\u0000");
  return el("p", { class: "card-more" }, before, node, after);
}

/** @param extras `phone(node, kind, code)` and `name(node, kind, code)`, which put the number or name into the node for who may see it */
export function chiefCard({ chief, segment, nearest_segment, trace }, { phone, name } = {}) {
  const call = el("p", { class: "card-call" });
  if (chief) phone?.(call, "people", chief.person);
  const street = segment && text("segmentAway", { name: segment.name, kind: term("kind", segment.kind), distance: distanceText(segment.distance_m, units()) });
  const more = [street, segment?.side ? term("side", segment.side) : null].filter(Boolean).join(" · ");
  const nearer = nearest_segment && text("nearestSegment", { name: nearest_segment.name, distance: distanceText(nearest_segment.distance_m, units()) });
  return el(
    "section",
    { "data-part": "chief" },
    el("h3", {}, text("chiefTitle")),
    el(
      "div",
      { class: chief ? "card" : "card vacant" },
      el("p", { class: "card-role" }, chief ? term("role", chief.role) : text("vacant")),
      el("p", { class: "card-name" }, chief ? chief.name : text("noChief")),
      chief?.stand_in_for ? standInText(chief.stand_in_for, name) : null,
      more ? el("p", { class: "card-more" }, more) : null,
      nearer ? el("p", { class: "card-more" }, nearer) : null,
      passedPosts(trace, Boolean(chief)),
      call,
    ),
  );
}

/** Whoever holds a post, as far as the reader may see it. */
export const holderText = ({ person, name }) => (person ? name || text(session().login ? "hiddenFromRole" : "hiddenName") : text("vacant"));

/** Names of the answer's own things by their code, since a person's target is told as "kind code". */
function namesOf({ cell, segment, groups, areas }) {
  return new Map([cell, segment, ...groups, ...areas].filter(Boolean).map(({ code, name }) => [code, name || code]));
}

function personRow(one, names) {
  const { role, phone, target, on_duty } = one;
  const about = target.split(" ").at(-1);
  const duty = on_duty === null || on_duty === undefined ? "" : text(on_duty ? "onDuty" : "offDuty");
  const more = about && text("targetOf", { target: names.get(about) ?? about });
  const side = el("small", { class: "row-side" }, duty);
  return el("li", {}, el("span", {}, el("span", { class: "row-role" }, term("role", role)), ` ${holderText(one)}`), phone ? callLink(phone) : el("span"), el("small", {}, more), side);
}

/** A cell without a grid officer says so: that post is what residents look for first. */
export function peopleRows(answer) {
  const officer = answer.people.some(({ role }) => role === "GRID_OFFICER") || !answer.cell;
  const missing = { role: "GRID_OFFICER", person: "", target: `cell ${answer.cell?.code}` };
  const people = officer ? answer.people : [missing, ...answer.people];
  if (!people.length) return null;
  const names = namesOf(answer);
  return el("section", { "data-part": "people" }, el("h3", {}, text("peopleTitle")), el("ul", { class: "rows" }, people.map((person) => personRow(person, names))));
}

/** Cell, code, match and the way from district to community. */
export function headline({ cell, areas, match, distance_m, location }, chip) {
  const name = cell ? cell.name || cell.code : areas.at(-1)?.name;
  const given = location.submitted;
  const asGiven = given.datum !== "WGS84" && text("submitted", given);
  const place = text("place", { lon: location.lon.toFixed(6), lat: location.lat.toFixed(6) });
  return el(
    "header",
    { class: "answer-head", "data-part": "head" },
    el("h2", {}, name),
    chip,
    cell && cell.name ? el("p", { class: "answer-code" }, codeText(cell.code)) : null,
    cell ? null : el("p", { class: "answer-code" }, text("noCell")),
    match === "GAP" ? el("p", { class: "crumbs" }, text("gapDistance", { distance: distanceText(distance_m, units()) })) : null,
    el("p", { class: "crumbs" }, areas.map(({ name: area }) => area).join(" › ")),
    el("p", { class: "crumbs" }, [place, location.accuracy_m && text("accuracy", { metres: Math.round(location.accuracy_m) }), asGiven].filter(Boolean).join(" · ")),
  );
}
