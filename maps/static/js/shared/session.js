/** Who is at the page and what they may do; the tabs of a browser share one session and tell each other of changes. */

import { forgetCategories, keepCsrf, keepRenewal, request, sendJson } from "./api.js";
import { keepZone } from "./times.js";

const VISITOR = { login: null, name: null, role: "VISITOR", area: null, actions: {}, csrf: null, demo: false, oidc: false, zone: undefined };
const listeners = new Set();
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("gridsvc-session") : null;
let current = VISITOR;
let asked = 0;

/** {login, name, role, area, area_name, department, department_name, person, actions: {ACTION: reach}, demo}; `login` is null for a visitor. */
export const session = () => current;

/** How far an action reaches ("ALL", "SCOPE", "OWN"), or undefined where it is not allowed. */
export const may = (action) => current.actions[action];

/** Whether somebody is signed in whose role may not; a visitor still may sign in. */
export const isBarred = (action) => Boolean(current.login) && !may(action);

/** Call back now and whenever somebody else is at the page. */
export function onSession(listener) {
  listeners.add(listener);
  listener(current);
}

/** The news of who is here, and forget what the one before had read. */
function take(document) {
  asked += 1;
  current = { ...VISITOR, ...document };
  keepCsrf(current.csrf);
  keepZone(current.zone);
  forgetCategories();
  for (const listener of listeners) listener(current);
}

/** Ask who I am. Where the service cannot say just now it stays who it was; an answer that was overtaken is dropped. */
export async function loadSession() {
  const mine = (asked += 1);
  const answer = await request("GET", "api/v1/session", {}, false).catch(() => null);
  if (answer && mine === asked && isNews(answer.body)) take(answer.body);
}

const gist = (document) => JSON.stringify({ ...VISITOR, ...document, expires_at: null }, Object.keys(VISITOR).sort()) + JSON.stringify(document.actions);
const isNews = (document) => gist(document) !== gist(current);

let renewing = null;
keepRenewal(() => (renewing ??= loadSession().finally(() => (renewing = null))));

async function change(method, path, body) {
  const answer = await sendJson(method, path, body);
  if (method !== "DELETE") take(answer);
  else {
    await loadSession();
    if (current.login) take({ demo: current.demo, oidc: current.oidc, zone: current.zone });
  }
  tabs?.postMessage("changed");
}

/** Throws Problem: "refused" for a wrong name or password, "too-often" after many. */
export const signIn = (login, password) => change("POST", "api/v1/session", { login, password });

export const signOut = () => change("DELETE", "api/v1/session");

/** Demo only: be the account of another role. */
export const switchRole = (role) => change("POST", "api/v1/session/role", { role });

tabs?.addEventListener("message", loadSession);
