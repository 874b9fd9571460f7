/** The base map of the console with its layers, what cells are filled by, its legend and its notes. */

import { addBaseMap } from "../shared/base_map.js";
import { text } from "../shared/language.js";
import { may, onSession } from "../shared/session.js";
import { writeAddress } from "./address.js";
import { makeComponentLayer } from "./component_layer.js";
import { addLegend } from "./legend.js";
import { makeThemes, THEMES } from "./themes.js";

/**
 * @param parts {toggleIncidents(visible), store, editions, box() → what the map shows, filterWords() → texts}
 * @returns {show(number), follow({off, theme}), componentAt(latlng), rosterChanged, opening, opened, note(key), translate}
 */
export function makeMapLayers(map, { toggleIncidents, store, editions, box, filterWords }) {
  const frame = document.querySelector(".map-frame");
  const paper = document.getElementById("map-note");
  let said = "";
  let values = {};
  let state = "";
  let off = [];
  let drawn = null;
  let showing = null;
  let isOpening = false;

  /** What the page has to say goes before how the map is doing. */
  function write() {
    const key = said || state;
    paper.textContent = key ? text(key, values) : "";
    paper.hidden = !key;
  }

  /** Said until something else is, or the map moves; "" takes it away. */
  function note(key, filled = {}) {
    said = key;
    values = filled;
    write();
  }

  const explain = () => legend.refresh(ground.wanted, themes.key(ground.layers.visible("cells")));

  function report({ loading, drawing, failed }) {
    if (loading) frame.dataset.loading ||= "more";
    else if (!isOpening) delete frame.dataset.loading;
    state = failed ? "mapFailed" : drawing ? "mapDrawing" : "";
    write();
    explain();
  }

  const ground = addBaseMap(map, { report, more: ["components"], theme: () => themes.theme() });
  const shownCells = () => ground.layers.shown("cells").flatMap(({ layers }) => layers.cells ?? []);
  const themes = makeThemes({ store, editions, filterWords, cells: shownCells, changed: () => (ground.layers.restyle(["cells"]), explain()) });
  const components = makeComponentLayer(map, { layers: ground.layers, wanted: () => ground.wanted("components"), box, number: editions.number, failed: () => note("mapFailed") });

  function setVisible(name, visible) {
    if (name === "incidents") return toggleIncidents(visible);
    if (name === "labels") ground.labels.setVisible(visible);
    else ground.layers.setVisible(name, visible);
    if (name === "components") components.refresh();
    return ground.refresh();
  }

  function setOff(next) {
    for (const name of off) if (!next.includes(name)) setVisible(name, true);
    for (const name of next) if (!off.includes(name)) setVisible(name, false);
    off = next;
  }

  const legend = addLegend(map, {
    themes: THEMES,
    toggle(name, visible) {
      setOff(visible ? off.filter((one) => one !== name) : [...off, name]);
      writeAddress({ off: off.join(",") }, { push: true });
    },
    theme(name) {
      themes.choose(name);
      writeAddress({ theme: name }, { push: true });
    },
  });

  const show = (number) => {
    drawn = number;
    themes.ask();
    components.refresh();
    return (showing = ground.show(number));
  };

  map.on("movestart", () => note(""));
  // Whoever is at the page now may see components or not; what is drawn already stays.
  onSession(async () => {
    legend.offer("components", may("READ_COMPONENTS"));
    legend.offer("incidents", may("READ_INCIDENTS"));
    legend.offer("load", may("READ_INCIDENTS"));
    await showing;
    if (drawn !== null && Boolean(may("READ_COMPONENTS")) !== ground.layers.has("components")) show(drawn);
  });

  return {
    note,
    show,
    /** Until it is `opened` the map is not where it will be, whatever is drawn already. */
    opening() {
      isOpening = true;
      frame.dataset.loading = "first";
    },
    opened() {
      isOpening = false;
      ground.refresh();
    },
    /** Layers and theme as an address names them. */
    follow(wanted) {
      setOff(wanted.off);
      themes.choose(wanted.theme);
      legend.set({ off, theme: themes.chosen() });
    },
    componentAt: components.at,
    rosterChanged: themes.ask,
    translate() {
      write();
      explain();
    },
  };
}
