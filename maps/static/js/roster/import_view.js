/** A file compared with the roster, then written: nothing is written unseen, and what was written is said. */

import { request } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { countWords, differenceView, fileFaults, isNothing } from "./difference.js";
import { writeOwn } from "./own_writes.js";
import { reasonWords } from "./states.js";

const TABLES = ["people", "departments", "stationings", "posts", "assignments", "absences", "shifts", "duty_lists", "duty_items", "categories", "competences", "patches", "determinations"];
const DRAWN = ["patches", "determinations"];
const DATUMS = ["", "WGS84", "CGCS2000", "GCJ02", "BD09"];

const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);
const option = (value, words) => el("option", { value }, words);

/** Why nothing of a file can be written: each fault with its place in the file and what to do. */
function refusedFile(issues) {
  const blocking = issues.filter(({ severity }) => severity === "BLOCK");
  return [el("p", { class: "form-error", role: "alert" }, text("fileRefused", { count: blocking.length })), fileFaults(issues)];
}

/** @param roster() of now; @param changed called with the new revision; @returns {view, isBusy} */
export function makeImportDesk({ roster, changed }) {
  let written = null;
  let file = null;

  function writtenView() {
    if (!written) return null;
    const { answer, name, table } = written;
    return el("section", { class: "written" }, el("h2", { role: "status" }, text("written", { what: countWords(answer), revision: answer.roster })), el("p", { class: "quiet-text" }, `${term("table", table)} · ${name}`),
      isNothing(answer) ? null : el("details", {}, el("summary", {}, text("writtenRows")), differenceView(answer, roster())));
  }

  function view() {
    const table = el("select", { id: "import-table", class: "input" }, TABLES.map((name) => option(name, term("table", name))));
    file = el("input", { id: "import-file", class: "input", type: "file", accept: ".csv,.xlsx", required: true });
    const mode = el("select", { id: "import-mode", class: "input" }, option("merge", text("importMerge")), option("replace", text("importReplace")));
    const from = el("input", { id: "import-from", class: "input", type: "date" });
    const datum = el("select", { id: "import-datum", class: "input" }, DATUMS.map((name) => option(name, name || text("chooseDatum"))));
    const drawn = field("import-datum", "datum", datum);
    const found = el("div", { class: "import-found", "aria-live": "polite" }, writtenView());
    const look = el("button", { class: "plain", type: "submit" }, text("compare"));
    const write = el("button", { class: "primary", type: "button", disabled: true, onclick: () => writeOwn(() => send("import")) }, text("write"));

    function refused(problem) {
      found.replaceChildren(...(problem.body?.issues?.length ? refusedFile(problem.body.issues) : [el("p", { class: "form-error", role: "alert" }, reasonWords(problem))]));
    }

    function compared(answer) {
      if (isNothing(answer) && answer.blocking) return found.replaceChildren(...refusedFile(answer.issues));
      const title = answer.blocking ? null : el("h2", {}, isNothing(answer) ? text("nothingChanges") : text("wouldWrite", { what: countWords(answer) }));
      const same = answer.unchanged ? el("p", { class: "quiet-text" }, text("unchanged", { count: answer.unchanged })) : null;
      found.replaceChildren(...[title, same, isNothing(answer) ? null : differenceView(answer, roster())].filter(Boolean));
      write.disabled = Boolean(answer.blocking) || isNothing(answer);
    }

    async function send(step) {
      const chosen = file.files[0];
      if (!chosen) return file.focus();
      write.disabled = look.disabled = true;
      const parameters = { table: table.value, name: chosen.name, mode: mode.value, valid_from: from.value, datum: drawn.hidden ? null : datum.value };
      try {
        const { body } = await request("POST", `api/v1/roster/${step}`, { parameters, bytes: chosen, headers: { "Content-Type": chosen.type || "application/octet-stream" } });
        if (step === "preview") return compared(body);
        written = { answer: body, name: chosen.name, table: table.value };
        file.value = "";
        await changed(body.roster);
      } catch (problem) {
        refused(problem);
      } finally {
        look.disabled = false;
      }
    }

    /** What was compared is no longer what would be written. */
    function reset() {
      write.disabled = true;
      drawn.hidden = !DRAWN.includes(table.value);
      found.replaceChildren();
    }

    drawn.hidden = true;
    return [
      el("form", { class: "form roster-import", onsubmit: (event) => (event.preventDefault(), send("preview")), oninput: () => ((written = null), reset()) },
        el("p", { class: "quiet-text" }, text("importHint")),
        field("import-table", "importTable", table), field("import-file", "importFile", file),
        el("div", { class: "pair" }, field("import-mode", "importMode", mode), field("import-from", "importFrom", from)), drawn,
        el("div", { class: "form-actions" }, look, write)),
      found,
    ];
  }

  return { view, isBusy: () => Boolean(file?.isConnected && file.files.length) };
}
