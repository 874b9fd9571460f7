/** What is chosen in a list: marked there, shown beside it, and said in the address. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { keepPlace } from "./keep_place.js";
import { missingState } from "./states.js";
import { writeState } from "./address.js";

/** Views that have nothing beside them. */
const WIDE = ["shifts", "matrix", "import"];
const HINTS = { vacancies: "chooseVacancy", disputes: "chooseDispute" };

/** @param page {view, detail, side, state, roster(), posts, disputes: the desks, draw()} */
export function makeChoice({ view, detail, side, state, roster, posts, disputes, draw }) {
  function mark(name, value) {
    for (const row of view.querySelectorAll(`[data-${name}]`)) row.toggleAttribute("data-chosen", row.dataset[name] === String(value));
  }

  const post = () => (state.view === "disputes" ? null : roster()?.byPost.get(state.posts.chosen));
  const isChosen = () => Boolean(state.view === "disputes" ? state.disputes.chosen : state.posts.chosen);
  const arrange = () => side.show({ wide: WIDE.includes(state.view), open: isChosen() });

  async function show() {
    arrange();
    if (state.view === "disputes" && state.disputes.chosen) {
      mark("dispute", state.disputes.chosen);
      return disputes.open(state.disputes.chosen);
    }
    const chosen = post();
    mark("post", chosen?.post.code);
    if (chosen) keepPlace(detail, () => posts.open(chosen));
    else if (isChosen()) detail.replaceChildren(missingState(text("noSuchPost", { code: state.posts.chosen }), close));
    else detail.replaceChildren(el("p", { class: "quiet-text" }, text(HINTS[state.view] ?? "choosePost")));
  }

  async function choose() {
    writeState(state, { anew: true });
    await show();
    side.focus();
  }

  /** Back to the list, at the row that was chosen. */
  function close() {
    const [name, value] = state.view === "disputes" ? ["dispute", state.disputes.chosen] : ["post", state.posts.chosen];
    state.posts.chosen = "";
    state.disputes.chosen = null;
    writeState(state, { anew: true });
    show();
    view.querySelector(`[data-${name}="${CSS.escape(String(value))}"] .link`)?.focus();
  }

  return {
    openPost: (item) => ((state.posts.chosen = item.post.code), choose()),
    /** The posts of somebody, and the first of them; false for who neither has one nor stands in for one. */
    openPerson(code) {
      const isTheirs = ({ holders }) => holders.some(({ person, standIn }) => person.code === code || standIn?.code === code);
      const first = roster()?.posts.find(isTheirs);
      if (!first) return false;
      state.posts = { words: roster().persons.get(code)?.name ?? code, role: "", chosen: first.post.code };
      state.view = "posts";
      draw().then(choose);
      return true;
    },
    openDispute: (number) => ((state.disputes.chosen = number), choose()),
    /** What is chosen in the view, again. */
    show,
    close,
  };
}
