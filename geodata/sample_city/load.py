"""Puts the sample city into an empty store and publishes it, the way a planner would: draft, checks, edition."""

from datetime import date, datetime

from geodata.publishing import Keep, publish
from geodata.sample_city import CITY_NAME
from geodata.sample_city.build import build_sample_city
from geodata.schemes import load_schemes
from gridsvc.errors import Conflict
from gridsvc.model.edition import Edition
from gridsvc.model.roster import RosterChange, row_key
from gridsvc.model.territory import Layer
from gridsvc.ports import Progress, Store

COMMENT = f"{CITY_NAME}: 全部虚构 invented throughout"


def make_sample_city(  # noqa: PLR0913 - all by name
    store: Store,
    *,
    now: datetime,
    today: date,
    progress: Progress,
    seed: int = 2026,
    cells: int = 1500,
    keep: Keep | None = None,
) -> Edition:
    """Build, check by the shipped schemes and publish, in force from `now`.

    The roster waits in the draft and enters the log with the edition, so that nobody sees half a city. Conflict where
    the store already holds an edition or a roster. `keep` is as in `publish`.
    """
    state = store.state()
    if state.edition or state.roster_revision:
        raise Conflict("the sample city needs an empty database, and this one holds data: name another one")
    city = build_sample_city(today=today, seed=seed, cells=cells)
    draft = store.create_draft(now, COMMENT, city.territory.crs)
    for layer in Layer:
        store.put_features(draft.number, layer, city.territory.layer(layer), [], progress)
    changes = [RosterChange(table, row_key(row), row) for table, rows in city.rows.items() for row in rows]
    store.put_draft_roster(draft.number, changes)
    schemes = load_schemes(None)
    edition, _ = publish(store, draft.number, now=now, schemes=schemes, progress=progress, comment=COMMENT, keep=keep)
    return edition
