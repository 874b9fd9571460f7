"""Where one search looks: a list of sources, each with the right that it takes. One more source is one more line."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from api.access.allowing import Access
from api.access.sight import sight_of
from api.search.keeping import SearchKeeper, area_entry, cell_entry, segment_entry
from gridsvc.datum import locate, parse_datum
from gridsvc.errors import InvalidLocation
from gridsvc.incidents.reports import number_of
from gridsvc.model.accounts import Action
from gridsvc.model.incidents import Incident, IncidentFilter
from gridsvc.search.coordinates import read_coordinates
from gridsvc.search.entries import Entry, Hit, Likeness
from gridsvc.search.names import NameIndex
from gridsvc.search.writing import plain

UNSAID_DATUMS = ("WGS84", "GCJ02")
"""What a pair without a datum is read as: each reading is an item of its own, for whoever asked to choose."""

_NUMBER = re.compile(r"20\d{2,6}(-\d{0,9})?", re.ASCII)
"""How an incident's number begins; other texts would be looked for in every description."""

_SERIAL = re.compile(r"\d{1,6}", re.ASCII)
"""How it ends, as people say it: its leading zeros may be left out."""

SERIAL_DAYS = 366
"""How many days back an end of a number is looked for."""

FEW_CELLS = 5
"""How many cells whose names begin so are told."""

MOST_OF_SERIAL = 5
"""How many incidents that end so are told, the newest: every day has a first one."""


@dataclass(frozen=True)
class Question:
    """What was typed, by whom, and how many hits of each source are wanted at most; `misspelt`: with one error."""

    typed: str
    datum: str | None
    limit: int
    access: Access
    keeper: SearchKeeper
    misspelt: bool = False


@dataclass(frozen=True)
class Source:
    """`kinds` are those of its hits; who lacks the right is not told that there is anything. One that `forgives` is
    asked for what is misspelt.
    """

    kinds: frozenset[str]
    action: Action
    find: Callable[[Question, frozenset[str]], Iterable[Hit]]
    forgives: bool = False


def search(question: Question, kinds: frozenset[str]) -> list[Hit]:
    """The best hits of these kinds that the caller may see, best first, each thing once; the reading of names of
    people is noted.
    """
    sources = [source for source in SOURCES if source.kinds & kinds and question.access.may(source.action)]
    hits = [hit for source in sources for hit in source.find(question, source.kinds & kinds)]
    if not hits:
        again = replace(question, misspelt=True)
        hits = [hit for source in sources if source.forgives for hit in source.find(again, source.kinds & kinds)]
    best: dict[tuple[str, str | None, str], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (*hit.order[:1], _RANK[hit.entry.kind], *hit.order[1:])):
        best.setdefault((hit.entry.kind, hit.entry.scheme, hit.entry.code), hit)
    found = list(best.values())[: question.limit]
    question.access.note_reading(Action.READ_STAFF, [hit.entry.code for hit in found if hit.entry.kind == "person"])
    return found


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
    names = question.keeper.things().names
    return [hit for kind in sorted(kinds) for hit in _by_name(names[kind], question)]


def _by_name(names: NameIndex, question: Question) -> list[Hit]:
    find = names.find_misspelt if question.misspelt else names.find
    return find(question.typed, question.limit)


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


def _cells_by_name(question: Question, _: frozenset[str]) -> list[Hit]:
    """Those that are called so, and those whose name begins so where they are few: those of a community begin alike."""
    things, typed = question.keeper.things(), plain(question.typed)
    found = things.cell_names.find(typed, FEW_CELLS + 1)
    if len(found) > FEW_CELLS:
        found = [(number, whole) for number, whole in found if whole]
    entries = [(cell_entry(things.edition, number), whole) for number, whole in found]
    return [
        Hit(entry, Likeness.EXACT if whole else Likeness.BEGINS, len(plain(entry.name)) - len(typed))
        for entry, whole in entries
    ]


def _people(question: Question, _: frozenset[str]) -> list[Hit]:
    return _by_name(question.keeper.people().names, question)


def _incidents(question: Question, _: frozenset[str]) -> list[Hit]:
    """By how their number begins, or how it ends."""
    typed = unicodedata.normalize("NFKC", question.typed).strip()
    hits = []
    if _NUMBER.fullmatch(typed):
        for incident in _list_incidents(question, IncidentFilter(text=typed), question.limit):
            longer = len(incident.number) - len(typed)
            hits.append(Hit(_incident_entry(incident), Likeness.BEGINS if longer else Likeness.EXACT, longer))
    if _SERIAL.fullmatch(typed):
        ended = IncidentFilter(numbers=_numbers_that_end(typed, question.access.services.settings.now().date()))
        found = _list_incidents(question, ended, min(question.limit, MOST_OF_SERIAL))
        hits += [Hit(_incident_entry(incident), Likeness.CONTAINS, age) for age, incident in enumerate(found)]
    return hits


def _numbers_that_end(serial: str, today: date) -> tuple[str, ...]:
    days = (today - timedelta(days=back) for back in range(SERIAL_DAYS))
    return tuple(number_of(day, int(serial)) for day in days)


def _list_incidents(question: Question, wanted: IncidentFilter, limit: int) -> list[Incident]:
    """The newest first."""
    access = replace(question.access, far=question.access.reach(Action.READ_INCIDENTS))
    return [incident for _, incident in access.services.store.list_incidents(wanted, sight_of(access), limit)]


def _incident_entry(incident: Incident) -> Entry:
    place, detail = incident.location, incident.address or incident.description[:60]
    return Entry("incident", incident.number, None, incident.number, detail, place.lon, place.lat)


SOURCES = (
    Source(frozenset({"coordinates"}), Action.RESOLVE, _coordinates),
    Source(frozenset({"cell", "area", "segment"}), Action.READ_LAYERS, _codes),
    Source(frozenset({"cell"}), Action.READ_LAYERS, _cells_by_name),
    Source(frozenset({"area", "segment"}), Action.READ_LAYERS, _names, forgives=True),
    Source(frozenset({"place"}), Action.READ_PLACES, _names, forgives=True),
    Source(frozenset({"person"}), Action.READ_STAFF, _people, forgives=True),
    Source(frozenset({"incident"}), Action.READ_INCIDENTS, _incidents),
)
KINDS = ("coordinates", "incident", "area", "cell", "segment", "place", "person")
"""All kinds, in the order in which equally good hits are told."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
