/** An incident that is selected: at once what the list knows of it, then the whole document. */

import { getJson } from "../shared/api.js";
import { text } from "../shared/language.js";
import { incidentView } from "./incident_view.js";
import { titleOf } from "./incident_terms.js";

/** @param parts {store, highlight, inspector, reveal, list, markers, extras}; `extras.note(number)` says what is left to do for it */
export function makeIncidentSelection({ store, highlight, inspector, reveal, list, markers, extras }) {
  function put(incident, say) {
    const { lon, lat } = incident.location;
    highlight.clear();
    reveal(lon, lat);
    const own = { ...extras, note: () => extras.note(incident.number) };
    inspector.show(() => incidentView(incident, own, inspector.isTraceOpen()), say ? text("saidIncident", { title: titleOf(incident), number: incident.number }) : null);
  }

  return {
    hide() {
      highlight.clear();
      list.select(null);
      markers.select(null);
    },
    async show({ number }, { signal }) {
      list.select(number);
      markers.select(number);
      const known = store.find(number);
      if (known) put(known, false);
      else inspector.showLoading();
      const incident = await getJson(`api/v1/incidents/${encodeURIComponent(number)}`, {}, signal);
      put(incident, true);
      if (incident.resolution) highlight.winners(incident.resolution);
    },
  };
}
