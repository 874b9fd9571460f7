"""Who may decide a dispute, about which ground, and what the decision is remembered as."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from gridsvc.datum import parse_datum, reasons, to_wgs84
from gridsvc.errors import Conflict, InvalidInput, InvalidLocation, NotAllowed
from gridsvc.index.shape import Survey
from gridsvc.model.departments import Determination, Part
from gridsvc.model.incidents import Dispute, DisputeState
from gridsvc.model.places import Key
from gridsvc.model.resolution import Resolution

MAX_VERTICES = 1000
MOST_OUTSIDE = 0.001
"""Of a polygon's ground: it is drawn by hand along the border of the city."""
LONG_BEFORE = timedelta(days=31)
"""The parties may have met before anybody wrote the dispute down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the parties agreed on: a polygon or a component, categories (empty: all), and who leads from then on."""

    department: str
    decided_on: date
    polygon: Polygon | MultiPolygon | None = None
    component: Key | None = None
    categories: tuple[Key, ...] = ()
    basis: str = ""
    documents: tuple[str, ...] = ()
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closes a dispute, and when."""

    login: str | None
    at: datetime


def check_open(dispute: Dispute, login: str | None) -> None:
    """Raise Conflict for a dispute that is over, NotAllowed for who opened it: nobody judges their own case."""
    if dispute.state is not DisputeState.OPEN:
        msg = f"dispute {dispute.number} is {dispute.state.value.lower()} already"
        raise Conflict(msg, zh=f"异议 {dispute.number} 已经办结。", state=dispute.state.value)
    if login == dispute.made_by:
        msg = "Somebody else has to decide a dispute that you opened."
        raise NotAllowed(msg, zh="自己提出的异议须由他人定责。", dispute=dispute.number)


def place_polygon(polygon: Polygon | MultiPolygon, datum: str) -> Polygon | MultiPolygon:
    """A polygon of a datum in WGS84. Raises InvalidInput for too many vertices, UnknownDatum, InvalidLocation."""
    x, y = shapely.get_coordinates(polygon).T
    if len(x) > MAX_VERTICES:
        msg = f"The polygon has {len(x)} vertices; simplify it to {MAX_VERTICES} at most."
        raise InvalidInput(msg, zh=f"面有 {len(x)} 个顶点：请简化到 {MAX_VERTICES} 个以内。")
    name = parse_datum(datum)
    lon, lat = to_wgs84(x, y, name)
    wrong = np.flatnonzero(np.isnan(lon) | np.isnan(lat))
    if len(wrong):
        at = wrong[:1]
        raise InvalidLocation(f"Vertex {int(at[0]) + 1} is no place on earth: {reasons(x[at], y[at], name)[0]}")
    placed: Polygon | MultiPolygon = shapely.set_coordinates(polygon, np.column_stack([lon, lat]))
    if not shapely.is_valid(placed):
        msg = f"The polygon is not valid ({shapely.is_valid_reason(placed)}): mend it first."
        raise InvalidInput(msg, zh="面的边界自相交或不闭合：请先改正。")
    return placed


def check_ground(dispute: Dispute, decision: Decision, ground: Survey | None, inside: float) -> None:
    """The ground of a decision holds the disputed place, lies in the city, and in the officer's territory if any.

    `ground` is what the polygon lies on, `inside` the share of it within the territory. Raises InvalidInput, and
    NotAllowed beyond the territory.
    """
    if (decision.polygon is None) == (decision.component is None):
        msg = "A decision is about a polygon or about a component: say one of them."
        raise InvalidInput(msg, zh="定责须针对一个面或一个部件：请二者取一。", parameter="geometry")
    if decision.polygon is None or ground is None:
        if dispute.component not in (None, decision.component):
            msg = "The component is not the one that is disputed: draw a polygon instead."
            raise InvalidInput(msg, zh="这不是有异议的部件：请改为画面。")
        return
    if not shapely.intersects_xy(decision.polygon, dispute.location.lon, dispute.location.lat):
        msg = "The polygon does not hold the disputed place: it would stay disputed."
        raise InvalidInput(msg, zh="面没有包含有异议的位置：异议仍会存在。")
    if ground.outside_share > MOST_OUTSIDE:
        percent = ground.outside_share * 100
        msg = f"{percent:.1f} % of the polygon lies outside the city: draw it within."
        raise InvalidInput(msg, zh=f"面有 {percent:.1f}% 在全市范围之外：请画在范围以内。")
    if inside < 1 - MOST_OUTSIDE:
        msg = "The polygon reaches beyond your territory: ask an officer of the whole city."
        raise NotAllowed(msg, zh="面超出了您的辖区：请由市级人员办理。")


def check_effect(answer: Resolution, key: str) -> None:
    """The new determination has to answer the disputed question. Raises InvalidInput with what goes before it."""
    lead = next(department for department in answer.departments if department.part == Part.LEAD)
    if lead.rule_id != key:
        rule = " ".join(filter(None, (lead.rule, lead.rule_id)))
        msg = f"It would stay disputed: {lead.name} would still lead there, by {rule}."
        zh = f"异议仍会存在：该处仍由 {lead.name} 牵头（{rule}）。"
        raise InvalidInput(msg, zh=zh, rule=lead.rule, rule_id=lead.rule_id)


def check_dates(decision: Decision, today: date, opened_on: date) -> None:
    """A decision is not made in the future, nor long before the dispute was opened, and ends after it began."""
    first = opened_on - LONG_BEFORE
    if not first <= decision.decided_on <= today:
        msg = f"decided_on: a day from {first} to {today} is wanted."
        raise InvalidInput(msg, zh=f"定责日期须在 {first} 至 {today} 之间。", parameter="decided_on")
    if decision.valid_to is not None and decision.valid_to <= decision.decided_on:
        msg = "valid_to: the decision ends before it begins."
        raise InvalidInput(msg, zh="定责的终止日期早于开始日期。", parameter="valid_to")


def determination_of(decision: Decision) -> Determination:
    """The row that remembers a decision from the day on which it was made; its code is still empty."""
    return Determination(
        code="",
        department=decision.department,
        geometry=decision.polygon,
        component=decision.component,
        categories=decision.categories,
        basis=decision.basis,
        documents=decision.documents,
        decided_on=decision.decided_on,
        valid_from=decision.decided_on,
        valid_to=decision.valid_to,
    )


def determined(dispute: Dispute, closing: Closing, decision: Decision, code: str) -> Dispute:
    """The dispute, over by a decision that is remembered under a code."""
    return replace(
        _closed(dispute, closing, decision.basis),
        state=DisputeState.DETERMINED,
        decided_on=decision.decided_on,
        determination=code,
    )


def declined(dispute: Dispute, closing: Closing, reason: str) -> Dispute:
    """The dispute, over because the answer was right."""
    return replace(_closed(dispute, closing, reason), state=DisputeState.DECLINED)


def _closed(dispute: Dispute, closing: Closing, words: str) -> Dispute:
    return replace(
        dispute, decided_at=closing.at, decided_by=closing.login, decision=words, version=dispute.version + 1
    )
