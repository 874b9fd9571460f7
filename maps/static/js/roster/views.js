/** What stands under each tab. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { may } from "../shared/session.js";
import { disputesView } from "./disputes.js";
import { openHolderForm } from "./holder_form.js";
import { importView } from "./import_view.js";
import { loadMatrix } from "./matrix.js";
import { postsView } from "./posts.js";
import { vacanciesView } from "./vacancies.js";

const notAllowed = (name) => [el("p", { class: "state" }, text(name))];

/** View → what makes its parts (or a promise of them); `roster()` and `categories()` are those of now. */
export function makeViews({ roster, categories, state, shifts, canWrite, changed, openPost, openDispute, draw }) {
  const fill = (item) => openHolderForm(item, item.holders[0] ?? null, roster(), state.day, changed);
  const toDisputes = { open: openDispute, redraw: draw };
  return {
    posts: () => postsView(roster(), state.posts, openPost),
    shifts: shifts.view,
    vacancies: () => vacanciesView(roster(), state.day, { fill: canWrite() ? fill : null, open: openPost }),
    matrix: () => loadMatrix(roster(), state.day, state.matrix, draw),
    disputes: () => (may("READ_DISPUTES") ? disputesView(state.disputes, categories(), toDisputes) : notAllowed("noDisputesRight")),
    import: () => (canWrite() ? importView(changed) : notAllowed("mayNotWrite")),
  };
}
