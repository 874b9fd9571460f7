/** Who is at the page and what they may do; the tabs of a browser share one session and tell each other of changes. */

import { getJson, keepCsrf, sendJson } from "./api.js";
import { keepZone } from "./times.js";

const VISITOR = { login: null, name: null, role: "VISITOR", area: null, actions: {}, csrf: null, demo: false, oidc: false, zone: undefined };
const listeners = new Set();
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("gridsvc-session") : null;
let current = VISITOR;

/** {login, name, role, area, department, person, actions: {ACTION: reach}, demo}; `login` is null for a visitor. */
export const session = () => current;

/** How far an action reaches ("ALL", "SCOPE", "OWN"), or undefined where it is not allowed. */
export const may = (action) => current.actions[action];

/** Call back now and whenever somebody else is at the page. */
export function onSession(listener) {
  listeners.add(listener);
  listener(current);
}

function take(document) {
  current = { ...VISITOR, ...document };
  keepCsrf(current.csrf);
  keepZone(current.zone);
  for (const listener of listeners) listener(current);
}

/** Ask who I am; a service that cannot say has a visitor. */
export async function loadSession() {
  take(await getJson("api/v1/session").catch(() => VISITOR));
}

async function change(method, path, body) {
  const answer = await sendJson(method, path, body);
  if (method === "DELETE") await loadSession();
  else take(answer);
  tabs?.postMessage("changed");
}

/** Throws Problem: "refused" for a wrong name or password, "too-often" after many. */
export const signIn = (login, password) => change("POST", "api/v1/session", { login, password });

export const signOut = () => change("DELETE", "api/v1/session");

/** Demo only: be the account of another role. */
export const switchRole = (role) => change("POST", "api/v1/session/role", { role });

tabs?.addEventListener("message", loadSession);
