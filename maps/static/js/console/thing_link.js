/** A link that selects something here, and opens it elsewhere with the usual keys. */

import { codeText, el } from "../shared/dom.js";
import { linkTo } from "./address.js";

/** Have a link act in this page when it is clicked plainly. */
export function actHere(link, act) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
  return link;
}

export const thingLink = (thing, select, words = codeText(thing.code)) => actHere(el("a", { href: linkTo(thing) }, words), () => select(thing));
