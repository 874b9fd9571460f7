/** A component that was clicked or named by its code: its ring on the map, and its card in the inspector. */

import { layerFeatures, listCategories, Problem } from "../shared/api.js";
import { categoryName } from "../shared/categories.js";
import { copyButton } from "../shared/copy.js";
import { codeText, el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { namedLink } from "./names.js";
import { facts } from "./thing_selection.js";

const NEAR = 0.0002;
/** A link that a desk has sent shows a phone less of the map around its middle. */
const wider = ([west, south, east, north]) => [Math.max(-180, 3 * west - 2 * east), Math.max(-90, 3 * south - 2 * north), Math.min(180, 3 * east - 2 * west), Math.min(90, 3 * north - 2 * south)];
const MOST = 5000;
const OFFICES = [["competentBody", "competent"], ["ownerBody", "owner"], ["maintainerBody", "maintainer"]];

function card({ properties }, category, { askHere, select }) {
  const { code, name, scheme, state } = properties;
  const office = ([key, field]) => [key, properties[field] && namedLink({ kind: "row", table: "departments", code: properties[field] }, select)];
  return el(
    "article",
    { class: "answer thing", "data-kind": "component" },
    el("header", { class: "answer-head" }, el("h2", {}, name || code), el("span", { class: "chip" }, text("titleComponent")), el("p", { class: "answer-code" }, codeText(code, scheme))),
    facts([["componentCategory", category ? categoryName(category) : properties.category], ["filterState", state && term("componentState", state)], ...OFFICES.map(office)]),
    el(
      "div",
      { class: "answer-actions" },
      el("button", { class: "primary", type: "button", onclick: askHere }, text("askInside")),
      copyButton("copy", "copied", () => [name, code, location.href].filter(Boolean).join("\n")),
      copyButton("link", "linkCopied", () => location.href),
    ),
  );
}

/** @param parts {highlight, inspector, reveal, seen() → box, editions, select} */
export function makeComponentSelection({ highlight, inspector, reveal, seen, editions, select }) {
  async function find(code, box, signal) {
    const { features } = await layerFeatures("components", box, MOST, signal, editions.number());
    return features.find(({ properties }) => properties.code === code);
  }

  return {
    hide: () => highlight.clear(),
    /** `lon` and `lat` are there where it was clicked; who follows a link sees the part of the map where it stands. */
    async show({ code, lon, lat }, { signal, close }) {
      inspector.showLoading();
      const box = lon === undefined ? seen() : [lon - NEAR, lat - NEAR, lon + NEAR, lat + NEAR];
      const [seenOne, categories] = await Promise.all([find(code, box, signal), listCategories().catch(() => [])]);
      const feature = seenOne ?? (await find(code, wider(box), signal));
      if (!feature) throw new Problem("missing", 404, { detail: code });
      const [x, y] = feature.geometry.coordinates;
      const category = categories.find((one) => `${one.scheme}:${one.code}` === feature.properties.category);
      highlight.clear();
      highlight.outline(feature, false);
      reveal(x, y, { close });
      const askHere = () => select({ kind: "place", lon: x, lat: y, datum: "WGS84", accuracy_m: null, category: category ? feature.properties.category : null });
      inspector.show(() => card(feature, category, { askHere, select }), feature.properties.name || code);
    },
  };
}
