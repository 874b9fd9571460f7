/** What the page shows is in its address: a link shows a colleague the same. */

/** The state that the address tells; days come with the session. */
export function readState() {
  const address = new URLSearchParams(location.search);
  return {
    view: address.get("view") || "posts",
    day: null,
    posts: { words: "", role: "", chosen: address.get("post") || "" },
    shifts: { monday: null, day: null },
    matrix: { area: "", gaps: false },
    disputes: { all: false, chosen: Number(address.get("dispute")) || null },
  };
}

/** The view, and what is chosen in it. */
export function writeState(state) {
  const next = new URLSearchParams(location.search);
  const isDispute = state.view === "disputes";
  const chosen = { post: isDispute ? null : state.posts.chosen, dispute: isDispute ? state.disputes.chosen : null };
  next.set("view", state.view);
  for (const [name, value] of Object.entries(chosen)) value ? next.set(name, value) : next.delete(name);
  history.replaceState(null, "", `?${next}`);
}
