"""What the rules need to know of a place: the words in which geometry speaks to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gridsvc.index.rules.trace import Named
from gridsvc.model.departments import Determination, Patch
from gridsvc.model.people import Side, TargetKind
from gridsvc.model.places import Key
from gridsvc.model.territory import Area, Group, Segment

SIDES = {1: Side.LEFT, -1: Side.RIGHT}
"""Signs of the geometry in words; 0 is on the line."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place without its coordinates.

    `areas` are widest first. `determinations` and `patches` are those whose polygon covers the place on the day,
    whatever their categories, in order of code. `side` is None on the centre line itself.
    """

    cell: Key | None
    responsible_body: str | None
    areas: tuple[Area, ...]
    groups: tuple[Group, ...] = ()
    segment: Segment | None = None
    side: Side | None = None
    determinations: tuple[Determination, ...] = ()
    patches: tuple[Patch, ...] = ()
    cell_name: str | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Codes of the areas, deepest first, as rules climb."""
        return tuple(area.code for area in reversed(self.areas))

    def name_target(self, kind: TargetKind, code: str) -> Named:
        """What a post of this place is about, with its name."""
        things: tuple[Segment | Area | Group, ...] = (*self.areas, *self.groups)
        if kind is TargetKind.CELL:
            return Named(code, self.cell_name)
        if kind is TargetKind.SEGMENT:
            things = (self.segment,) if self.segment is not None else ()
        return Named(code, next((thing.name for thing in things if thing.code == code), None))


def area_of_rank(areas: Sequence[Area], rank: int) -> Area | None:
    """The district (1), subdistrict or township (2), community or village (3) among areas."""
    return next((area for area in areas if area.level.rank == rank), None)


def concerns(categories: Sequence[Key], category: Key | None) -> bool:
    """Whether a patch or determination speaks of a matter: an empty list means all, with or without a category."""
    return not categories or category in categories
