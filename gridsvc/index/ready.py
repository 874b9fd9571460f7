"""Answers of plain places as JSON, from what was written before: the same bytes as those of the whole answer."""

from collections.abc import Callable, Hashable
from dataclasses import asdict, fields
from functools import partial
from typing import Any, NamedTuple

import orjson

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.alike import Like, Plain, find_plain, like_of, lines_of_segment
from gridsvc.index.rules.trace import Trace
from gridsvc.index.rules.whole import Asked, answer_whole
from gridsvc.index.territory.segment_choice import Near
from gridsvc.index.territory.spot import Spot
from gridsvc.model.resolution import Resolution

_MARK = b"\x00"
_HOLE = orjson.Fragment(_MARK)
"""Stands in a form where something is to be filled in; JSON has no such byte."""


class Audience(NamedTuple):
    """Who is shown what of an answer: `key` tells apart all that `shown` looks at beside the answer."""

    key: Hashable
    shown: Callable[[Resolution], Resolution]


class Ready(NamedTuple):
    """An answer as bytes, and one that is like it but for place, time and the segment's distance."""

    body: bytes
    like: Resolution


class _Form(NamedTuple):
    parts: tuple[bytes, ...]
    like: Like


def find_ready(edition: CompiledEdition, duties: Duties, asked: Asked, audience: Audience) -> Ready | None:
    """The answer, where the place and the question are plain ones; else None."""
    spot = Spot(edition, asked.location.lon, asked.location.lat)
    if (plain := find_plain(spot, duties, asked)) is None:
        return None
    ask = partial(answer_whole, spot, duties, asked)
    form = plain.memory.recall(("form", plain.key, audience.key), Trace(), _write, plain, ask, audience)
    filled = [orjson.dumps(asked.location), b'"%b"' % plain.at.isoformat().encode()]
    if (near := plain.near) is not None:
        filled += [orjson.dumps(near.distance_m), _lines(form.like, plain, near, edition)]
    body = [part for pair in zip(form.parts, filled, strict=False) for part in pair]
    return Ready(b"".join([*body, form.parts[-1]]), form.like.answer)


def _write(plain: Plain, ask: Callable[[], Resolution], audience: Audience, _trace: Trace) -> _Form:
    """An answer with holes, as its audience sees it."""
    like = like_of(plain, ask)
    answer, row = audience.shown(like.answer), like.row
    document: dict[str, Any] = {field.name: getattr(answer, field.name) for field in fields(answer)}
    document |= {"location": _HOLE, "at": _HOLE}
    if answer.segment is not None:
        document["segment"] = {**asdict(answer.segment), "distance_m": _HOLE}
        document["trace"] = [*like.rest[:row], _HOLE, *like.rest[row:]]
    return _Form(tuple(orjson.dumps(document).split(_MARK)), like._replace(answer=answer))


def _lines(like: Like, plain: Plain, near: Near, edition: CompiledEdition) -> bytes:
    return b",".join([orjson.dumps(line) for line in lines_of_segment(like, plain, near, edition)])
