/** Numbers to ring of those who answer: asked of the roster once each, for who may see them. */

import { getJson } from "./api.js";
import { callLink } from "./answer_people.js";
import { may, onSession } from "./session.js";

const known = new Map();

/** The roster was changed, or somebody else is here. */
export const forgetPhones = () => known.clear();

onSession(forgetPhones);

/** Put the number of a person or department into a node; nothing where there is none or it may not be seen. */
export async function putPhone(node, table, code) {
  if (!code || !may("READ_PHONES") || !may("READ_ROSTER")) return;
  const path = `api/v1/${table}/${encodeURIComponent(code)}`;
  if (!known.has(path)) known.set(path, getJson(path).then(({ phone }) => phone, () => (known.delete(path), null)));
  const phone = await known.get(path);
  if (phone) node.replaceChildren(callLink(phone));
}
