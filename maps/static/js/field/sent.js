/** What I sent: what still waits first, with since when, then the server's numbers, newest first. */

import { getJson, listCategories } from "../shared/api.js";
import { categoryName } from "../shared/categories.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { listState, reasonText } from "../shared/states.js";
import { timeNode, timeText } from "../shared/times.js";
import { leaveAsItIs, otherPhotos, photoWords } from "./photo_trouble.js";
import { putReport } from "./sent_report.js";

const AT_ONCE = 20;

export function makeSent(outgoing, canRead) {
  const root = document.getElementById("sent");
  const badge = document.getElementById("waiting");
  let items = [];
  let cursor = null;
  let problem = null;
  let loading = false;
  let asked = 0;
  let categories = new Map();

  /** Also what the report form will want when the network is away. */
  const learn = () =>
    listCategories().then((all) => ((categories = new Map(all.map((one) => [`${one.scheme}:${one.code}`, one]))), draw()), () => {});

  const titleOf = ({ category, category_name }) => (categories.has(category) ? categoryName(categories.get(category)) : category_name || category || text("noCategory"));

  const why = (item) => (!outgoing.isOurs(item) ? text("otherAccount", { login: item.login }) : !item.problem ? text("sending") : outgoing.comesAgain(item) ? text("queued") : text("sendFailed", { reason: reasonText(item.problem) }));

  /** What can be done about photos that are missing. */
  function photoButtons(item) {
    if (item.running) return el("small", {}, text("sending"));
    if (outgoing.isSettled(item)) return [otherPhotos(item, outgoing), leaveAsItIs(item, outgoing)];
    return el("button", { type: "button", class: "plain", onclick: () => outgoing.retry(item) }, text("retryPhoto"));
  }

  /** It is recorded; only what was sent along is not. */
  const recordedRow = (item) =>
    el("li", { class: "field-waiting" },
      el("span", {}, titleOf(item.body)),
      el("small", {}, item.incident.number),
      photoWords(item) ? el("small", { class: "form-error", role: "alert" }, photoWords(item)) : null,
      photoButtons(item));

  const waitingRow = (item) =>
    item.incident ? recordedRow(item) : el("li", { class: "field-waiting" },
      el("span", {}, titleOf(item.body)),
      item.body.description ? el("small", {}, item.body.description) : null,
      el("small", {}, why(item)),
      el("button", { type: "button", class: "plain", onclick: () => outgoing.retry(item) }, text("retrySend")),
      el("button", { type: "button", class: "quiet", onclick: (event) => discard(event.currentTarget, item) }, text("discard")));

  /** A report is thrown away by a second tap only: nobody has it yet. */
  function discard(button, item) {
    if (button.dataset.sure) return outgoing.discard(item);
    button.dataset.sure = "yes";
    button.textContent = text("discardSure");
  }

  /** What stands where there are no rows. */
  function emptiness() {
    if (!canRead()) return [el("p", { class: "field-note" }, text("sentSignIn"))];
    if (problem || loading) return listState({ state: problem?.kind ?? "loading" }, 0, { retry: () => load() });
    return [el("div", { class: "state" }, el("p", {}, text("nothingSent")), el("p", {}, text("nothingSentBody")))];
  }

  /** Open, it tells the whole report; read only then. */
  const sentRow = (incident) => {
    const more = el("div", { class: "field-report-more" });
    const opened = ({ currentTarget: row }) => row.open && !more.children.length && putReport(more, incident.number);
    return el("li", {}, el("details", { ontoggle: opened },
      el("summary", {},
        el("span", {}, titleOf(incident)),
        el("span", { class: "row-side" }, timeNode(incident.reported_at)),
        el("small", {}, `${incident.number} · ${incident.lead?.name ?? ""}`)),
      more));
  };

  function draw() {
    const waiting = outgoing.waiting();
    const unsent = waiting.filter((item) => !outgoing.isSettled(item));
    badge.hidden = !unsent.length;
    if (unsent.length) badge.textContent = text("waitingOne", { count: unsent.length, time: timeText(unsent[0].since) });
    const told = new Set(waiting.map(({ incident }) => incident?.number));
    const rows = [...waiting.map(waitingRow), ...items.filter(({ number }) => !told.has(number)).map(sentRow)];
    const stale = items.length && problem ? listState({ state: "ready", problem }, items.length, { retry: () => load() }) : [];
    root.replaceChildren(...[
      el("h2", {}, text("sentTitle")),
      ...stale,
      ...(rows.length ? [el("ul", { class: "rows" }, rows)] : emptiness()),
      cursor ? el("button", { type: "button", class: "plain", onclick: () => load(cursor) }, text("sentMore")) : null,
    ].filter(Boolean));
  }

  async function load(after = null) {
    const mine = (asked += 1);
    learn();
    if (!after) [items, cursor] = [canRead() ? items : [], null];
    loading = canRead();
    draw();
    if (!canRead()) return;
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
    loading = false;
    draw();
  }

  return { draw, load };
}
