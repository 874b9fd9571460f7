/** Whole tables of the roster saved as files, as who reads them may see them; the import takes them back. */

import { request } from "../shared/api.js";
import { saveFile } from "../shared/csv.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { reasonWords } from "./states.js";

const KINDS = { CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
const BYTE_ORDER_MARK = "\ufeff";

async function save(table, kind) {
  const { body, headers } = await request("GET", `api/v1/${table}`, { parameters: { whole: true }, headers: { Accept: KINDS[kind] }, asFile: true });
  const [, name] = headers.get("Content-Disposition").match(/filename="([^"]+)"/);
  // Without the mark spreadsheets take Chinese text for another encoding.
  saveFile(name, kind === "CSV" ? new Blob([BYTE_ORDER_MARK, body], { type: body.type }) : body);
}

const FEW = 4;

/** A button for each table and kind of file: few tables in a line. @param names of tables */
export function saveLine(names) {
  const failed = el("span", { class: "form-error", role: "alert", hidden: true });

  function tell(words) {
    failed.textContent = words;
    failed.hidden = !words;
  }

  async function press({ currentTarget: button }, table, kind) {
    button.disabled = true;
    tell("");
    await save(table, kind).catch((problem) => tell(reasonWords(problem)));
    button.disabled = false;
    if (document.activeElement === document.body) button.focus({ preventScroll: true });
  }

  const button = (table) => (kind) =>
    el("button", { class: "link", type: "button", "aria-label": text("saveAs", { table: term("table", table), kind }), onclick: (event) => press(event, table, kind) }, kind);
  const group = (table) => el("span", { class: "save-table" }, el("span", {}, term("table", table)), Object.keys(KINDS).map(button(table)));
  return el("div", { class: names.length > FEW ? "save-line save-all" : "save-line", role: "group", "aria-label": text("saveTables") }, el("span", { class: "save-what" }, text("saveTables")), names.map(group), failed);
}
