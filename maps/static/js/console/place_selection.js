/**
 * A place: its marker at once, then the answer in map and inspector. The map goes only where the city is: to a place beyond
 * it when that has an answer.
 */

import { resolvePlace } from "../shared/api.js";
import { isWithin, placeBefore } from "../shared/coordinates.js";

/** @param parts {highlight, inspector, reveal(lon, lat, {close}), editions, extras(answer, asked)}; `extras` are the page's own parts of an answer */
export function makePlaceSelection({ highlight, inspector, reveal, editions, extras }) {
  return {
    hide: () => highlight.clear(),
    async show(asked, { signal, close }) {
      const before = placeBefore(asked);
      const inCity = before && isWithin(editions.shown().bbox, before);
      if (before) highlight.mark(...before);
      else highlight.clear();
      if (inCity) reveal(...before, { close });
      inspector.showLoading();
      const answer = await resolvePlace(asked, signal, editions.parameters());
      const { lon, lat, accuracy_m } = answer.location;
      if (!before) highlight.mark(lon, lat);
      highlight.ring(lon, lat, accuracy_m);
      inspector.showAnswer(answer, asked.category, extras(answer, asked));
      highlight.winners(answer);
      if (!inCity) reveal(lon, lat, { close });
    },
  };
}
