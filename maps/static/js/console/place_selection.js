/** A place: its marker at once, then the answer in map and inspector. */

import { resolvePlace } from "../shared/api.js";

const AS_GIVEN = new Set(["WGS84", "CGCS2000"]);

/** @param parts {highlight, inspector, reveal(lon, lat, {close}), extras(answer, asked)}; `extras` are the page's own parts of an answer */
export function makePlaceSelection({ highlight, inspector, reveal, extras }) {
  return {
    hide: () => highlight.clear(),
    async show(asked, { signal, close }) {
      const given = AS_GIVEN.has(asked.datum);
      if (given) {
        highlight.mark(asked.lon, asked.lat);
        reveal(asked.lon, asked.lat, { close });
      }
      inspector.showLoading();
      const answer = await resolvePlace(asked, signal);
      const { lon, lat, accuracy_m } = answer.location;
      if (!given) highlight.mark(lon, lat);
      highlight.ring(lon, lat, accuracy_m);
      inspector.showAnswer(answer, asked.category, extras(answer, asked));
      highlight.winners(answer);
      if (!given) reveal(lon, lat, { close });
    },
  };
}
