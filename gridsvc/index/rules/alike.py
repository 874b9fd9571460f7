"""Plain places: of two answers from one cell and one segment little differs.

That is where the place is, when it was asked about, and how far away the segment is. The rest of an answer is kept,
and filled in for the next place that it is true of: where one cell alone covers the place, nothing but whole cells is
near, and no segment was passed over.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import NamedTuple

from gridsvc.datum.names import CGCS2000, WGS84
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.layout import Look
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.find_place import answer_of_segment, tell_segment
from gridsvc.index.rules.known import Memory, known_of
from gridsvc.index.rules.neighbourhood import holders_near
from gridsvc.index.rules.trace import Trace, say_metres
from gridsvc.index.rules.whole import Asked
from gridsvc.index.territory.segment_choice import Near
from gridsvc.index.territory.spot import Spot
from gridsvc.model.departments import CategoryKind
from gridsvc.model.places import Location
from gridsvc.model.resolution import Resolution, SegmentAnswer, TraceLine

_OF_SEGMENT = frozenset({"SEGMENT_NEAREST", "SEGMENT_FOREIGN"})


class Plain(NamedTuple):
    """A question about a plain place: `key` tells apart all that its answer depends on, but for `at` (in the city's
    zone), the place, and the metres to the segment.
    """

    memory: Memory
    key: Hashable
    at: datetime
    near: Near | None


class Like(NamedTuple):
    """An answer for others to be made like. The lines about its segment are left out of `rest`, where they stand at
    `row`; `is_foreign` says that the segment is of another subdistrict.
    """

    answer: Resolution
    rest: tuple[TraceLine, ...]
    row: int
    is_foreign: bool


def find_plain(spot: Spot, duties: Duties, asked: Asked) -> Plain | None:
    """The question, if the place and the question itself are plain."""
    if not _is_plainly_asked(duties, asked):
        return None
    edition, options = spot.edition, asked.options
    known, local = known_of(edition, duties), asked.at.astimezone(options.zone)
    look = spot.look(known.sight, options.tolerance_m, options.segment_radius_m)
    if look is None or not _is_plain(look, asked) or (holders := holders_near(edition, look)) is None:
        return None
    segment, metres, side, *_, is_own, _ = look.choice
    near = Near(segment, metres, side) if segment >= 0 else None
    key = (look.cell, segment, side, is_own, holders, asked.category)
    return Plain(known.memory(duties, local, options), key, local, near)


def _is_plainly_asked(duties: Duties, asked: Asked) -> bool:
    if asked.component is not None or asked.reporter is not None or asked.at.tzinfo is None:
        return False
    if asked.location.accuracy_m is not None or asked.location.submitted.datum not in (WGS84, CGCS2000):
        return False
    if asked.category is None:
        return True
    category = duties.categories.get(asked.category)
    return category is not None and category.kind is not CategoryKind.COMPONENT


def _is_plain(look: Look, asked: Asked) -> bool:
    """Patches speak of categories alone."""
    is_patched = look.is_patched and asked.category is not None
    return not (look.is_odd or look.is_determined or is_patched or look.choice[3] >= 0 or look.choice[7])


def like_of(plain: Plain, ask: Callable[[], Resolution]) -> Like:
    """The answer that is kept for all such places; `ask` gives it the first time."""
    return plain.memory.recall(("like", plain.key), Trace(), _make_like, ask)


def _make_like(ask: Callable[[], Resolution], _trace: Trace) -> Like:
    answer = ask()
    told = [row for row, line in enumerate(answer.trace) if line.code in _OF_SEGMENT]
    rest = tuple(line for line in answer.trace if line.code not in _OF_SEGMENT)
    return Like(answer, rest, told[0] if told else len(rest), len(told) > 1)


def fill_in(like: Like, plain: Plain, location: Location, edition: CompiledEdition, *, detail: bool) -> Resolution:
    """The answer for one place."""
    answer, near, row = like.answer, plain.near, like.row
    trace, segment = like.rest, answer.segment
    if near is not None and segment is not None:
        trace = (*trace[:row], *lines_of_segment(like, plain, near, edition), *trace[row:])
        segment = SegmentAnswer(segment.scheme, segment.code, segment.name, segment.kind, near.distance_m, segment.side)
    return Resolution(
        location,
        answer.edition,
        answer.roster,
        plain.at.isoformat(),
        answer.flags,
        answer.cell,
        answer.match,
        answer.distance_m,
        answer.areas,
        answer.groups,
        answer.candidates if detail else (),
        answer.outside_probability,
        answer.other_probability,
        segment,
        answer.nearest_segment,
        answer.chief,
        answer.people,
        answer.departments,
        answer.next_step,
        trace if detail else (),
    )


def lines_of_segment(like: Like, plain: Plain, near: Near, edition: CompiledEdition) -> tuple[TraceLine, ...]:
    """What the trace tells of the segment, metres said as people say them."""
    key = ("line", near.segment, say_metres(near.distance_m), like.is_foreign)
    return plain.memory.recall(key, Trace(), _write_lines, like, plain, near, edition)


def _write_lines(like: Like, plain: Plain, near: Near, edition: CompiledEdition, trace: Trace) -> tuple[TraceLine, ...]:
    tell_segment(answer_of_segment(edition, near), None, not like.is_foreign, plain.memory.options, trace)
    return trace.lines()
