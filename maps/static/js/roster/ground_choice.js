/** What a decision is about: a polygon, drawn or taken from the cell, or a component that stands at the place. */

import { layerFeatures } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

const NEAR_DEGREES = 0.0004;

const componentOption = (name, { code, words }, chosen) =>
  el("label", { class: "check" }, el("input", { type: "radio", name, value: code, checked: chosen }), " ", words);

/** Components within some metres; who may not see them has none. */
async function readNear({ lon, lat }) {
  const box = [lon - NEAR_DEGREES, lat - NEAR_DEGREES, lon + NEAR_DEGREES, lat + NEAR_DEGREES];
  const { features } = await layerFeatures("components", box, 20).catch(() => ({ features: [] }));
  return features.map(({ properties: { scheme, code, name } }) => ({ code: `${scheme}:${code}`, words: [name, code].filter(Boolean).join(" ") }));
}

/** @param drawing {start(done), show(geometry), clear(), cellOutline(dispute)}; @returns {node, value() → {geometry, datum} or {component} or null, focus} */
export function makeGroundChoice(dispute, drawing) {
  const about = el("div", { class: "ground-kind" });
  const told = el("p", { class: "quiet-text", role: "status" }, text("groundNone"));
  let geometry = null;

  function take(given, key) {
    geometry = given;
    drawing.show(given);
    told.textContent = text(key, { number: given.coordinates[0].length - 1 });
    const polygon = about.querySelector('[value=""]');
    if (polygon) polygon.checked = true;
    node.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const draw = el("button", { class: "plain", type: "button", onclick: () => drawing.start((points) => (take({ type: "Polygon", coordinates: [[...points, points[0]]] }, "groundDrawn"), draw.focus())) }, text("drawGround"));
  const cell = dispute.cell ? el("button", { class: "plain", type: "button", onclick: takeCell }, text("takeCell")) : null;

  async function takeCell() {
    const outline = await drawing.cellOutline(dispute).catch(() => null);
    if (outline) take(outline, "groundCell");
    else told.textContent = text("noOutline");
  }

  readNear(dispute.location).then((found) => {
    const named = dispute.component ? [{ code: dispute.component, words: found.find(({ code }) => code === dispute.component)?.words ?? dispute.component }] : found;
    if (!named.length) return;
    about.replaceChildren(componentOption("ground", { code: "", words: text("groundPolygon") }, true), ...named.map((each) => componentOption("ground", each, false)));
  });
  const node = el("fieldset", { class: "field ground" }, el("legend", {}, text("ground")), about, el("div", { class: "form-actions" }, draw, cell), told);
  return {
    node,
    focus: () => draw.focus(),
    value() {
      const component = about.querySelector(":checked")?.value;
      if (component) return { component };
      return geometry && { geometry, datum: "WGS84" };
    },
  };
}
