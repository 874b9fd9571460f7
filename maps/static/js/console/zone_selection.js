/** A zone or line that was drawn: who is concerned by it, as a list to copy and to save. */

import { request } from "../shared/api.js";
import { copyButton } from "../shared/copy.js";
import { saveCsv } from "../shared/csv.js";
import { text } from "../shared/language.js";
import { el } from "../shared/dom.js";
import { zoneRows, zoneText, zoneView } from "./zone_view.js";

/** Points as GeoJSON; a polygon's ring is closed. */
function geometryOf({ form, points }) {
  return form === "line" ? { type: "LineString", coordinates: points } : { type: "Polygon", coordinates: [[...points, points[0]]] };
}

/** @param parts {highlight, inspector, fit, editions, select} */
export function makeZoneSelection({ highlight, inspector, fit, editions, select }) {
  return {
    hide: () => highlight.clear(),
    async show(asked, { close, signal }) {
      const geometry = geometryOf(asked);
      highlight.clear();
      const bounds = highlight.outline({ type: "Feature", properties: {}, geometry }, asked.form === "line");
      if (close) fit(bounds, { close });
      inspector.showLoading();
      const parameters = { datum: "WGS84", ...editions.parameters() };
      const { body: answer } = await request("POST", "api/v1/resolve/shape", { parameters, json: geometry, signal });
      const actions = () => [
        copyButton("copyList", "copied", () => zoneText(answer, location.href)),
        el("button", { class: "plain", type: "button", onclick: () => saveCsv(`${text("zoneFile")}.csv`, zoneRows(answer)) }, text("saveCsv")),
        copyButton("link", "linkCopied", () => location.href),
      ];
      inspector.show(() => zoneView(answer, actions(), { select }), text("zoneSaid", { cells: answer.cells.length, chiefs: answer.chiefs.length }));
    },
  };
}
