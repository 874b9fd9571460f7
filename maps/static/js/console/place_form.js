/** The box for pasted coordinates with its datum picker. */

import { parsePair } from "../shared/coordinates.js";
import { text } from "../shared/language.js";

/** @param onPlace called with {lon, lat, datum}; @returns {open} */
export function makePlaceForm(onPlace, example) {
  const form = document.getElementById("place-form");
  const input = document.getElementById("place-text");
  const datum = document.getElementById("place-datum");
  const error = document.getElementById("place-error");
  const toggle = document.getElementById("place-toggle");

  function setOpen(open) {
    form.toggleAttribute("data-open", open);
    toggle.setAttribute("aria-expanded", String(open));
    if (open) input.focus();
  }

  function refuse(message) {
    error.textContent = message;
    error.hidden = !message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
    if (message) input.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pair = parsePair(input.value);
    if (!pair) return refuse(text("badPlace", { example: example() }));
    if (pair.swapped) return refuse(text("swapped", pair));
    refuse("");
    setOpen(false);
    onPlace({ lon: pair.lon, lat: pair.lat, datum: datum.value });
  });
  input.addEventListener("input", () => refuse(""));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    refuse("");
    setOpen(false);
    event.stopPropagation();
    (toggle.offsetParent ? toggle : input).focus();
  });
  toggle.addEventListener("click", () => setOpen(!form.hasAttribute("data-open")));
  return { open: () => setOpen(true) };
}
