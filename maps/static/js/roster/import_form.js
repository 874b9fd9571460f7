/** What is asked about a file of the roster: which table it is, and how it is meant. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";

export const TABLES = ["people", "departments", "stationings", "posts", "assignments", "absences", "shifts", "duty_lists", "duty_items", "categories", "competences", "patches", "determinations"];
const DRAWN = ["patches", "determinations"];
const DATUMS = ["", "WGS84", "CGCS2000", "GCJ02", "BD09"];

const field = (id, key, node) => el("div", { class: "field" }, el("label", { for: id }, text(key)), node);
const option = (value, words) => el("option", { value }, words);

/**
 * @param on {submitted({chosen: the file, parameters}), touched() when anything is about to be asked differently}
 * @param buttons one of which submits; @returns {node, isFilled(), empty()}
 */
export function makeImportForm({ submitted, touched }, buttons) {
  const table = el("select", { id: "import-table", class: "input" }, TABLES.map((name) => option(name, term("table", name))));
  const file = el("input", { id: "import-file", class: "input", type: "file", accept: ".csv,.xlsx", required: true });
  const mode = el("select", { id: "import-mode", class: "input" }, option("merge", text("importMerge")), option("replace", text("importReplace")));
  const from = el("input", { id: "import-from", class: "input", type: "date" });
  const datum = el("select", { id: "import-datum", class: "input" }, DATUMS.map((name) => option(name, name || text("chooseDatum"))));
  const drawn = field("import-datum", "datum", datum);

  function submit(event) {
    event.preventDefault();
    const [chosen] = file.files;
    submitted({ chosen, parameters: { table: table.value, name: chosen.name, mode: mode.value, valid_from: from.value, datum: drawn.hidden ? null : datum.value } });
  }

  function changed() {
    drawn.hidden = !DRAWN.includes(table.value);
    touched();
  }

  drawn.hidden = true;
  const node = el("form", { class: "form roster-import", onsubmit: submit, oninput: changed },
    el("p", { class: "quiet-text" }, text("importHint")),
    field("import-table", "importTable", table), field("import-file", "importFile", file),
    el("div", { class: "pair" }, field("import-mode", "importMode", mode), field("import-from", "importFrom", from)), drawn,
    el("div", { class: "form-actions" }, buttons));
  return { node, isFilled: () => file.files.length > 0, empty: () => (file.value = "") };
}
