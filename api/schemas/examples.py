"""Examples shown beside the schemas: invented codes and names throughout."""

from typing import Any

_LOCATION = {
    "lon": 116.4005,
    "lat": 39.9013,
    "datum": "WGS84",
    "accuracy_m": None,
    "submitted": {"x": 116.4005, "y": 39.9013, "datum": "WGS84"},
}
_CELL = "990101001001002"
_CHIEF = {"role": "LANE_CHIEF", "person": "P01", "name": "An Yi", "stand_in_for": None, "target": "L-A"}

EXAMPLES: dict[str, Any] = {
    "Resolution": {
        "location": _LOCATION,
        "edition": 3,
        "roster": 17,
        "at": "2026-11-22T08:00:00+08:00",
        "flags": [],
        "cell": {"scheme": "GRID_DB11_2157", "code": _CELL, "name": "A1"},
        "match": "INSIDE",
        "distance_m": 0.0,
        "areas": [
            {"level": "DISTRICT", "code": "990101", "name": "Lakeside District"},
            {"level": "SUBDISTRICT", "code": "990101001", "name": "West Subdistrict"},
            {"level": "COMMUNITY", "code": "990101001001", "name": "Apricot Community"},
        ],
        "groups": [{"kind": "DUTY", "code": "D-0001", "name": "Duty group west"}],
        "candidates": [{"code": _CELL, "probability": 1.0, "distance_m": 0.0}],
        "outside_probability": 0.0,
        "other_probability": 0.0,
        "segment": {
            "scheme": "STREET_LOCAL",
            "code": "L-A",
            "name": "Apricot Lane",
            "kind": "LANE",
            "distance_m": 22.2,
            "side": "RIGHT",
        },
        "nearest_segment": None,
        "chief": _CHIEF,
        "people": [],
        "departments": [
            {"code": "WEST", "name": "West Subdistrict Office", "part": "LEAD", "rule": "TERRITORIAL", "rule_id": None}
        ],
        "next_step": None,
        "trace": [{"code": "CELL_INSIDE", "zh": "位于单元网格内部", "en": "inside one cell", "ids": [_CELL]}],
    },
    "Batch": {"datum": "WGS84", "points": [{"id": "1", "lon": 116.4005, "lat": 39.9013}]},
    "BatchAnswer": {
        "edition": 3,
        "roster": 17,
        "results": [
            {
                "id": "1",
                "status": "OK",
                "error": None,
                "cell": _CELL,
                "match": "INSIDE",
                "community": "990101001001",
                "subdistrict": "990101001",
                "district": "990101",
                "segment": "L-A",
                "distance_m": 22.2,
                "chief": "P01",
                "lead": "WEST",
            }
        ],
    },
    "Shape": {"type": "LineString", "coordinates": [[116.4002, 39.9015], [116.4015, 39.9015]]},
    "Problem": {
        "type": "/problems/unknown-datum",
        "title": "Datum missing or unknown",
        "title_zh": "坐标系缺失或未知",
        "status": 422,
        "detail": "Say the datum of the coordinates.",
        "instance": "/api/v1/resolve",
        "remedy": "Say the datum of the coordinates; it is never guessed.",
        "remedy_zh": "请注明坐标系；系统不会猜测坐标系。",
    },
    "Edition": {
        "number": 3,
        "effective_from": "2026-11-01T00:00:00+08:00",
        "published_at": "2026-10-28T09:30:00+08:00",
        "in_force": True,
        "bbox": [116.4, 39.9, 116.403, 39.903],
        "counts": {"areas": 6, "cells": 9, "segments": 3},
        "digest": "5f1d7a84db00d2fce00b31a7fc73224f5f1d7a84db00d2fce00b31a7fc73224f",
        "crs": "EPSG:4548",
        "restored_from": None,
        "comment": "",
    },
}
