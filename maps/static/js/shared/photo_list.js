/** Photos of an incident as small pictures, each a link to the whole one. */

import { el } from "./dom.js";
import { text } from "./language.js";

/** Null where there are none. */
export function photoList({ photos = [], number }) {
  if (!photos.length) return null;
  const picture = ({ url }, index) => {
    const whole = new URL(url, document.baseURI);
    const thumb = new URL(whole);
    thumb.searchParams.set("size", "thumb");
    return el("li", {}, el("a", { href: whole.href, target: "_blank", rel: "noopener" }, el("img", { src: thumb.href, alt: text("photoOf", { index: index + 1, number }), loading: "lazy" })));
  };
  return el("ul", { class: "photos" }, photos.map(picture));
}
