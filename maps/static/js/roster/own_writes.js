/** Changes of one's own that are under way: what is heard of meanwhile may be they, and is no news. */

const listeners = new Set();
let underWay = 0;

export const isWritingOwn = () => underWay > 0;

/** Call back whenever none is under way any more. */
export const onOwnWritten = (listener) => listeners.add(listener);

/** Do `work`, which writes and then shows what was written. */
export async function writeOwn(work) {
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (!underWay) listeners.forEach((listener) => listener());
  }
}
