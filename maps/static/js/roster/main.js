/** The roster page: who answers for what, from when, and what is missing; every change is previewed with its findings. */

import { currentEdition } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { addTerms, addTexts, language, preferredLanguage, setLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { loadingState } from "../shared/states.js";
import { cityNow } from "../shared/times.js";
import { makeWho } from "../shared/who.js";
import { readState, writeState } from "./address.js";
import { readCellOutline } from "./data.js";
import { mondayOf } from "./days.js";
import { makeDisputeDesk, readCategories } from "./dispute_desk.js";
import { makeMapView } from "./map_view.js";
import { makePostDesk } from "./post_desk.js";
import { loadRoster } from "./roster.js";
import { makeShiftDesk } from "./shift_desk.js";
import { failedState, refusedState } from "./states.js";
import { makeTabs } from "./tabs.js";
import { ROSTER_TERMS } from "./terms.js";
import { TEXTS } from "./texts.js";
import { makeViews } from "./views.js";

addTexts(TEXTS);
addTerms(ROSTER_TERMS);
const view = document.getElementById("view");
const detail = document.getElementById("detail");
const announcer = document.getElementById("announcer");
const onMap = makeMapView(window.map_city);
const who = makeWho();
const tabs = makeTabs(choose);
const state = readState();
let roster = null;
let categories = new Map();
let loading = 0;

const canWrite = () => Boolean(session().login && may("WRITE_ROSTER"));
const say = (words) => (announcer.textContent = words);

/** Mark the chosen row, and bring the detail into sight where it stands below the list. */
function mark(name, value) {
  for (const row of view.querySelectorAll(`tr[data-${name}]`)) row.toggleAttribute("data-chosen", row.dataset[name] === String(value));
  if (matchMedia("(width < 900px)").matches) detail.scrollIntoView({ block: "start" });
}

function openPost(item) {
  state.posts.chosen = item.post.code;
  writeState(state);
  posts.open(item);
  mark("post", item.post.code);
}

async function changed(revision) {
  say(text("applied", { revision }));
  await load();
}

const posts = makePostDesk({ detail, onMap, roster: () => roster, day: () => state.day, canWrite, changed });
const shifts = makeShiftDesk({ roster: () => roster, state: () => state.shifts, canWrite, redraw: draw, changed, say });
const disputes = makeDisputeDesk({
  detail,
  categories: () => categories,
  departments: () => roster.departments,
  showPlace: posts.showPlace,
  drawing: { ...onMap.drawing, cellOutline: readCellOutline },
  say,
  closed: draw,
});

async function openDispute(number) {
  state.disputes.chosen = number;
  writeState(state);
  await disputes.open(number);
  mark("dispute", number);
}

const views = makeViews({ roster: () => roster, categories: () => categories, state, shifts, canWrite, changed, openPost, openDispute, draw });

async function draw() {
  if (!(state.view in views)) state.view = "posts";
  tabs.show(state.view);
  view.setAttribute("aria-labelledby", `tab-${state.view}`);
  const wanted = state.view;
  if (!roster) return;
  const parts = await Promise.resolve(views[wanted]()).catch((problem) => [el("p", { class: "form-error" }, text("loadFailed", { reason: problem.message }))]);
  if (wanted !== state.view) return;
  view.replaceChildren(...parts);
  shifts.settle(view);
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
  if (!may("READ_ROSTER")) {
    view.replaceChildren(refusedState());
    return detail.replaceChildren();
  }
  const mine = (loading += 1);
  if (!roster) view.replaceChildren(loadingState());
  try {
    const [edition, found, names] = await Promise.all([currentEdition(), loadRoster(state.day), readCategories((row) => (language() === "zh" ? row.name : row.name_en || row.name))]);
    if (mine !== loading) return;
    [roster, categories] = [found, names];
    onMap.draw(edition);
  } catch (problem) {
    view.replaceChildren(failedState(problem, load));
    return;
  }
  await draw();
  if (mine === loading) await drawDetail();
}

function choose(wanted) {
  const side = (name) => name === "disputes";
  const isOther = side(state.view) !== side(wanted);
  state.view = wanted;
  writeState(state);
  draw();
  if (isOther && roster) drawDetail();
}

function speak(lang) {
  setLanguage(lang);
  document.getElementById("language").textContent = text("switchTo");
  who.translate();
  if (roster) load();
}

// What had the focus before the dialog may have been drawn again.
document.getElementById("change-dialog").addEventListener("close", () => {
  if (document.activeElement === document.body) (state.view === "posts" ? detail : view).focus({ preventScroll: true });
});
document.getElementById("language").addEventListener("click", () => speak(language() === "zh" ? "en" : "zh"));
setLanguage(preferredLanguage(new URLSearchParams(location.search).get("lang")));
document.getElementById("language").textContent = text("switchTo");
await loadSession();
state.day = cityNow().slice(0, 10);
state.shifts = { monday: mondayOf(state.day), day: state.day };
onSession(load);
