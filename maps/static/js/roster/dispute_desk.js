/** One dispute: the place on the map, the answer as it was given, both sides; for who may, deciding or declining it. */

import { getJson, request } from "../shared/api.js";
import { tracePart } from "../shared/answer.js";
import { departmentsPart } from "../shared/answer_departments.js";
import { el } from "../shared/dom.js";
import { language, spokenPart, text } from "../shared/language.js";
import { may, session } from "../shared/session.js";
import { timeNode } from "../shared/times.js";
import { lastDay } from "./days.js";
import { decisionForm, declineForm } from "./decision_form.js";
import { placeWords, stateWords } from "./disputes.js";
import { writeOwn } from "./own_writes.js";
import { failedState, missingState } from "./states.js";

const fact = (key, ...value) => [el("dt", {}, text(key)), el("dd", {}, value)];

/** Who leads there by a determination, for what and how long; put in once it is read, for whoever may. */
async function putDetermined(node, key, page) {
  const row = await getJson(`api/v1/determinations/${encodeURIComponent(key)}`).catch(() => null);
  if (!row) return;
  const name = page.departments().find(({ code }) => code === row.department)?.name ?? row.department;
  const matters = row.categories.map((category) => page.categories().get(category) ?? category);
  const ends = lastDay(row);
  node.replaceChildren(
    el("p", { class: "card-name" }, name),
    el("p", { class: "card-more" }, [text("leadsSince", { day: row.decided_on ?? row.valid_from ?? "…" }), ends ? text("untilDay", { day: ends }) : null, matters.join(language() === "zh" ? "、" : ", ") || text("allCategories")].filter(Boolean).join(" · ")));
}

function outcome({ state, decided_by: by, decided_at: at, decision, determination }, page) {
  if (state === "OPEN") return null;
  const who = el("div", {});
  if (determination) putDetermined(who, determination, page);
  return el("div", { class: "card lead" },
    el("p", { class: "card-role" }, stateWords(state)),
    who,
    el("p", { class: determination ? "card-more" : "card-name" }, decision),
    el("p", { class: "card-more" }, [determination, by].filter(Boolean).join(" · "), " · ", timeNode(at)));
}

function facts(dispute, categories) {
  const { sides, category, component, incident, made_by: by, opened_at: at } = dispute;
  return el("dl", { class: "dispute-facts" },
    fact("sideAnswered", sides.answered.name), fact("sideClaimed", sides.claimed?.name ?? text("claimedNobody")),
    fact("matter", category ? (categories.get(category) ?? category) : text("noCategory")),
    component ? fact("component", component) : null, incident ? fact("incident", incident) : null,
    fact("openedBy", by, " · ", timeNode(at)));
}

/** @param page {detail, categories() names by key, departments(), showPlace(lon, lat), drawing, begin(): read from the beginning, say(words), closed(), leave(): back to the list} */
export function makeDisputeDesk(page) {
  function frozen({ resolution }) {
    return el("details", { class: "frozen" }, el("summary", {}, text("frozenAnswer", { edition: resolution.edition, at: resolution.at.slice(0, 16).replace("T", " ") })), departmentsPart(resolution, null), tracePart(resolution, true));
  }

  function actions(dispute, etag) {
    if (dispute.state !== "OPEN" || !may("DETERMINE")) return null;
    if (dispute.made_by === session().login) return el("p", { class: "quiet-text" }, text("notOnesOwn"));
    const form = (make) => () => {
      const made = make(dispute, { ...page, foresee: (body) => foresee(dispute.number, body, etag), send: (step, body) => send(dispute.number, step, body, etag), back: () => show(dispute, etag) });
      page.detail.replaceChildren(made.node);
      made.focus();
    };
    return el("div", { class: "form-actions" },
      el("button", { class: "primary", type: "button", onclick: form(decisionForm) }, text("decide")),
      el("button", { class: "plain", type: "button", onclick: form(declineForm) }, text("decline")));
  }

  const asked = (number, step, body, etag) => request("POST", `api/v1/disputes/${number}/${step}`, { json: body, headers: { "If-Match": etag } });
  const foresee = (number, body, etag) => asked(number, "determine/preview", body, etag).then((answer) => answer.body);
  const send = (number, step, body, etag) => writeOwn(() => close(number, step, body, etag));

  async function close(number, step, body, etag) {
    const { body: closed, headers } = await asked(number, step, body, etag);
    page.drawing.clear();
    show(closed, headers.get("ETag"));
    page.begin();
    page.say(text("disputeClosed", { number, state: stateWords(closed.state) }));
    await page.closed();
  }

  function show(dispute, etag) {
    page.drawing.clear();
    const { lon, lat } = dispute.location;
    page.detail.replaceChildren(...[
      el("p", { class: "card-role" }, `${text("disputeNumber", { number: dispute.number })} · ${stateWords(dispute.state)}`),
      el("h2", {}, placeWords(dispute)),
      el("p", { class: "quiet-text" }, dispute.areas.map(({ name }) => name).join(" › ")),
      el("blockquote", { class: "dispute-reason" }, dispute.reason),
      outcome(dispute, page), facts(dispute, page.categories()), actions(dispute, etag), frozen(dispute),
      el("p", {}, el("a", { href: `./?${new URLSearchParams({ lon, lat, ...(dispute.category ? { category: dispute.category } : {}), ...spokenPart() })}` }, text("answerNow"))),
    ].filter(Boolean));
    page.showPlace(lon, lat);
  }

  /** Show one, or why it cannot be shown. */
  async function open(number) {
    try {
      const { body, headers } = await request("GET", `api/v1/disputes/${number}`);
      show(body, headers.get("ETag"));
    } catch (problem) {
      const isMissing = problem.kind === "missing";
      page.detail.replaceChildren(isMissing ? missingState(text("noSuchDispute", { number }), page.leave) : failedState(problem, () => open(number)));
    }
  }

  return { open };
}

/** Names of categories by SCHEME:CODE. */
export async function readCategories(nameOf) {
  const { items } = await getJson("api/v1/categories", { limit: 1000 });
  return new Map(items.map((row) => [`${row.scheme}:${row.code}`, nameOf(row)]));
}
