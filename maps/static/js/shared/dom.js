/** Building elements; data reach the page through text nodes and attributes only, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on…` are listeners, null is left out) and children (strings become text, null is left out). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** A 20 × 20 line drawing from path data; a path that starts with "!" is filled. Hidden from screen readers. */
export function drawing(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const node = document.createElementNS(SVG, "path");
    node.setAttribute("d", path.replace("!", ""));
    if (path.startsWith("!")) node.setAttribute("class", "solid");
    svg.append(node);
  }
  return svg;
}

/** The parts of a code of digits: of a component (16) district, major, minor and sequence; else a district and threes. */
function codeParts(code, scheme) {
  if (!/^\d{9,}$/.test(code)) return [code];
  if (code.length !== 16) return [code.slice(0, 6), ...code.slice(6).match(/.{1,3}/g)];
  return code.match(scheme === "COMP_2_3_5" ? /^(.{6})(..)(...)(.{5})$/ : /^(.{6})(..)(..)(.{6})$/).slice(1);
}

/** A code grouped for reading by spacing alone, so that copying it gives the code; `scheme` where it is known. */
export function codeText(code, scheme = null) {
  return el("span", { class: "code" }, codeParts(code, scheme).map((part) => el("span", { class: "code-part" }, part)));
}

/** The city's day of an instant, as 2026-01-31: the service writes instants with the city's offset. */
export const cityDay = (instant) => instant.slice(0, 10);

/** Metres under a kilometre, one decimal under ten; kilometres beyond. */
export function distanceText(metres, unit) {
  if (metres >= 1000) return `${(metres / 1000).toFixed(1)} ${unit.km}`;
  return `${metres < 10 ? Number(metres.toFixed(1)) : Math.round(metres)} ${unit.m}`;
}
