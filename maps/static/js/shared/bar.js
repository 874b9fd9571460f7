/** The top bar's edition and language, and everything that has to be said again in another language. */

import { cityDay, el } from "./dom.js";
import { language, setLanguage, spokenPart, text } from "./language.js";

/** @param parts each with `translate()`; @param onSpeak called with the language a reader chose, null when it was not chosen */
export function makeBar(parts, onSpeak = () => {}) {
  const button = document.getElementById("language");
  let edition = null;

  function showEdition() {
    if (!edition) return;
    // In the bar, and where it has no room for that in the menu of who is here.
    for (const label of document.querySelectorAll("#edition, .who-edition")) {
      const since = el("span", { class: "bar-since" }, ` · ${text("since", { date: cityDay(edition.effective_from) })}`);
      label.replaceChildren(text("edition", { number: edition.number }), since);
      label.title = edition.effective_from;
    }
  }

  function speak(lang, chosen = false) {
    setLanguage(lang);
    button.textContent = text("switchTo");
    button.lang = lang === "zh" ? "en" : "zh-CN";
    showEdition();
    onSpeak(chosen ? lang : null);
    // The other pages go on in the language of this one; parts draw these links once more.
    for (const link of document.querySelectorAll(".bar-pages a")) link.search = new URLSearchParams(spokenPart());
    for (const part of parts) part.translate();
  }

  button.addEventListener("click", () => speak(language() === "zh" ? "en" : "zh", true));
  return {
    speak,
    /** The edition in force. */
    show(next) {
      edition = next;
      showEdition();
    },
  };
}
