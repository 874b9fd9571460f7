/** The roster page: who answers for what, from when, and what is missing; every change is previewed with its findings. */

import { currentEdition } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { addTexts, language, preferredLanguage, setLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { loadingState } from "../shared/states.js";
import { cityNow } from "../shared/times.js";
import { askSignIn, makeWho } from "../shared/who.js";
import { changeRows, readTable } from "./data.js";
import { openHolderForm } from "./holder_form.js";
import { importView } from "./import_view.js";
import { makeMapView } from "./map_view.js";
import { matrixView } from "./matrix.js";
import { postDetail, postsView } from "./posts.js";
import { loadRoster } from "./roster.js";
import { mondayOf, offsetOf, openShiftForm, shiftsView } from "./shifts.js";
import { TEXTS } from "./texts.js";
import { vacanciesView } from "./vacancies.js";

addTexts(TEXTS);
const view = document.getElementById("view");
const detail = document.getElementById("detail");
const tabs = [...document.querySelectorAll("[data-view]")];
const announcer = document.getElementById("announcer");
const onMap = makeMapView(window.map_city);
const who = makeWho();
const address = new URLSearchParams(location.search);
const state = { view: address.get("view") || "posts", day: null, offset: "Z", posts: { words: "", role: "", chosen: address.get("post") || "" }, shifts: { monday: null }, matrix: { area: "", gaps: false } };
let roster = null;

const canWrite = () => Boolean(session().login && may("WRITE_ROSTER"));

function writeAddress() {
  const next = new URLSearchParams(location.search);
  next.set("view", state.view);
  if (state.posts.chosen) next.set("post", state.posts.chosen);
  history.replaceState(null, "", `?${next}`);
}

function openPost(item) {
  state.posts.chosen = item.post.code;
  writeAddress();
  const change = canWrite() ? () => openHolderForm(item, roster, state.day, changed) : null;
  detail.replaceChildren(...postDetail(item, roster, { change, show: onMap.show }));
  onMap.show([item.target]);
  for (const row of view.querySelectorAll("tr[aria-selected]")) row.setAttribute("aria-selected", String(row.contains(document.activeElement)));
  if (matchMedia("(width < 900px)").matches) detail.scrollIntoView({ block: "start" });
}

async function changed(revision) {
  announcer.textContent = text("applied", { revision });
  await load();
}

async function drawShifts() {
  const shifts = await readTable("shifts");
  const save = async (row) => changed((await changeRows([{ table: "shifts", row }], "", false)).roster);
  const act = {
    move: (days) => ((state.shifts.monday = mondayOf(new Date(Date.parse(`${state.shifts.monday}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10))), draw()),
    add: canWrite() ? () => openShiftForm(roster, state.day, state.offset, save) : null,
  };
  return shiftsView(shifts, roster, state.shifts, act);
}

async function drawMatrix() {
  const [categories, competences] = await Promise.all([readTable("categories", state.day), readTable("competences", state.day)]);
  const areas = [...roster.targets.values()].map(({ properties }) => properties).filter(({ level }) => level === "DISTRICT" || level === "SUBDISTRICT" || level === "TOWNSHIP");
  return matrixView({ categories, competences, departments: roster.departments, areas }, state.matrix, draw);
}

const VIEWS = {
  posts: () => postsView(roster, state.posts, openPost),
  shifts: drawShifts,
  vacancies: () => vacanciesView(roster, canWrite() ? (item) => openHolderForm(item, roster, state.day, changed) : null, openPost),
  matrix: drawMatrix,
  import: () => (canWrite() ? importView(changed) : [el("p", { class: "state" }, text("mayNotWrite"))]),
};

async function draw() {
  if (!(state.view in VIEWS)) state.view = "posts";
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab.dataset.view === state.view));
    tab.tabIndex = tab.dataset.view === state.view ? 0 : -1;
  }
  view.setAttribute("aria-labelledby", `tab-${state.view}`);
  const wanted = state.view;
  if (!roster) return;
  const parts = await Promise.resolve(VIEWS[wanted]()).catch((problem) => [el("p", { class: "form-error" }, text("loadFailed", { reason: problem.message }))]);
  if (wanted === state.view) view.replaceChildren(...parts);
}

function refused() {
  const sign = el("button", { class: "primary", type: "button", onclick: askSignIn }, text("signIn"));
  view.replaceChildren(el("section", { class: "state" }, el("h2", {}, text("noRoster")), el("p", {}, text("signInFirst")), session().login ? null : sign));
}

async function load() {
  if (!may("READ_ROSTER")) return refused();
  view.replaceChildren(loadingState());
  try {
    const edition = await currentEdition();
    state.offset = offsetOf(edition.effective_from);
    roster = await loadRoster(state.day);
    onMap.draw(edition);
  } catch (problem) {
    view.replaceChildren(el("section", { class: "state" }, el("p", {}, text("loadFailed", { reason: problem.message })), el("button", { class: "plain", type: "button", onclick: load }, text("retry"))));
    return;
  }
  await draw();
  const chosen = roster.posts.find(({ post }) => post.code === state.posts.chosen);
  if (chosen) openPost(chosen);
  else detail.replaceChildren(el("p", { class: "quiet-text" }, text("choosePost")));
}

function speak(lang) {
  setLanguage(lang);
  document.getElementById("language").textContent = text("switchTo");
  who.translate();
  if (roster) load();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => ((state.view = tab.dataset.view), writeAddress(), draw()));
  tab.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) tabs.at((tabs.indexOf(tab) + step) % tabs.length).focus();
  });
}
document.getElementById("language").addEventListener("click", () => speak(language() === "zh" ? "en" : "zh"));
setLanguage(preferredLanguage(address.get("lang")));
document.getElementById("language").textContent = text("switchTo");
await loadSession();
state.day = cityNow().slice(0, 10);
state.shifts.monday = mondayOf(state.day);
onSession(load);
