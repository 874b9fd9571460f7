"""Places that nobody could tell apart in a list of what was found."""

from collections import defaultdict
from collections.abc import Iterator

from geodata.checks.context import CheckContext
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Place, PlaceKind


def check_places(context: CheckContext) -> Iterator[Issue]:
    """Places of one kind with the same name and address. Shops without an address are branches, not duplicates."""
    alike: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place in context.territory.places:
        if place.address is None and place.kind is PlaceKind.SHOP:
            continue
        alike[place.kind, _plain(place.name), _plain(place.address or "")].append(place)
    for (_, name, _), places in alike.items():
        if len(places) > 1:
            first, *others = places
            codes = tuple(place.code for place in places[:20])
            yield context.found(
                "PLACE_TWICE", first.scheme, "places", codes, others[0].geometry, name=name[:80], count=len(places)
            )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
