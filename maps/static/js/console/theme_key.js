/** What themes have in common: how a cell is filled, and the list of colours with what they stand for. */

import { el } from "../shared/dom.js";
import { token } from "../shared/map_style.js";

/** The fill of a class or step ("class" or "load"), which lets streets, borders and names be read. */
export const fillStyle = (kind, index) => ({ stroke: false, fill: true, fillColor: token(`${kind}-${index}`), fillOpacity: Number(token(`${kind}-opacity`)) });

/** @param rows [index of the class or step, what it stands for] */
export function keyList(kind, rows) {
  const row = ([index, words]) => {
    const swatch = el("i", { class: "swatch", "aria-hidden": "true" });
    swatch.style.setProperty("--fill", `var(--map-${kind}-${index})`);
    swatch.style.setProperty("--opacity", `var(--map-${kind}-opacity)`);
    return el("li", {}, swatch, el("span", {}, words));
  };
  return el("ul", { class: "theme-key" }, rows.map(row));
}
