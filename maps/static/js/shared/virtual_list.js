/** A long list of which only the rows in sight exist; rows are equally high, and keep their place while others arrive. */

import { el } from "./dom.js";

const BEYOND = 8;

/**
 * @param box the element that scrolls; @param draw(item) → a row's content; @param keyOf(item) → string
 * @returns {set(items), redraw, focus(index), indexOf(node), node(key)}
 */
export function makeVirtualList(box, { draw, keyOf, rowHeight, label }) {
  const list = el("ul", { class: "long-list", "aria-label": label() });
  box.append(list);
  let items = [];
  let rows = new Map();

  function rowOf(item, index) {
    const key = keyOf(item);
    const known = rows.get(key);
    const row = known?.item === item ? known : { item, node: el("li", {}, draw(item)) };
    if (known && known !== row) known.node.replaceWith(row.node);
    row.node.style.top = `${index * rowHeight()}px`;
    row.node.setAttribute("aria-setsize", String(items.length));
    row.node.setAttribute("aria-posinset", String(index + 1));
    return [key, row];
  }

  function render() {
    const height = rowHeight();
    list.style.height = `${items.length * height}px`;
    const first = Math.max(0, Math.floor(box.scrollTop / height) - BEYOND);
    const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + BEYOND);
    const seen = new Map(items.slice(first, last).map((item, i) => rowOf(item, first + i)));
    for (const [key, { item, node }] of rows) {
      if (seen.has(key)) continue;
      const index = node.contains(document.activeElement) ? items.findIndex((one) => keyOf(one) === key) : -1;
      if (index >= 0) seen.set(key, { item, node });
      else node.remove();
    }
    rows = seen;
    let before = null;
    for (const { node } of rows.values()) {
      if (node.parentNode !== list) list.insertBefore(node, before ? before.nextSibling : list.firstChild);
      before = node;
    }
  }

  box.addEventListener("scroll", () => requestAnimationFrame(render), { passive: true });
  new ResizeObserver(render).observe(box);

  return {
    /** Replace the items; what is in sight stays in sight, however many came in above it. */
    set(next, { stay = true } = {}) {
      const height = rowHeight();
      const top = items[Math.floor(box.scrollTop / height)];
      const beyond = box.scrollTop % height;
      items = next;
      const index = stay && box.scrollTop > 0 && top ? items.findIndex((item) => keyOf(item) === keyOf(top)) : -1;
      list.style.height = `${items.length * height}px`;
      if (index >= 0) box.scrollTop = index * height + beyond;
      render();
    },
    redraw() {
      for (const { node } of rows.values()) node.remove();
      rows = new Map();
      list.setAttribute("aria-label", label());
      render();
    },
    /** Bring a row into sight and give its link the focus. */
    focus(index) {
      const height = rowHeight();
      const [top, bottom] = [index * height, (index + 1) * height];
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
      render();
      rows.get(keyOf(items[index]))?.node.querySelector("a, button")?.focus({ preventScroll: true });
    },
    /** The index of the row that holds a node, or -1. */
    indexOf: (node) => items.findIndex((item) => rows.get(keyOf(item))?.node.contains(node)),
    node: (key) => rows.get(key)?.node ?? null,
  };
}
