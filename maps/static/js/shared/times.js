/** Times as people read them: relative under a day, absolute after; the zone is on hover. */

import { language, text } from "./language.js";

const MINUTE = 60_000;

let zone;

/** The city's time zone, as the session says it; the reader's own until then. */
export const keepZone = (name) => (zone = name);

/** Day and time in the city now, as 2026-01-31 08:00. */
export const cityNow = (now = Date.now()) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(now);

/**
 * The instant in the zone it was written in ("2026-11-22T08:00:00+08:00" is 2026-11-22 08:00 to its city). What this page
 * has written itself, in UTC, is told by the city's clock.
 */
export const wallTime = (instant) => (instant.endsWith("Z") ? cityNow(Date.parse(instant)) : instant.slice(0, 16).replace("T", " "));

export function timeText(instant, now = Date.now()) {
  const past = now - Date.parse(instant);
  if (past < -MINUTE || past >= 24 * 60 * MINUTE || Number.isNaN(past)) return wallTime(instant);
  if (past < MINUTE) return text("justNow");
  const words = new Intl.RelativeTimeFormat(language() === "zh" ? "zh-CN" : "en", { numeric: "always", style: "short" });
  return past < 60 * MINUTE ? words.format(-Math.floor(past / MINUTE), "minute") : words.format(-Math.floor(past / (60 * MINUTE)), "hour");
}

/** A `<time>` whose words are brought up to date by `refreshTimes`. */
export function timeNode(instant) {
  const node = document.createElement("time");
  node.dateTime = instant;
  const offset = /[+-]\d\d:\d\d$/.test(instant) ? ` UTC${instant.slice(-6)}` : "";
  node.title = offset ? `${instant.slice(0, 19).replace("T", " ")}${offset}` : wallTime(instant);
  node.textContent = timeText(instant);
  return node;
}

/** Bring every time below a node up to date. */
export function refreshTimes(root) {
  for (const node of root.querySelectorAll("time[datetime]")) node.textContent = timeText(node.dateTime);
}
