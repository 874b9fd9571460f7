/** The tabs above the list: one is chosen, arrows go along them. */

/** `choose(view)` is told of another one; `show(view)` marks it and brings it into sight. */
export function makeTabs(choose) {
  const tabs = [...document.querySelectorAll("[data-view]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab.dataset.view));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) tabs.at((tabs.indexOf(tab) + step) % tabs.length).focus();
    });
  }
  function show(view) {
    for (const tab of tabs) {
      const isChosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
  return { show };
}
