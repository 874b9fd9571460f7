/** The roster page: who answers for what, from when, and what is missing; every change is previewed with its findings. */

import { currentEdition, getJson } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { addTerms, addTexts, language, preferredLanguage, setLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { loadingState } from "../shared/states.js";
import { cityNow } from "../shared/times.js";
import { askSignIn, makeWho } from "../shared/who.js";
import { readCellOutline, readOutlines } from "./data.js";
import { mondayOf } from "./days.js";
import { makeDisputeDesk, readCategories } from "./dispute_desk.js";
import { disputesView } from "./disputes.js";
import { openAbsenceForm, openHolderForm, openStandInForm } from "./holder_form.js";
import { importView } from "./import_view.js";
import { makeMapView } from "./map_view.js";
import { matrixView } from "./matrix.js";
import { postDetail, postsView } from "./posts.js";
import { loadRoster } from "./roster.js";
import { makeShiftDesk } from "./shift_desk.js";
import { ROSTER_TERMS } from "./terms.js";
import { TEXTS } from "./texts.js";
import { vacanciesView } from "./vacancies.js";

addTexts(TEXTS);
addTerms(ROSTER_TERMS);
const view = document.getElementById("view");
const detail = document.getElementById("detail");
const tabs = [...document.querySelectorAll("[data-view]")];
const announcer = document.getElementById("announcer");
const onMap = makeMapView(window.map_city);
const who = makeWho();
const address = new URLSearchParams(location.search);
const state = {
  view: address.get("view") || "posts",
  day: null,
  posts: { words: "", role: "", chosen: address.get("post") || "" },
  shifts: { monday: null, day: null },
  matrix: { area: "", gaps: false },
  disputes: { all: false, chosen: Number(address.get("dispute")) || null },
};
let roster = null;
let categories = new Map();
let loading = 0;
let showing = 0;

const canWrite = () => Boolean(session().login && may("WRITE_ROSTER"));
const say = (words) => (announcer.textContent = words);

function writeAddress() {
  const next = new URLSearchParams(location.search);
  const chosen = { post: state.view === "disputes" ? null : state.posts.chosen, dispute: state.view === "disputes" ? state.disputes.chosen : null };
  next.set("view", state.view);
  for (const [name, value] of Object.entries(chosen)) value ? next.set(name, value) : next.delete(name);
  history.replaceState(null, "", `?${next}`);
}

/** Mark the chosen row, and bring the detail into sight where it stands below the list. */
function mark(name, value) {
  for (const row of view.querySelectorAll(`tr[data-${name}]`)) row.toggleAttribute("data-chosen", row.dataset[name] === String(value));
  if (matchMedia("(width < 900px)").matches) detail.scrollIntoView({ block: "start" });
}

function openPost(item) {
  state.posts.chosen = item.post.code;
  writeAddress();
  const writing = canWrite() && {
    change: (holder) => openHolderForm(item, holder, roster, state.day, changed),
    standIn: (holder) => openStandInForm(item, holder, roster, state.day, changed),
    absence: (person, known) => openAbsenceForm(person, known, roster, state.day, changed),
  };
  detail.replaceChildren(...postDetail(item, roster, state.day, { ...writing, show: showTargets }));
  showTargets([item.post.code]);
  mark("post", item.post.code);
}

/** Draw what some posts are about, unless something else is to be shown by then. */
async function showTargets(codes) {
  const mine = (showing += 1);
  const features = await readOutlines(codes).catch(() => []);
  if (mine === showing) onMap.show(features);
}

async function changed(revision) {
  say(text("applied", { revision }));
  await load();
}

const shifts = makeShiftDesk({ roster: () => roster, state: () => state.shifts, canWrite, redraw: draw, changed, say });
const disputes = makeDisputeDesk({
  detail,
  categories: () => categories,
  departments: () => roster.departments,
  showPlace: (lon, lat) => ((showing += 1), onMap.showPlace(lon, lat)),
  drawing: { ...onMap.drawing, cellOutline: readCellOutline },
  say,
  closed: draw,
});

async function openDispute(number) {
  state.disputes.chosen = number;
  writeAddress();
  try {
    await disputes.open(number);
  } catch (problem) {
    detail.replaceChildren(el("p", { class: "form-error" }, problem.message));
  }
  mark("dispute", number);
}

async function drawMatrix() {
  const coverage = await getJson("api/v1/roster/coverage", { at: state.day });
  const short = new Map(roster.departments.map(({ code, short_name }) => [code, short_name]));
  const times = (name) => coverage.departments.filter(({ code }) => short.get(code) === name).length;
  const departments = coverage.departments.map(({ code, name }) => ({ code, name: times(short.get(code)) === 1 && short.get(code) ? short.get(code) : name }));
  return matrixView({ ...coverage, departments }, [...roster.areas.values()], state.matrix, draw);
}

const VIEWS = {
  posts: () => postsView(roster, state.posts, openPost),
  shifts: shifts.view,
  vacancies: () => vacanciesView(roster, state.day, { fill: canWrite() ? (item) => openHolderForm(item, item.holders[0] ?? null, roster, state.day, changed) : null, open: openPost }),
  matrix: drawMatrix,
  disputes: () => (may("READ_DISPUTES") ? disputesView(state.disputes, categories, { open: openDispute, redraw: draw }) : [el("p", { class: "state" }, text("noDisputesRight"))]),
  import: () => (canWrite() ? importView(changed) : [el("p", { class: "state" }, text("mayNotWrite"))]),
};

async function draw() {
  if (!(state.view in VIEWS)) state.view = "posts";
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab.dataset.view === state.view));
    tab.tabIndex = tab.dataset.view === state.view ? 0 : -1;
    if (tab.dataset.view === state.view) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  view.setAttribute("aria-labelledby", `tab-${state.view}`);
  const wanted = state.view;
  if (!roster) return;
  const parts = await Promise.resolve(VIEWS[wanted]()).catch((problem) => [el("p", { class: "form-error" }, text("loadFailed", { reason: problem.message }))]);
  if (wanted !== state.view) return;
  view.replaceChildren(...parts);
  shifts.settle(view);
}

function refused() {
  const sign = el("button", { class: "primary", type: "button", onclick: askSignIn }, text("signIn"));
  view.replaceChildren(el("section", { class: "state" }, el("h2", {}, text("noRoster")), el("p", {}, text("signInFirst")), session().login ? null : sign));
  detail.replaceChildren();
}

/** What is chosen in the view, again. */
async function drawDetail() {
  if (state.view === "disputes") {
    if (state.disputes.chosen) await openDispute(state.disputes.chosen);
    else detail.replaceChildren(el("p", { class: "quiet-text" }, text("chooseDispute")));
    return;
  }
  const chosen = roster.posts.find(({ post }) => post.code === state.posts.chosen);
  if (chosen) openPost(chosen);
  else detail.replaceChildren(el("p", { class: "quiet-text" }, text("choosePost")));
}

async function load() {
  if (!may("READ_ROSTER")) return refused();
  const mine = (loading += 1);
  if (!roster) view.replaceChildren(loadingState());
  try {
    const [edition, found, names] = await Promise.all([currentEdition(), loadRoster(state.day), readCategories((row) => (language() === "zh" ? row.name : row.name_en || row.name))]);
    if (mine !== loading) return;
    [roster, categories] = [found, names];
    onMap.draw(edition);
  } catch (problem) {
    view.replaceChildren(el("section", { class: "state" }, el("p", {}, text("loadFailed", { reason: problem.message })), el("button", { class: "plain", type: "button", onclick: load }, text("retry"))));
    return;
  }
  await draw();
  if (mine === loading) await drawDetail();
}

function choose(tab) {
  const side = (name) => name === "disputes";
  const isOther = side(state.view) !== side(tab.dataset.view);
  state.view = tab.dataset.view;
  writeAddress();
  draw();
  if (isOther && roster) drawDetail();
}

function speak(lang) {
  setLanguage(lang);
  document.getElementById("language").textContent = text("switchTo");
  who.translate();
  if (roster) load();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) tabs.at((tabs.indexOf(tab) + step) % tabs.length).focus();
  });
}
// What had the focus before the dialog may have been drawn again.
document.getElementById("change-dialog").addEventListener("close", () => {
  if (document.activeElement === document.body) (state.view === "posts" ? detail : view).focus({ preventScroll: true });
});
document.getElementById("language").addEventListener("click", () => speak(language() === "zh" ? "en" : "zh"));
setLanguage(preferredLanguage(address.get("lang")));
document.getElementById("language").textContent = text("switchTo");
await loadSession();
state.day = cityNow().slice(0, 10);
state.shifts = { monday: mondayOf(state.day), day: state.day };
onSession(load);
