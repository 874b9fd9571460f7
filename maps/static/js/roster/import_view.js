/** A file compared with the roster, then written: nothing is written unseen. */

import { request } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { differenceView } from "./difference.js";

const TABLES = ["people", "departments", "stationings", "posts", "assignments", "absences", "shifts", "duty_lists", "duty_items", "categories", "competences"];

/** @param onWritten called with the new revision */
export function importView(onWritten) {
  const table = el("select", { id: "import-table", class: "input" }, TABLES.map((name) => el("option", {}, name)));
  const file = el("input", { id: "import-file", class: "input", type: "file", accept: ".csv,.xlsx", required: true });
  const found = el("div", { "aria-live": "polite" });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const write = el("button", { class: "primary", type: "button", disabled: true, onclick: () => send("import") }, text("write"));

  async function send(step) {
    const chosen = file.files[0];
    if (!chosen) return file.focus();
    error.hidden = true;
    try {
      const { body } = await request("POST", `api/v1/roster/${step}`, { parameters: { table: table.value, name: chosen.name }, bytes: chosen, headers: { "Content-Type": chosen.type || "application/octet-stream" } });
      found.replaceChildren(differenceView(body));
      write.disabled = step === "import" || Boolean(body.blocking);
      if (step === "import") onWritten(body.roster);
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
      write.disabled = true;
    }
  }

  const reset = () => ((write.disabled = true), found.replaceChildren());
  return [
    el("form", { class: "form roster-import", onsubmit: (event) => (event.preventDefault(), send("preview")), onchange: reset },
      el("p", { class: "quiet-text" }, text("importHint")),
      el("div", { class: "field" }, el("label", { for: "import-table" }, text("importTable")), table),
      el("div", { class: "field" }, el("label", { for: "import-file" }, text("importFile")), file),
      el("div", { class: "form-actions" }, el("button", { class: "plain", type: "submit" }, text("compare")), write)),
    error, found,
  ];
}
