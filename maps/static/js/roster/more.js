/** A long list of which so many are drawn, and more when they are asked for. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

export const AT_ONCE = 100;

/**
 * @param body takes the rows; @param draw(item) → a row; @param told(shown, total) called after each drawing
 * @returns {node: the button, set(items, until)}
 */
export function makeMore(body, draw, { atOnce = AT_ONCE, told = () => {} } = {}) {
  const node = el("button", { class: "plain more", type: "button", onclick: () => add() }, text("more"));
  let items = [];
  let shown = 0;

  function add() {
    const next = items.slice(shown, shown + atOnce);
    body.append(...next.map(draw));
    shown += next.length;
    node.hidden = shown >= items.length;
    told(shown, items.length);
  }

  return {
    node,
    /** @param until the place of an item that is to be among those that are drawn */
    set(given, until = 0) {
      items = given;
      shown = 0;
      body.replaceChildren();
      do add();
      while (shown <= until && shown < items.length);
    },
  };
}
