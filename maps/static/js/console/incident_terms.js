/** Reading an incident's document: its words and its place, as list, map, table and wall show them. */

import { language, term, text } from "../shared/language.js";

const english = new Map();

/** Documents carry the Chinese names of categories; the English ones are learnt from the list of categories. */
export function learnCategories(categories) {
  for (const { scheme, code, name_en } of categories) if (name_en) english.set(`${scheme}:${code}`, name_en);
}

/** "SCHEME:CODE" of an incident's category, or null. */
export const categoryKey = ({ category }) => (category && typeof category === "object" ? `${category.scheme}:${category.code}` : (category ?? null));

export const titleOf = (incident) => (language() === "en" && english.get(categoryKey(incident))) || incident.category_name || categoryKey(incident) || text("noCategory");

const cellName = ({ cell }) => (cell && typeof cell === "object" ? cell.name || cell.code : cell) || "";
const segmentName = ({ segment }) => (segment && typeof segment === "object" ? segment.name || segment.code : segment) || "";

/** The code of the cell, or null. */
export const cellCode = ({ cell }) => (cell && typeof cell === "object" ? cell.code : cell) ?? null;

/** Where it is, in the words people use: the address, else the street, else the cell, with the deepest area. */
export function placeText(incident) {
  const area = incident.areas?.at(-1)?.name;
  return [incident.address || segmentName(incident) || cellName(incident), area].filter(Boolean).join(" · ");
}

export const leadName = ({ lead }) => (lead && typeof lead === "object" ? lead.name : lead) || "";

/** A waiting report has a state of its own until the service has given it a number: on its way, or to be sent again. */
export const stateText = ({ state, pending }) => (pending ? text(pending === "failed" ? "notSent" : "sending") : term("state", state));

export const subdistrictOf = ({ areas = [] }) => areas.find(({ level }) => level === "SUBDISTRICT" || level === "TOWNSHIP") ?? areas[0] ?? null;
