/** All that can be selected, each kind with what shows it. */

import { makeAnswerExtras } from "./answer_extras.js";
import { makeComponentSelection } from "./component_selection.js";
import { makeIncidentSelection } from "./incident_selection.js";
import { makePlaceSelection } from "./place_selection.js";
import { makeRowSelection } from "./row_selection.js";
import { makeSelection } from "./selection.js";
import { makeThingSelection } from "./thing_selection.js";
import { makeZoneSelection } from "./zone_selection.js";

/** @param parts {highlight, inspector, store, list, markers, view, editions, tell(key), onChange}; @returns {selection, record, open(number)}, `record` being the key's */
export function makeSelections({ highlight, inspector, store, list, markers, view, editions, tell, onChange }) {
  const select = (thing) => selection.select(thing);
  // A report that has no number yet is known by its key, and opens as the form that it was written in.
  const open = (number) => extras.reopen(number) || select({ kind: "incident", number });
  const extras = makeAnswerExtras({ store, inspector, editions, open, select, again: () => selection.again(), tell });
  const common = { highlight, inspector, editions, reveal: view.reveal, fit: view.fit };
  const things = makeThingSelection({ ...common, seen: view.box, select });
  const kinds = {
    place: makePlaceSelection({ ...common, extras: extras.ofAnswer }),
    incident: makeIncidentSelection({ ...common, store, list, markers, extras: extras.ofIncident }),
    shape: makeZoneSelection({ ...common, select }),
    cell: things,
    area: things,
    segment: things,
    component: makeComponentSelection({ ...common, seen: view.box, select }),
    row: makeRowSelection({ ...common, select }),
  };
  const selection = makeSelection({ kinds, inspector, onChange, asOf: editions.addressOf });
  return { selection, record: extras.record, open };
}
