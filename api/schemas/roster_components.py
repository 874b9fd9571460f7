"""Schemas of what the roster's own routes answer, beside the rows themselves."""

from typing import Any

from api.schemas.components import MAYBE_TEXT, TEXT, WHOLE, list_of, record, ref

_OBJECT: dict[str, Any] = {"type": "object"}
_FLAG = {"type": "boolean"}
_TOLD = record({"message": TEXT, "remedy": TEXT})
_PLACE = {"table": TEXT, "key": TEXT}
CHANGED: dict[str, Any] = {
    "roster": WHOLE,
    "written": _FLAG,
    "added": list_of(record({**_PLACE, "row": _OBJECT})),
    "changed": list_of(record({**_PLACE, "fields": list_of(TEXT), "before": _OBJECT, "after": _OBJECT})),
    "removed": list_of(record({**_PLACE, "row": _OBJECT})),
    "unchanged": WHOLE,
    "issues": list_of(ref("Issue")),
    "passed_on": list_of(record({"person": TEXT, "to_stand_in": WHOLE, "to_next_level": WHOLE, "shared": WHOLE}))
    | {"description": "Of each person with absences in a preview: how many posts others answer for meanwhile."},
    "passed_on_uncounted": WHOLE
    | {"description": "Of how many more people it is not counted who answers: the preview would take too long."},
    "brought": WHOLE | {"description": "How many of the issues, the first ones, come with the change."},
    "blocking": WHOLE,
}

ROSTER_SCHEMAS: dict[str, Any] = {
    "Issue": record(
        {"id": TEXT, "code": TEXT, "severity": {"enum": ["BLOCK", "WARNING", "NOTE"]}, "layer": TEXT}
        | {"features": list_of(TEXT), "en": _TOLD, "zh": _TOLD}
        | {"row": {"type": ["integer", "null"], "description": "Of the file."}, "column": MAYBE_TEXT}
    ),
    "RosterChanged": record(CHANGED),
    "RosterIssues": record({"roster": WHOLE, "items": list_of(ref("Issue"))}),
    "RosterAreas": record(
        {
            "edition": WHOLE,
            "items": list_of(record({"code": TEXT, "name": TEXT, "level": TEXT, "parent": MAYBE_TEXT})),
        }
    ),
    "RosterHistory": record(
        {
            "items": list_of(
                record(
                    {"revision": WHOLE, "at": {"type": "string", "format": "date-time"}, "made_by": MAYBE_TEXT}
                    | {"comment": TEXT, "row": {"type": ["object", "null"]}}
                )
            )
        }
    ),
    "Vacancies": record(
        {
            "roster": WHOLE,
            "at": {"type": "string", "format": "date"},
            "items": list_of(
                record(
                    {"post": ref("Post"), "target_name": MAYBE_TEXT, "areas": list_of(TEXT)}
                    | {"state": {"enum": ["VACANT", "ABSENT"]}, "absent": list_of(TEXT)}
                    | {"last": {"type": ["object", "null"]}, "next": {"type": ["object", "null"]}}
                )
            ),
            "next_cursor": MAYBE_TEXT,
        }
    ),
    "PostTargets": record(
        {
            "roster": WHOLE,
            "items": list_of(record({"post": TEXT, "name": MAYBE_TEXT})),
            "next_cursor": MAYBE_TEXT,
        }
    ),
    "PostTarget": record(
        {
            "type": {"const": "Feature"},
            "properties": record({"post": TEXT, "code": TEXT, "name": MAYBE_TEXT}),
            "geometry": {"type": ["object", "null"]},
        }
    ),
    "Coverage": record(
        {
            "roster": WHOLE,
            "at": {"type": "string", "format": "date"},
            "departments": list_of(record({"code": TEXT, "name": TEXT})),
            "categories": list_of(
                record(
                    {"category": TEXT, "name": TEXT, "name_en": TEXT, "kind": {"enum": ["COMPONENT", "EVENT"]}}
                    | {
                        "cells": list_of(
                            record({"department": TEXT, "part": TEXT, "areas": list_of(TEXT), "rows": list_of(TEXT)})
                        ),
                        "gaps": list_of(record({"area": TEXT, "name": TEXT, "areas": WHOLE})),
                    }
                )
            ),
        }
    ),
    "Handover": record(CHANGED | {"ended": list_of(ref("Assignment")), "assignment": ref("Assignment")}),
}
