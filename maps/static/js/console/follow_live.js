/** Keeps lists and selection in step with what happens and with who is at the page. */

import { forgetCategories } from "../shared/api.js";
import { listenLive } from "../shared/live.js";
import { forgetPhones } from "../shared/phones.js";
import { onSession } from "../shared/session.js";
import { forgetNames } from "./names.js";

/** @param parts {store, selection, editions, inspector, layers, lights}; each of `lights` shows with `live(state)` whether the stream runs */
export function followLive({ store, selection, editions, inspector, layers, lights }) {
  let first = true;
  // Whoever is at the page now may see other incidents and answers; what is being written stays.
  onSession(() => {
    if (!first) {
      store.load(store.filters(), { anew: true });
      if (!inspector.isWriting()) selection.again();
    }
    first = false;
  });

  function toldIncident(incident) {
    store.add(incident);
    const shown = selection.current();
    if (shown?.kind === "incident" && shown.number === incident.number && !inspector.isWriting()) selection.again();
  }

  function toldRoster() {
    forgetPhones();
    forgetNames();
    forgetCategories();
    layers.rosterChanged();
  }

  listenLive({
    told(topic, body) {
      if (topic.startsWith("incident.")) toldIncident(body);
      else if (topic === "edition.published") forgetNames(), editions.published(body);
      else if (topic === "roster.changed") toldRoster();
    },
    reset() {
      store.begin();
      editions.check();
    },
    state(state) {
      lights.forEach((light) => light.live(state));
      if (state !== "away") return;
      store.begin();
      editions.check();
    },
  });
}
