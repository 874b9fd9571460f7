/** A file compared with the roster, then written: nothing is written unseen, and what was written is said. */

import { request } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { countWords, differenceView, fileFaults, isNothing } from "./difference.js";
import { makeImportForm, TABLES } from "./import_form.js";
import { writeOwn } from "./own_writes.js";
import { reasonWords } from "./states.js";

/** Why nothing of a file can be written: each fault with its place in the file and what to do. */
function refusedFile(issues) {
  const blocking = issues.filter(({ severity }) => severity === "BLOCK");
  return [el("p", { class: "form-error", role: "alert" }, text("fileRefused", { count: blocking.length })), fileFaults(issues)];
}

const sentFor = (step, { chosen, parameters }, headers = {}) =>
  request("POST", `api/v1/roster/${step}`, { parameters, bytes: chosen, headers: { "Content-Type": "application/octet-stream", ...headers } }).then(({ body }) => body);

/**
 * @param roster() of now; @param changed called with the new revision
 * @returns {view, heard, forget}: `heard(revision, tables)` when the roster has changed, perhaps in any table where none are
 *   named; `forget()` when somebody else is here
 */
export function makeImportDesk({ roster, changed }) {
  /** Table → the revision of its last change that was heard of. */
  const newest = new Map();
  let written = null;
  let made = null;

  function writtenView() {
    if (!written) return null;
    const { answer, name, table } = written;
    return el("section", { class: "written" }, el("h2", { role: "status" }, text("written", { what: countWords(answer), revision: answer.roster })), el("p", { class: "quiet-text" }, `${term("table", table)} · ${name}`),
      isNothing(answer) ? null : el("details", {}, el("summary", {}, text("writtenRows")), differenceView(answer, roster())));
  }

  function make() {
    const found = el("div", { class: "import-found", "aria-live": "polite" }, writtenView());
    const look = el("button", { class: "plain", type: "submit" }, text("compare"));
    const write = el("button", { class: "primary", type: "button", disabled: true, onclick: () => compared && writeOwn(() => work(writeIt, compared)) }, text("write"));
    const form = makeImportForm({ submitted: (order) => work(compare, order), touched: () => ((written = null), reset()) }, [look, write]);
    /** What is on the page and is written as it was compared: {chosen, parameters, revision, upTo: what had been heard by then}. */
    let compared = null;

    const lastChange = ({ parameters }) => newest.get(parameters.table) ?? 0;

    /** One thing at a time; what is asked for stays as it was asked for until it is answered. */
    async function work(step, order) {
      const had = document.activeElement;
      compared = null;
      form.node.inert = write.disabled = look.disabled = true;
      try {
        await step(order);
      } catch (problem) {
        found.replaceChildren(...(problem.body?.issues?.length ? refusedFile(problem.body.issues) : [el("p", { class: "form-error", role: "alert" }, reasonWords(problem))]));
      }
      form.node.inert = look.disabled = false;
      if (document.activeElement === document.body) (had.disabled ? look : had).focus({ preventScroll: true });
      follow();
    }

    async function compare(order, isAgain = false) {
      const upTo = lastChange(order);
      const answer = await sentFor("preview", order);
      if (isNothing(answer) && answer.blocking) return found.replaceChildren(...refusedFile(answer.issues));
      compared = { ...order, revision: answer.roster, upTo };
      const again = isAgain ? el("p", { class: "compared-again" }, text("comparedAgain")) : null;
      const title = answer.blocking ? null : el("h2", {}, isNothing(answer) ? text("nothingChanges") : text("wouldWrite", { what: countWords(answer) }));
      const same = answer.unchanged ? el("p", { class: "quiet-text" }, text("unchanged", { count: answer.unchanged })) : null;
      found.replaceChildren(...[again, title, same, isNothing(answer) ? null : differenceView(answer, roster())].filter(Boolean));
      write.disabled = Boolean(answer.blocking) || isNothing(answer);
    }

    const compareAgain = (order) => compare(order, true);

    async function writeIt(order) {
      try {
        const answer = await sentFor("import", order, { "If-Match": `"r${order.revision}"` });
        written = { answer, name: order.chosen.name, table: order.parameters.table };
        form.empty();
        await changed(answer.roster);
      } catch (problem) {
        if (problem.status !== 412) throw problem;
        await compareAgain(order);
      }
    }

    /** Somebody changes the table while a comparison is looked at: nothing is written before it was looked at again. */
    function follow() {
      if (compared && lastChange(compared) > Math.max(compared.revision, compared.upTo)) work(compareAgain, compared);
    }

    /** What was compared is no longer what would be written. */
    function reset() {
      compared = null;
      write.disabled = true;
      found.replaceChildren();
    }

    return { parts: [form.node, found], language: language(), follow, isBusy: form.isFilled };
  }

  function view() {
    if (!made?.isBusy() || made.language !== language()) made = make();
    return made.parts;
  }

  function heard(revision, tables = TABLES) {
    for (const table of tables) newest.set(table, Math.max(revision, newest.get(table) ?? 0));
    made?.follow();
  }

  return { view, heard, forget: () => (written = made = null) };
}
