/** The name of one's own area: the session knows its code only. */

import { getJson } from "../shared/api.js";

const AT_ONCE = 10;
const names = new Map();

/** The area's name in the edition in force; its code where it is not to be had. */
export async function areaName(code) {
  const asked = names.get(code) ?? getJson("api/v1/search", { q: code, kinds: "area", limit: AT_ONCE }).then(({ items }) => items.find((item) => item.code === code)?.name);
  names.set(code, asked);
  return asked.then((name) => name || code, () => (names.delete(code), code));
}
