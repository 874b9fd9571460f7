/** All that can be selected, each kind with what shows it. */

import { makeAnswerExtras } from "./answer_extras.js";
import { makeIncidentSelection } from "./incident_selection.js";
import { makePlaceSelection } from "./place_selection.js";
import { makeSelection } from "./selection.js";
import { makeThingSelection } from "./thing_selection.js";
import { makeZoneSelection } from "./zone_selection.js";

/** @param parts {highlight, inspector, store, list, markers, view, onChange}; @returns {selection, record}, `record` being the key's */
export function makeSelections({ highlight, inspector, store, list, markers, view, onChange }) {
  const select = (thing) => selection.select(thing);
  const open = (number) => select({ kind: "incident", number });
  const extras = makeAnswerExtras({ store, inspector, open, select, again: () => selection.again() });
  const common = { highlight, inspector, reveal: view.reveal, fit: view.fit };
  const things = makeThingSelection({ ...common, seen: view.box, select });
  const kinds = {
    place: makePlaceSelection({ ...common, extras: extras.ofAnswer }),
    incident: makeIncidentSelection({ ...common, store, list, markers, extras: extras.ofIncident }),
    shape: makeZoneSelection(common),
    cell: things,
    area: things,
    segment: things,
  };
  const selection = makeSelection({ kinds, inspector, onChange });
  return { selection, record: extras.record };
}
