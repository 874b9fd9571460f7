"""Where one search looks: a list of sources, each with the right that it takes. One more source is one more line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from api.access.allowing import Access
from api.access.sight import sight_of
from api.search.keeping import SearchKeeper, area_entry, cell_entry, segment_entry
from gridsvc.datum import locate, parse_datum
from gridsvc.errors import InvalidLocation
from gridsvc.model.accounts import Action
from gridsvc.model.incidents import IncidentFilter
from gridsvc.search.coordinates import read_coordinates
from gridsvc.search.entries import Entry, Hit, Likeness
from gridsvc.search.writing import plain

UNSAID_DATUMS = ("WGS84", "GCJ02")
"""What a pair without a datum is read as: each reading is an item of its own, for whoever asked to choose."""

FEWEST_OF_A_NUMBER = 4


@dataclass(frozen=True)
class Question:
    """What was typed, by whom, and how many hits of each source are wanted at most."""

    typed: str
    datum: str | None
    limit: int
    access: Access
    keeper: SearchKeeper


@dataclass(frozen=True)
class Source:
    """`kinds` are those of its hits; who lacks the right is not told that there is anything."""

    kinds: frozenset[str]
    action: Action
    find: Callable[[Question, frozenset[str]], Iterable[Hit]]


def search(question: Question, kinds: frozenset[str]) -> list[Hit]:
    """The best hits of these kinds that the caller may see, best first, each thing once."""
    hits: list[Hit] = []
    for source in SOURCES:
        wanted = source.kinds & kinds
        if wanted and question.access.may(source.action):
            hits += source.find(question, wanted)
    best: dict[tuple[str, str | None, str], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (*hit.order[:1], _RANK[hit.entry.kind], *hit.order[1:])):
        best.setdefault((hit.entry.kind, hit.entry.scheme, hit.entry.code), hit)
    return list(best.values())[: question.limit]


def _coordinates(question: Question, _: frozenset[str]) -> list[Hit]:
    pasted = read_coordinates(question.typed)
    if pasted is None:
        return []
    said = pasted.datum or (parse_datum(question.datum) if question.datum else None)
    hits = []
    for order, datum in enumerate((said,) if said else UNSAID_DATUMS):
        try:
            place = locate(pasted.lon, pasted.lat, datum)
        except InvalidLocation:
            continue
        pair = f"{pasted.lon:.7f}".rstrip("0").rstrip("."), f"{pasted.lat:.7f}".rstrip("0").rstrip(".")
        detail = f"{datum}; lat, lon?" if pasted.swapped else datum
        entry = Entry("coordinates", f"{','.join(pair)},{datum}", None, ", ".join(pair), detail, place.lon, place.lat)
        hits.append(Hit(entry, Likeness.EXACT, order))
    return hits


def _names(question: Question, kinds: frozenset[str]) -> list[Hit]:
    return question.keeper.things().names.find(question.typed, question.limit, kinds)


def _codes(question: Question, kinds: frozenset[str]) -> list[Hit]:
    things = question.keeper.things()
    tables = (
        ("area", things.areas, area_entry),
        ("segment", things.segments, segment_entry),
        ("cell", things.cells, cell_entry),
    )
    return [
        Hit(entry, Likeness.EXACT if whole else Likeness.BEGINS, len(entry.code) - len(plain(question.typed)))
        for kind, codes, entry_of in tables
        if kind in kinds
        for number, whole in codes.find(question.typed, question.limit)
        if (entry := entry_of(things.edition, number))
    ]


def _people(question: Question, _: frozenset[str]) -> list[Hit]:
    return question.keeper.people().names.find(question.typed, question.limit)


def _incidents(question: Question, _: frozenset[str]) -> list[Hit]:
    """By how their number begins."""
    begin = question.typed.strip()
    if len(begin) < FEWEST_OF_A_NUMBER or not any(sign.isdecimal() for sign in begin):
        return []
    access = replace(question.access, far=question.access.reach(Action.READ_INCIDENTS))
    found = access.services.store.list_incidents(IncidentFilter(text=begin), sight_of(access), question.limit)
    hits = []
    for _number, incident in found:
        if incident.number.casefold().startswith(begin.casefold()):
            place = incident.location
            detail = incident.address or incident.description[:60]
            entry = Entry("incident", incident.number, None, incident.number, detail, place.lon, place.lat)
            longer = len(incident.number) - len(begin)
            hits.append(Hit(entry, Likeness.BEGINS if longer else Likeness.EXACT, longer))
    return hits


SOURCES = (
    Source(frozenset({"coordinates"}), Action.RESOLVE, _coordinates),
    Source(frozenset({"cell", "area", "segment"}), Action.READ_LAYERS, _codes),
    Source(frozenset({"area", "segment"}), Action.READ_LAYERS, _names),
    Source(frozenset({"place"}), Action.READ_PLACES, _names),
    Source(frozenset({"person"}), Action.READ_STAFF, _people),
    Source(frozenset({"incident"}), Action.READ_INCIDENTS, _incidents),
)
KINDS = ("coordinates", "incident", "area", "cell", "segment", "place", "person")
"""All kinds, in the order in which equally good hits are told."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
