/** Moving a shift: dragged to another day or row, or by Alt and an arrow while it has the focus. Enter opens it. */

import { daysBetween } from "./days.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param shown() → owners of the rows from top to bottom; @param act {open(shift), put(shift, owner, days), latest(shift)} */
export function makeMoves(shown, act) {
  const rowOf = ({ post, department, person }) => shown().findIndex(({ code }) => code === (post ?? department ?? person));
  let dragged = null;

  function byKey(shift, event) {
    const step = event.altKey ? ARROWS[event.key] : null;
    if (!step) return;
    event.preventDefault();
    const now = act.latest(shift);
    const owner = shown()[rowOf(now) + step[1]];
    if (owner) act.put(now, owner, step[0]);
  }

  return {
    /** What a shift's button needs to be opened, dragged and moved. */
    handle: (shift, day) => ({
      draggable: "true",
      "data-shift": shift.code,
      "aria-describedby": "move-hint",
      onclick: () => act.open(shift),
      onkeydown: (event) => byKey(shift, event),
      ondragstart: (event) => {
        dragged = { shift, day };
        event.dataTransfer.setData("text/plain", shift.code);
        event.dataTransfer.effectAllowed = "move";
      },
      ondragend: () => (dragged = null),
    }),
    /** What a cell of the calendar needs to take a shift. */
    target: (owner, day) => ({
      ondragover: (event) => {
        if (!dragged) return;
        event.preventDefault();
        event.currentTarget.classList.add("drop-here");
      },
      ondragleave: (event) => event.currentTarget.classList.remove("drop-here"),
      ondrop: (event) => {
        event.preventDefault();
        event.currentTarget.classList.remove("drop-here");
        const given = dragged;
        dragged = null;
        if (!given) return;
        const by = daysBetween(given.day, day);
        if (by || shown()[rowOf(given.shift)]?.code !== owner.code) act.put(given.shift, owner, by);
      },
    }),
  };
}
