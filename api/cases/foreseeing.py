"""A decision of a dispute before it is made: the row that would be written, and who leads on the ground."""

from typing import Any

from api.access.allowing import Access
from api.access.guarded import snapshot_for_many
from api.cases.disputing import decision_of, plan_decision
from api.roster.base import Base, Grounds
from api.roster.difference import difference
from api.roster.writing import Order, Outcome, preview
from api.schemas.disputes import DecisionBody
from gridsvc.disputes.deciding import Decision
from gridsvc.disputes.foreseeing import Comparison, Consequence, LeadChange
from gridsvc.index.roster.duties import compile_duties
from gridsvc.index.shape import Survey
from gridsvc.model.incidents import Dispute
from gridsvc.model.places import Key
from gridsvc.model.roster import RosterChange
from gridsvc.serving import Snapshot


def foresee(grounds: Grounds, access: Access, dispute: Dispute, body: DecisionBody) -> dict[str, Any]:
    """As a change of the roster that is not written, with what resolving answers on the ground. Raises as deciding
    does, but for findings that block.
    """
    decision = decision_of(access, dispute, body)
    planned: list[tuple[Base, Survey | None]] = []

    def plan(base: Base) -> list[RosterChange]:
        change, ground = plan_decision(access, base, dispute, decision)
        planned[:] = [(base, ground)]
        return [change]

    outcome = preview(grounds, Order(access, scoped=False), plan)
    return difference(outcome, access, written=False) | {"ground": _ground(access, planned[0], outcome, decision)}


def _ground(
    access: Access, planned: tuple[Base, Survey | None], outcome: Outcome, decision: Decision
) -> dict[str, Any]:
    base, services, after = planned[0], access.services, compile_duties(outcome.after)
    # Guarded components that are hidden from the officer must not show by who leads beside them.
    edition = snapshot_for_many(access, Snapshot(base.edition, after)).edition
    comparison = Comparison(edition, base.duties, after, services.settings.now(), services.options)
    found = _consequence(comparison, planned, decision)

    def named(code: str) -> dict[str, str]:
        return {"code": code, "name": _name(base, code, services.options.city_name)}

    def told(change: LeadChange) -> dict[str, Any]:
        categories = [":".join(key) for key in change.categories]
        return {
            "before": named(change.before),
            "after": named(change.after),
            "categories": categories,
            "cells": change.cells,
        }

    leads = [told(change) for change in found.leads]
    return {"cells": found.cells, "asked": found.asked, "area_m2": found.area_m2, "leads": leads}


def _consequence(comparison: Comparison, planned: tuple[Base, Survey | None], decision: Decision) -> Consequence:
    """For the categories that were decided about; where that is all of them, for each that holds today."""
    base, ground = planned
    if decision.component is not None:
        return comparison.of_component(decision.component, decision.categories)
    every: list[Key] = [key for key, row in base.duties.categories.items() if row.valid_on(base.today)]
    assert ground is not None  # noqa: S101  checked with the ground
    return comparison.on_ground(ground, decision.categories or sorted(every))


def _name(base: Base, code: str, city_name: str) -> str:
    """A department's, or that of the area or city that stands for the one which is not in the roster."""
    if (department := base.duties.organisation.by_code.get(code)) is not None:
        return department.name
    area = base.ground.areas.get(code)
    return city_name if area is None else area.name
