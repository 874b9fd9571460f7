/** The inspector: shows exactly one of nothing, loading, an answer, a thing or a problem, and keeps it in the page's language. */

import { answerView, spoken } from "../shared/answer.js";
import { makeCategoryPicker } from "../shared/answer_departments.js";
import { text } from "../shared/language.js";
import { emptyState, loadingState, problemState } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";

/** @returns {show, know, focus, showEmpty, showLoading, showAnswer, showProblem, translate, say, isTraceOpen, isWriting} */
export function makeInspector(onCategory) {
  const panel = document.getElementById("answer");
  const announcer = document.getElementById("announcer");
  const picker = makeCategoryPicker(onCategory);
  let redraw = () => {};
  let known = null;

  /** Drawing moves the picker, which costs it the focus; so it is remembered before and given back after. */
  function put(draw) {
    const focused = picker.node.contains(document.activeElement);
    panel.replaceChildren(draw());
    if (focused && panel.contains(picker.node)) picker.node.querySelector("select").focus();
  }

  const isTraceOpen = () => panel.querySelector(".trace")?.open;
  const say = (words) => (announcer.textContent = words ?? "");

  /** Draw now, and again whenever the language changes; `words` are told to screen readers. */
  function show(draw, words = null) {
    redraw = () => put(draw);
    redraw();
    panel.scrollTop = 0;
    if (words !== null) say(words);
  }

  return {
    show,
    say,
    isTraceOpen,
    /** Have the focus in the inspector: at the button that does `act`, where there is one, else at its beginning. */
    focus: (act) => (panel.querySelector(`[data-act="${act}"]`) ?? document.getElementById("inspector")).focus({ preventScroll: true }),
    /** Whether a form stands here with something in it that would be lost. */
    isWriting: () => [...panel.querySelectorAll(".form :is(textarea, input:not([type=radio], [type=checkbox], [type=search]))")].some(({ value }) => value.trim()) || Boolean(panel.querySelector(".form .photos li, .form fieldset:disabled")),
    /** The city's features by layer. */
    know: (counts) => (known = counts),
    showEmpty: () => show(() => emptyState(known), ""),
    /** An answer on the screen stays, dimmed, until its successor comes; anything else gives way to the skeleton. */
    showLoading() {
      const answer = panel.querySelector(".answer");
      if (answer) answer.setAttribute("aria-busy", "true");
      else show(loadingState);
    },
    showAnswer(answer, category, extras) {
      picker.set(category);
      show(() => answerView(answer, picker.node, isTraceOpen(), extras), spoken(answer));
    },
    showProblem(problem, actions) {
      show(() => problemState(problem, { signIn: askSignIn, ...actions }));
      say(panel.querySelector("h2")?.textContent ?? text("failedTitle"));
    },
    translate() {
      picker.translate();
      redraw();
    },
  };
}
