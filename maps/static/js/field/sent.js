/** What I sent: what still waits first, with since when, then the server's numbers, newest first. */

import { getJson } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { timeNode, timeText } from "../shared/times.js";

const AT_ONCE = 20;

export function makeSent(outgoing, canRead) {
  const root = document.getElementById("sent");
  const badge = document.getElementById("waiting");
  let items = [];
  let cursor = null;
  let problem = null;
  let asked = 0;

  const why = (item) => (!outgoing.isOurs(item) ? text("otherAccount", { login: item.login }) : !item.problem ? text("sending") : outgoing.comesAgain(item) ? text("queued") : text("sendFailed", { reason: item.problem.message }));

  const waitingRow = (item) =>
    el("li", { class: "field-waiting" },
      el("span", {}, item.body.description || text("noDescription")),
      el("small", {}, why(item)),
      el("button", { type: "button", class: "plain", onclick: () => outgoing.retry(item) }, text("retrySend")),
      el("button", { type: "button", class: "quiet", onclick: () => outgoing.discard(item) }, text("discard")));

  const sentRow = (incident) =>
    el("li", {},
      el("span", {}, incident.category_name || incident.description || text("noDescription")),
      el("span", { class: "row-side" }, timeNode(incident.reported_at)),
      el("small", {}, `${incident.number} · ${incident.lead?.name ?? ""}`));

  function draw() {
    const waiting = outgoing.waiting();
    badge.hidden = !waiting.length;
    if (waiting.length) badge.textContent = text("waitingOne", { count: waiting.length, time: timeText(waiting[0].since) });
    const empty = !items.length && !waiting.length && !problem;
    root.replaceChildren(...[
      el("h2", {}, text("sentTitle")),
      problem ? el("p", { class: "form-error" }, problem.message) : null,
      empty ? el("div", { class: "state" }, el("p", {}, text("nothingSent")), el("p", {}, text("nothingSentBody"))) : null,
      el("ul", { class: "rows" }, waiting.map(waitingRow), items.map(sentRow)),
      cursor ? el("button", { type: "button", class: "plain", onclick: () => load(cursor) }, text("sentMore")) : null,
    ].filter(Boolean));
  }

  async function load(after = null) {
    const mine = (asked += 1);
    if (!after) [items, cursor] = [canRead() ? items : [], null];
    if (!canRead()) return draw();
    try {
      const page = await getJson("api/v1/incidents", { mine: true, limit: AT_ONCE, cursor: after });
      if (mine !== asked) return;
      items = after ? [...items, ...page.items] : page.items;
      cursor = page.next_cursor;
      problem = null;
    } catch (failed) {
      if (mine !== asked) return;
      problem = failed.kind === "absent" ? null : failed;
    }
    draw();
  }

  return { draw, load };
}
