/** Parts of the table: a column's heading that sorts, and the way through the pages. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

/** A heading; pressed it sorts upwards, downwards, not at all. @param sort the column sorted by, "-" before it for downwards */
export function columnHeading({ name, key }, sort, sortBy) {
  const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
  const next = { none: name, ascending: `-${name}`, descending: null }[order];
  const mark = { none: "", ascending: " ↑", descending: " ↓" }[order];
  return el("th", { scope: "col", "aria-sort": order }, el("button", { type: "button", "data-column": name, onclick: () => sortBy(name, next) }, `${text(key)}${mark}`));
}

/** Which page of how many. @param shown {page from 0, pages, turnTo(page)}; there is nothing to see where all is on one page */
export function drawPager(host, { page, pages, turnTo }) {
  const step = (by, key) => el("button", { class: "plain", type: "button", disabled: page + by < 0 || page + by >= pages, onclick: () => turnTo(page + by) }, text(key));
  host.replaceChildren(step(-1, "pageBefore"), el("span", {}, text("pageOf", { page: page + 1, pages })), step(1, "pageNext"));
  host.hidden = pages < 2;
}
