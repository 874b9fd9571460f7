/** Moves of shifts are written one after another: what is asked for while one is under way is added to it and sent as one. */

import { writeOwn } from "./own_writes.js";

/** @param send(move) writes {row, before} and says whether it is written; @param show draws the shifts when all are */
export function makeMoveQueue({ send, show }) {
  /** What has been asked for, by the shift's code, since shifts were last drawn. */
  const asked = new Map();
  const waiting = new Set();
  let isWorking = false;

  async function work() {
    isWorking = true;
    while (waiting.size) {
      const [code] = waiting;
      waiting.delete(code);
      if (!(await send(asked.get(code)))) {
        // What was to follow starts from where the shift has not come.
        waiting.delete(code);
        asked.delete(code);
      }
      if (!waiting.size) await show();
    }
    asked.clear();
    isWorking = false;
  }

  return {
    /** The shift as it will stand when all is written. */
    latest: (shift) => asked.get(shift.code)?.row ?? shift,
    /** @param move {row, before, ...}: the shift as it is to be, and as it was drawn; a series is taken back as a whole */
    ask(move) {
      const { code } = move.row;
      asked.set(code, { ...move, before: asked.get(code)?.before ?? move.before });
      waiting.add(code);
      if (!isWorking) writeOwn(work);
    },
  };
}
