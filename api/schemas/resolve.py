"""The parameters of a single question, and what a visitor may see of its answer."""

from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from api.access.allowing import Access
from api.access.personal import areas_of_target, shown_people
from gridsvc.datum.location import GREATEST_ACCURACY_M
from gridsvc.index.ready import Audience
from gridsvc.model.accounts import Action, Reach
from gridsvc.model.resolution import Resolution


class ResolveQuery(BaseModel):
    """One place and one time."""

    lon: float = Field(description="x: longitude, or easting of a projected datum.", examples=[116.4175])
    lat: float = Field(description="y: latitude, or northing of a projected datum.", examples=[39.9288])
    datum: str = Field(
        description="WGS84, CGCS2000, GCJ02, BD09, EPSG:n or a CRS as WKT; never guessed.", examples=["WGS84"]
    )
    accuracy_m: float | None = Field(
        default=None,
        description="Radius in metres of the circle that holds the true place.",
        json_schema_extra={"exclusiveMinimum": 0, "maximum": GREATEST_ACCURACY_M},
    )
    accuracy_level: Literal["0.68", "0.95"] = Field(
        default="0.68", description="With which probability the circle holds the true place."
    )
    category: str | None = Field(default=None, description="What the matter is about, SCHEME:CODE.")
    component: str | None = Field(default=None, description="The component it is about, SCHEME:CODE.")
    reporter: str | None = Field(default=None, description="Code of the person who reports, to notice a wrong datum.")
    at: str | None = Field(default=None, description="Instant with offset; the present if not said.")
    edition: int | None = Field(default=None, ge=1, description="The edition to ask; the one in force if not said.")
    roster: int | None = Field(default=None, ge=0, description="The roster revision to ask; the latest if not said.")


class PlainQuery(NamedTuple):
    """As `ResolveQuery`, where nothing but the plainest was said."""

    lon: float
    lat: float
    datum: str
    accuracy_m: float | None = None
    category: str | None = None
    accuracy_level: str = "0.68"
    component: str | None = None
    reporter: str | None = None
    at: str | None = None
    edition: int | None = None
    roster: int | None = None


def masked(answer: Resolution, access: Access) -> Resolution:
    """The answer as the asker may see it: names of officers and stewards, and their phones, are not for everybody."""
    if not answer.people:
        return answer
    above = [area.code for area in answer.areas]
    shown = shown_people(access, answer.people, lambda person: areas_of_target(person, above), answer.at)
    return replace(answer, people=shown)


def audience_of(access: Access) -> Audience | None:
    """Who is shown the same as everybody else with these rights; None where it depends on the place."""
    names, far = access.may(Action.READ_STAFF), access.reach(Action.READ_PHONES)
    return None if far is Reach.SCOPE else Audience((names, far), partial(masked, access=access))
