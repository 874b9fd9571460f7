/** Below 900 px the panels are one sheet with three heights: peek, half, full; dragged or stepped through by its handle. */

const HEIGHTS = ["peek", "half", "full"];
const DRAG_PX = 24;

export const isSheet = () => window.matchMedia("(width < 900px)").matches;

/** The stage's `data-height` says the height. @returns {raise} which lifts a peeking sheet to half, {lower} */
export function makeSheet() {
  const stage = document.getElementById("main");
  const handle = document.getElementById("sheet-handle");
  let from = null;
  let dragged = false;

  const set = (height) => (stage.dataset.height = height);
  const step = (by) => set(HEIGHTS[Math.max(0, Math.min(2, HEIGHTS.indexOf(stage.dataset.height) + by))]);

  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    dragged = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null || Math.abs(event.clientY - from) < DRAG_PX) return;
    step(event.clientY < from ? 1 : -1);
    from = event.clientY + (event.clientY < from ? -90 : 90);
    dragged = true;
  });
  handle.addEventListener("pointerup", () => (from = null));
  handle.addEventListener("pointercancel", () => (from = null));
  handle.addEventListener("click", () => {
    if (!dragged) set(HEIGHTS[(HEIGHTS.indexOf(stage.dataset.height) + 1) % 3]);
  });
  return {
    raise() {
      if (stage.dataset.height === "peek") set("half");
    },
    lower: () => set("peek"),
  };
}
