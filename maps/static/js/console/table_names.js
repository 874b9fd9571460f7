/** What stands in a column of the table: the name of what is known by a code, with that code small below it. */

import { categoryName, keyOf } from "../shared/categories.js";
import { el } from "../shared/dom.js";
import { may } from "../shared/session.js";
import { putName } from "./names.js";

const small = (code) => el("small", {}, code);

/** An office by its name, as soon as that is there. */
function officeValue(code) {
  const name = el("span", {}, code);
  if (may("READ_ROSTER")) putName(name, { kind: "row", table: "departments", code }).then((isNamed) => isNamed && name.after(small(code)));
  return name;
}

/** @param areas features; @returns {areas: names by code, categories: by "SCHEME:CODE", bodies: names by code} */
export const namesOf = (areas, categories, bodies = []) => ({
  bodies: new Map(bodies.map(({ code, name }) => [code, name])),
  areas: new Map(areas.map(({ properties: { code, name } }) => [code, name])),
  categories: new Map(categories.map((category) => [keyOf(category), category])),
});

/** @param column of `table_columns.js`; @param known as of `namesOf` */
export function columnValue({ value, names }, row, { areas, categories, bodies }) {
  const code = value(row);
  if (names === "areas") return areas.get(code) ?? code;
  if (names === "bodies") return bodies.get(code) ? [el("span", {}, bodies.get(code)), small(code)] : code;
  if (names === "departments" && code) return officeValue(code);
  const category = names === "categories" && categories.get(code);
  return category ? [el("span", {}, categoryName(category)), small(category.code)] : code;
}
