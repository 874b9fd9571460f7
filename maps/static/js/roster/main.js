/** The roster page: who answers for what, from when, and what is missing; every change is previewed with its findings. */

import { followEditions } from "../shared/edition_in_force.js";
import { addTerms, addTexts, language, preferredLanguage, text } from "../shared/language.js";
import { loadSession, may, onSession, session } from "../shared/session.js";
import { loadingState } from "../shared/states.js";
import { cityNow } from "../shared/times.js";
import { followHistory, readState, writeState } from "./address.js";
import { makeChoice } from "./choice.js";
import { readCellOutline } from "./data.js";
import { makeDisputeDesk, readCategories } from "./dispute_desk.js";
import { followRoster } from "./follow.js";
import { makeFrame } from "./frame.js";
import { makeImportDesk } from "./import_view.js";
import { keepPlace, putAnew } from "./keep_place.js";
import { makeMapView } from "./map_view.js";
import { makePostDesk } from "./post_desk.js";
import { loadRoster } from "./roster.js";
import { makeShiftDesk } from "./shift_desk.js";
import { isNarrow, makeSide, onNarrow } from "./side.js";
import { failedState, refusedState } from "./states.js";
import { makeTabs } from "./tabs.js";
import { ROSTER_TERMS } from "./terms.js";
import { TEXTS } from "./texts.js";
import { makeViews } from "./views.js";

addTexts(TEXTS);
addTerms(ROSTER_TERMS);
const view = document.getElementById("view");
const detail = document.getElementById("detail");
const dialog = document.getElementById("change-dialog");
const announcer = document.getElementById("announcer");
const onMap = makeMapView(window.map_city);
const tabs = makeTabs(choose);
const state = readState();
let roster = null;
let written = 0;
let loading = 0;
let drawn = null;
let drawing = 0;

const canWrite = () => Boolean(session().login && may("WRITE_ROSTER"));
const say = (words) => (announcer.textContent = words);
const wrote = (revision) => (written = Math.max(written, revision));

async function changed(revision) {
  wrote(revision);
  say(text("applied", { revision }));
  await load();
}

const posts = makePostDesk({ detail, onMap, roster: () => roster, day: () => state.day, canWrite, changed });
const shifts = makeShiftDesk({ roster: () => roster, today: () => state.day, state: () => state.shifts, canWrite, redraw: draw, wrote, changed, say });
const files = makeImportDesk({ roster: () => roster, changed });
const disputes = makeDisputeDesk({
  ...{ detail, say },
  categories: () => roster.categories,
  departments: () => roster.departments,
  showPlace: posts.showPlace,
  drawing: { ...onMap.drawing, cellOutline: readCellOutline },
  begin: () => side.begin(),
  closed: () => load(),
  leave: () => choice.close(),
});
const side = makeSide({ stage: document.querySelector(".roster-stage"), detail, back: () => choice.close() });
const choice = makeChoice({ view, detail, side, state, roster: () => roster, posts, disputes, draw });
const views = makeViews({ roster: () => roster, state, shifts, files, canWrite, changed, openPost: choice.openPost, openDispute: choice.openDispute, draw });

const bar = makeFrame({ map: window.map_city, view, openPerson: choice.openPerson, back: () => isDeciding() || choice.close(), translate });

async function draw() {
  if (!(state.view in views)) state.view = "posts";
  tabs.show(state.view);
  view.setAttribute("aria-labelledby", `tab-${state.view}`);
  const wanted = state.view;
  const mine = (drawing += 1);
  if (!roster) return;
  const parts = await Promise.resolve(views[wanted]()).catch((problem) => [failedState(problem, draw)]);
  if (mine !== drawing || parts[0].parentNode === view) return;
  if (drawn === wanted) keepPlace(view, () => view.replaceChildren(...parts));
  else putAnew(view, parts);
  drawn = wanted;
  shifts.settle(view);
}

/** @param anew somebody else is here: nothing of what was shown or written before stays */
async function load({ anew = false } = {}) {
  if (!may("READ_ROSTER")) {
    roster = null;
    view.replaceChildren(refusedState());
    detail.replaceChildren();
    if (may("READ_EDITIONS")) editions.open().then(bar.show, () => {});
    return;
  }
  const mine = (loading += 1);
  if (!roster) view.replaceChildren(loadingState());
  try {
    const names = readCategories((row) => (language() === "zh" ? row.name : row.name_en || row.name));
    const [edition, found, categories] = await Promise.all([editions.open(), loadRoster(state.day), names]);
    if (mine !== loading) return;
    roster = { ...found, categories };
    bar.show(edition);
    onMap.draw(edition);
  } catch (problem) {
    if (mine === loading) view.replaceChildren(failedState(problem, () => load()));
    return;
  }
  await draw();
  if (mine === loading && (anew || !isDeciding())) await choice.show();
  follow.settle();
}

function show() {
  draw();
  if (roster) choice.show();
}

function choose(wanted) {
  state.view = wanted;
  if (isNarrow()) [state.posts.chosen, state.disputes.chosen] = ["", null];
  writeState(state, { anew: true });
  show();
}

function translate() {
  drawn = null;
  if (roster) load();
}

/** A decision that is being written down must not be drawn over. */
const isDeciding = () => Boolean(detail.querySelector("form"));
const isWriting = () => view.contains(document.activeElement) && document.activeElement.matches("input[type=search]");
const editions = followEditions((edition) => (bar.show(edition), follow.other()));
const follow = followRoster({ editions, revision: () => roster && Math.max(roster.revision, written), isBusy: () => dialog.open || isDeciding() || isWriting(), reload: () => load(), heard: files.heard });

// Whoever leaves the filter has written it to its end; the focus is elsewhere only after this event.
view.addEventListener("focusout", () => setTimeout(follow.settle));
// What had the focus before the dialog may have been drawn again.
dialog.addEventListener("close", () => {
  if (document.activeElement === document.body) (state.view === "posts" ? detail : view).focus({ preventScroll: true });
  follow.settle();
});
bar.speak(preferredLanguage(new URLSearchParams(location.search).get("lang")));
onNarrow(() => state.view === "shifts" && draw());
followHistory(state, show);
await loadSession();
state.day = cityNow().slice(0, 10);
state.shifts = { day: state.day };
onSession(() => (files.forget(), load({ anew: true })));
