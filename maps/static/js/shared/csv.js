/** A table as a CSV file: UTF-8 with its mark, so that spreadsheets read Chinese; no cell can start a formula. */

function field(value) {
  const plain = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(plain) && !/^-?\d+(\.\d+)?$/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param rows arrays of values, the headings first */
export const csvText = (rows) => `\ufeff${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;

/** Have the browser save a file. @param blob its content */
export function saveFile(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saveCsv = (name, rows) => saveFile(name, new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }));
