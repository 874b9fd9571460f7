/** A cell, area or street that was named by its code: its outline on the map, and its card in the inspector. */

import { getJson, layerFeatures, Problem } from "../shared/api.js";
import { copyButton } from "../shared/copy.js";
import { codeText, el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { namedLink } from "./names.js";

const LAYER = { cell: "cells", area: "areas", segment: "segments" };
const NEAR = 0.002;

/** The feature with a code: by the search where there is one, else among what the view shows. Null when not found. */
async function findFeature(kind, code, { seen, editions }, signal) {
  const among = async (box) => (await layerFeatures(LAYER[kind], box, 5000, signal, editions.number())).features.find(({ properties }) => properties.code === code);
  const found = await getJson("api/v1/search", { q: code, kinds: kind, limit: 5 }, signal).catch((error) => {
    if (error.name === "AbortError") throw error;
    return { items: [] };
  });
  const item = found.items.find((one) => one.kind === kind && one.code === code);
  if (item?.lon !== undefined) {
    const near = await among(item.bbox ?? [item.lon - NEAR, item.lat - NEAR, item.lon + NEAR, item.lat + NEAR]);
    if (near) return near;
  }
  return (await among(seen())) ?? null;
}

/** A list of what is known, without what is not. */
export const facts = (pairs) => el("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([label, value]) => [el("dt", {}, text(label)), el("dd", {}, value)]));

function card(kind, feature, { askCentre, select }) {
  const { code, name, level, parent, area, community, responsible_body: body, subdistrict } = feature.properties;
  const within = parent ?? area ?? community ?? subdistrict;
  const type = kind === "area" ? term("level", level) : kind === "segment" ? term("kind", feature.properties.kind) : text("cellLabel");
  return el(
    "article",
    { class: "answer thing", "data-kind": kind },
    el("header", { class: "answer-head" }, el("h2", {}, name || code), el("span", { class: "chip" }, type), el("p", { class: "answer-code" }, codeText(code))),
    facts([["withinCode", within && namedLink({ kind: "area", code: within }, select)], ["responsibleBody", body && namedLink({ kind: "row", table: "departments", code: body }, select)]]),
    el(
      "div",
      { class: "answer-actions" },
      el("button", { class: "primary", type: "button", onclick: askCentre }, text("askInside")),
      copyButton("copy", "copied", () => [name, code, location.href].filter(Boolean).join("\n")),
      copyButton("link", "linkCopied", () => location.href),
    ),
  );
}

/** @param parts {highlight, inspector, fit(bounds), seen() → box, editions, select} */
export function makeThingSelection({ highlight, inspector, fit, seen, editions, select }) {
  return {
    hide: () => highlight.clear(),
    async show({ kind, code }, { signal }) {
      inspector.showLoading();
      const feature = await findFeature(kind, code, { seen, editions }, signal);
      if (!feature?.geometry) throw new Problem("missing", 404, { detail: code });
      highlight.clear();
      const bounds = highlight.outline(feature, kind === "segment");
      fit(bounds);
      const askCentre = () => {
        const { lng, lat } = highlight.inside(feature, bounds);
        select({ kind: "place", lon: Number(lng.toFixed(7)), lat: Number(lat.toFixed(7)), datum: "WGS84", accuracy_m: null, category: null });
      };
      inspector.show(() => card(kind, feature, { askCentre, select }), feature.properties.name || code);
    },
  };
}
