/** What stands under each tab. */

import { text } from "../shared/language.js";
import { may } from "../shared/session.js";
import { disputesView } from "./disputes.js";
import { openHolderForm } from "./holder_form.js";
import { TABLES } from "./import_form.js";
import { loadMatrix } from "./matrix.js";
import { postsView } from "./posts.js";
import { saveLine } from "./saving.js";
import { refusedState } from "./states.js";
import { vacanciesView } from "./vacancies.js";

const notAllowed = (name) => [refusedState(text(name))];

/** View → what makes its parts (or a promise of them); `roster()` is that of now. */
export function makeViews({ roster, state, shifts, files, canWrite, changed, openPost, openDispute, draw }) {
  const fill = (item) => openHolderForm(item, item.holders[0] ?? null, roster(), state.day, changed);
  const toDisputes = { open: openDispute, redraw: draw };
  return {
    posts: () => [...postsView(roster(), state.posts, openPost), saveLine(["posts", "assignments", "people", "absences"])],
    shifts: async () => [...(await shifts.view()), saveLine(["shifts"])],
    vacancies: () => vacanciesView(roster(), state.day, state.posts.chosen, { fill: canWrite() ? fill : null, open: openPost }),
    matrix: async () => [...(await loadMatrix(roster(), state.day, state.matrix, draw)), saveLine(["competences", "departments", "categories"])],
    disputes: () => (may("READ_DISPUTES") ? disputesView(state.disputes, roster().categories, toDisputes) : notAllowed("noDisputesRight")),
    import: () => [...(canWrite() ? files.view() : notAllowed("noImport")), saveLine(TABLES)],
  };
}
