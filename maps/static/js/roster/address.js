/** What the page shows is in its address: a link shows a colleague the same, and the browser's Back goes to what was before. */

function chosenIn(address) {
  return { view: address.get("view") || "posts", post: address.get("post") || "", dispute: Number(address.get("dispute")) || null };
}

/** The state that the address tells; the day comes with the session. */
export function readState() {
  const { view, post, dispute } = chosenIn(new URLSearchParams(location.search));
  return {
    view,
    day: null,
    posts: { words: "", role: "", chosen: post },
    shifts: { day: null },
    matrix: { area: "", gaps: false },
    disputes: { all: false, chosen: dispute },
  };
}

/** The view, and what is chosen in it; `anew` is a step that Back takes back. */
export function writeState(state, { anew = false } = {}) {
  const next = new URLSearchParams(location.search);
  const isDispute = state.view === "disputes";
  const chosen = { post: isDispute ? null : state.posts.chosen, dispute: isDispute ? state.disputes.chosen : null };
  next.set("view", state.view);
  for (const [name, value] of Object.entries(chosen)) value ? next.set(name, value) : next.delete(name);
  if (`?${next}` === location.search) return;
  history[anew ? "pushState" : "replaceState"](null, "", `?${next}`);
}

/** Keep the state in step when Back or Forward is taken; then `draw`. */
export function followHistory(state, draw) {
  addEventListener("popstate", () => {
    const { view, post, dispute } = chosenIn(new URLSearchParams(location.search));
    state.view = view;
    state.posts.chosen = post;
    state.disputes.chosen = dispute;
    draw();
  });
}

/** The language that a reader chose. */
export function writeLanguage(lang) {
  const next = new URLSearchParams(location.search);
  next.set("lang", lang);
  history.replaceState(history.state, "", `?${next}`);
}
