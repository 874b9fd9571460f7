/** Keeps lists and selection in step with what happens and with who is at the page. */

import { listenLive } from "../shared/live.js";
import { onSession } from "../shared/session.js";

/** @param parts {store, selection, lights, onEdition}; each of `lights` shows with `live(state)` whether the stream runs */
export function followLive({ store, selection, lights, onEdition }) {
  let first = true;
  // Whoever is at the page now may see other incidents and answers.
  onSession(() => {
    if (!first) {
      store.load(store.filters(), { anew: true });
      selection.again();
    }
    first = false;
  });
  listenLive({
    told(topic, body) {
      if (topic.startsWith("incident.")) store.add(body);
      else if (topic === "edition.published") onEdition();
    },
    // Before the page has asked for its list there is nothing to be read again.
    reset: () => store.filters() && store.load(),
    state: (state) => lights.forEach((light) => light.live(state)),
  });
}
