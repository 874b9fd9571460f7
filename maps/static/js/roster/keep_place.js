/** Drawing again what somebody is looking at: what is scrolled stays where it is, and so does the focus. */

const nameOf = (node) => [node.tagName, node.id, node.dataset.shift, node.closest("tr")?.dataset.post, node.closest("tr")?.dataset.dispute, node.textContent].join("|");

/** Call `redraw` and put scroll positions and the focus below `root` back. */
export function keepPlace(root, redraw) {
  const scroll = root.querySelector(".roster-scroll");
  const [left, top] = [scroll?.scrollLeft ?? 0, scroll?.scrollTop ?? 0];
  const had = root.contains(document.activeElement) && document.activeElement !== root ? document.activeElement : null;
  const range = had?.matches("input[type=search]") ? [had.selectionStart, had.selectionEnd] : null;
  redraw();
  root.querySelector(".roster-scroll")?.scrollTo({ left, top, behavior: "instant" });
  if (!had) return;
  const same = [...root.querySelectorAll(had.tagName)].find((node) => nameOf(node) === nameOf(had));
  same?.focus({ preventScroll: true });
  if (range) same?.setSelectionRange(...range);
}

/** Draw something else below `root`: what is chosen of it is in sight. */
export function putAnew(root, parts) {
  root.replaceChildren(...parts);
  root.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest" });
}
