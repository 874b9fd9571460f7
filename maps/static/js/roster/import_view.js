/** A file compared with the roster, then written: nothing is written unseen. */

import { request } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { differenceView } from "./difference.js";

const TABLES = ["people", "departments", "stationings", "posts", "assignments", "absences", "shifts", "duty_lists", "duty_items", "categories", "competences", "patches", "determinations"];
const DRAWN = ["patches", "determinations"];
const DATUMS = ["", "WGS84", "CGCS2000", "GCJ02", "BD09"];

const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);
const option = (value, words) => el("option", { value }, words);

/** @param onWritten called with the new revision */
export function importView(onWritten) {
  const table = el("select", { id: "import-table", class: "input" }, TABLES.map((name) => option(name, term("table", name))));
  const file = el("input", { id: "import-file", class: "input", type: "file", accept: ".csv,.xlsx", required: true });
  const mode = el("select", { id: "import-mode", class: "input" }, option("merge", text("importMerge")), option("replace", text("importReplace")));
  const from = el("input", { id: "import-from", class: "input", type: "date" });
  const datum = el("select", { id: "import-datum", class: "input" }, DATUMS.map((name) => option(name, name || text("chooseDatum"))));
  const drawn = field("import-datum", "datum", datum);
  const found = el("div", { "aria-live": "polite" });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const look = el("button", { class: "plain", type: "submit" }, text("compare"));
  const write = el("button", { class: "primary", type: "button", disabled: true, onclick: () => send("import") }, text("write"));

  async function send(step) {
    const chosen = file.files[0];
    if (!chosen) return file.focus();
    error.hidden = true;
    write.disabled = look.disabled = true;
    const parameters = { table: table.value, name: chosen.name, mode: mode.value, valid_from: from.value, datum: drawn.hidden ? null : datum.value };
    try {
      const { body } = await request("POST", `api/v1/roster/${step}`, { parameters, bytes: chosen, headers: { "Content-Type": chosen.type || "application/octet-stream" } });
      found.replaceChildren(differenceView(body));
      write.disabled = step === "import" || Boolean(body.blocking);
      if (step === "import") onWritten(body.roster);
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
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

  reset();
  return [
    el("form", { class: "form roster-import", onsubmit: (event) => (event.preventDefault(), send("preview")), oninput: reset },
      el("p", { class: "quiet-text" }, text("importHint")),
      field("import-table", "importTable", table), field("import-file", "importFile", file),
      el("div", { class: "pair" }, field("import-mode", "importMode", mode), field("import-from", "importFrom", from)), drawn,
      el("div", { class: "form-actions" }, look, write)),
    error, found,
  ];
}
