/** "Who I am" in the bar: name and role with a menu; signing in and out, and in the demo being somebody else. */

import { drawing, el } from "./dom.js";
import { term, text, translate } from "./language.js";
import { onSession, session, signIn, signOut, switchRole } from "./session.js";
import { toldWords } from "./states.js";

const PERSON = ["M10 3.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Z", "M3.5 17c.6-3.6 3-5.4 6.5-5.4s5.9 1.8 6.5 5.4"];
const ROLES = ["ACCEPTOR", "DISPATCHER", "DUTY_CHIEF", "HANDLER", "INSPECTOR", "LANE_CHIEF", "GRID_OFFICER", "COLLECTOR", "STEWARD", "ROSTER_CLERK", "PLANNER", "ADMIN"];

let waiting = null;

/** Ask for a sign-in; resolves to whether somebody signed in. */
export function askSignIn() {
  const dialog = document.getElementById("sign-in");
  dialog.querySelector("form").reset();
  dialog.querySelector(".form-error").hidden = true;
  dialog.querySelector(".demo-roles").hidden = !session().demo;
  dialog.querySelector(".sign-in-elsewhere").hidden = !session().oidc;
  dialog.showModal();
  return new Promise((resolve) => (waiting = resolve));
}

/** What to say about a change of session that failed. */
function reason(problem) {
  const key = { refused: "signInRefused", "too-often": "signInTooOften", offline: "offlineTitle", "not-ready": "notReadyTitle", missing: "roleMissing" }[problem.kind];
  return key ? text(key) : toldWords(problem.body);
}

function fillDialog(dialog) {
  const login = el("input", { id: "login", name: "login", autocomplete: "username", required: true, maxlength: 100 });
  const password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 1000 });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const close = el("button", { class: "quiet", type: "button", "data-text": "cancel", onclick: () => dialog.close() });
  const send = el("button", { class: "primary", type: "submit", "data-text": "signIn" });
  const attempt = async (act) => {
    send.disabled = true;
    error.hidden = true;
    try {
      await act();
      dialog.close();
    } catch (problem) {
      error.textContent = reason(problem);
      error.hidden = false;
    } finally {
      send.disabled = false;
    }
  };
  const roles = roleList((role) => attempt(() => switchRole(role)));
  const form = el(
    "form",
    { class: "form", onsubmit: (event) => (event.preventDefault(), attempt(() => signIn(login.value, password.value))) },
    el("div", { class: "field" }, el("label", { for: "login", "data-text": "login" }), login),
    el("div", { class: "field" }, el("label", { for: "password", "data-text": "password" }), password),
    error,
    el("div", { class: "form-actions" }, send, close),
  );
  dialog.replaceChildren(el("h2", { id: "sign-in-title", "data-text": "signIn" }), el("section", { class: "demo-roles" }, el("p", { "data-text": "demoRoles" }), roles), form, el("p", { class: "sign-in-elsewhere" }, el("a", { href: "api/v1/session/oidc", "data-text": "signInElsewhere" })));
  dialog.addEventListener("close", () => {
    waiting?.(Boolean(session().login));
    waiting = null;
  });
}

function roleList(choose) {
  return el("ul", { class: "role-list" }, ROLES.map((role) => el("li", {}, el("button", { class: "plain", type: "button", "data-role": role, onclick: () => choose(role) }))));
}

/** A name with its code, which alone tells two of the same name apart. */
const named = (name, code) => (name ? `${name} (${code})` : code);

function menu(who, edition) {
  const { login, name, role, area, department, demo } = session();
  const act = (key, onclick) => el("button", { class: "plain", type: "button", onclick: () => ((who.open = false), onclick()) }, text(key));
  const change = demo ? act("switchRole", askSignIn) : null;
  const pages = el("nav", { class: "who-pages", "aria-label": text("pagesLabel") }, [...document.querySelectorAll(".bar-pages a")].map((link) => link.cloneNode(true)));
  if (!login) return [pages, edition, el("p", {}, text(demo ? "visitorDemo" : "visitor")), act(demo ? "chooseRole" : "signIn", askSignIn)];
  return [
    pages,
    edition,
    el("p", { class: "who-name" }, name),
    el("p", { class: "who-more" }, [term("account", role), area && text("withinArea", { area: named(session().area_name, area) }), department && text("ofDepartment", { department: named(session().department_name, department) })].filter(Boolean).join(" · ")),
    change,
    act("signOut", () => signOut().catch(() => {})),
  ];
}

/** @returns {translate} which draws it again in the page's language */
export function makeWho() {
  const who = document.getElementById("who");
  const label = el("span", { class: "who-label" });
  const edition = el("p", { class: "who-more who-edition" });
  const box = el("div", { class: "who-menu" });
  const summary = el("summary", { class: "quiet" }, drawing(...PERSON), label);
  who.replaceChildren(summary, box);
  const dialog = document.getElementById("sign-in");
  fillDialog(dialog);
  const draw = () => {
    const { login, role } = session();
    label.textContent = login ? term("account", role) : text("signIn");
    summary.title = text("whoAmI");
    summary.setAttribute("aria-label", `${text("whoAmI")}: ${label.textContent}`);
    box.replaceChildren(...menu(who, edition).filter(Boolean));
    for (const button of dialog.querySelectorAll("[data-role]")) button.textContent = term("account", button.dataset.role);
    translate(dialog);
  };
  onSession(draw);
  document.addEventListener("click", (event) => !who.contains(event.target) && (who.open = false));
  who.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !who.open) return;
    who.open = false;
    summary.focus();
    event.stopPropagation();
  });
  return { translate: draw };
}
