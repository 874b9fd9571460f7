"""The whole answer for one location: a pure function of an edition, the duties, the location and the instant."""

from datetime import datetime
from functools import partial

from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.options import DEFAULT_OPTIONS, ResolveOptions
from gridsvc.index.roster.duties import Duties
from gridsvc.index.rules.alike import fill_in, find_plain, like_of
from gridsvc.index.rules.whole import Asked, answer_whole
from gridsvc.index.territory.spot import Spot
from gridsvc.model.places import Key, Location
from gridsvc.model.resolution import Resolution


def resolve(  # noqa: PLR0913 a question has this many sides
    edition: CompiledEdition,
    duties: Duties,
    location: Location,
    *,
    at: datetime,
    category: Key | None = None,
    component: Key | None = None,
    reporter: str | None = None,
    options: ResolveOptions = DEFAULT_OPTIONS,
    detail: bool = True,
) -> Resolution:
    """Who answers for a location at an instant, and why: the same arguments give the same bytes as JSON.

    Without `detail` candidates and trace are left out. A component without a category is meant by its own category.
    Raises OutsideCoverage, UnknownCategory, NotFound (component, reporter) and InvalidInput (`at` without a zone, a
    circle that reaches over too much).
    """
    spot = Spot(edition, location.lon, location.lat)
    asked = Asked(location, at, category, component, reporter, options)
    if (plain := find_plain(spot, duties, asked)) is None:
        return answer_whole(spot, duties, asked, detail=detail)
    like = like_of(plain, partial(answer_whole, spot, duties, asked))
    return fill_in(like, plain, location, edition, detail=detail)
