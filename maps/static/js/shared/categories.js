/** Categories as all pages show them: events before components, each kind by code; two of one code are told apart by kind. */

import { el } from "./dom.js";
import { language, term } from "./language.js";

const KINDS = ["EVENT", "COMPONENT"];

export const keyOf = ({ scheme, code }) => `${scheme}:${code}`;
export const categoryName = (category) => (language() === "en" ? category.name_en || category.name : category.name);

/** In the order in which they are shown. */
export const inOrder = (categories) => KINDS.flatMap((kind) => categories.filter((category) => category.kind === kind));

/** A select's options in groups, the value being "SCHEME:CODE". */
export function categoryOptions(categories) {
  const option = (category) => el("option", { value: keyOf(category) }, `${category.code} ${categoryName(category)}`);
  return KINDS.map((kind) => el("optgroup", { label: term("kind", kind) }, categories.filter((category) => category.kind === kind).map(option)));
}
