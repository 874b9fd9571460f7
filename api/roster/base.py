"""What a change of the roster is held against: the roster as it is, the map that its rows name, and today."""

import threading
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from fastapi import Request

from api.bootstrap import Services
from geodata.checks.ground import Ground, ground_of_edition
from geodata.checks.rows import RosterContext
from gridsvc.errors import NoEdition
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.roster.duties import Duties
from gridsvc.index.roster.organisation import compile_organisation
from gridsvc.index.roster.staff import compile_staff
from gridsvc.model.roster import Roster
from gridsvc.model.territory import Group, Layer
from gridsvc.roster.scope import Scopes
from gridsvc.roster.whereabouts import Whereabouts, whereabouts_of
from gridsvc.serving import Snapshot


@dataclass(frozen=True, slots=True)
class Base:
    """The roster at one revision over the edition in force; `ground` also has what a coming edition brings."""

    roster: Roster
    duties: Duties
    edition: CompiledEdition
    ground: Ground
    whereabouts: Whereabouts
    today: date
    zone: ZoneInfo

    def context(self, roster: Roster | None = None) -> RosterContext:
        """A roster on this day, this base's own where none is given, for the checks."""
        return RosterContext(self.ground, roster or self.roster, self.today)

    def scopes(self, roster: Roster | None = None) -> Scopes:
        """Whose rows are whose, by this roster or another one."""
        if roster is None:
            return Scopes(self.duties.staff, self.duties.organisation, self.whereabouts)
        return Scopes(compile_staff(roster), compile_organisation(roster), self.whereabouts)


class Grounds:
    """The ground of the editions that are loaded, made once for each pair of them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._making = threading.Lock()
        self._made: tuple[tuple[int, int], Ground] | None = None

    def base(self) -> Base:
        """What the service answers from just now. Raises NotReady before anything is loaded."""
        settings, serving = self._services.settings, self._services.serving
        snapshot, coming = self._loaded()
        with self._making:
            names = (snapshot.edition.number, coming.number)
            if self._made is None or self._made[0] != names:
                self._made = (names, self._ground(snapshot.edition, coming))
            _, ground = self._made
        roster = serving.roster(snapshot.duties.revision)
        where = whereabouts_of(snapshot.edition)
        return Base(roster, snapshot.duties, snapshot.edition, ground, where, settings.now().date(), settings.zone)

    def scopes(self) -> Scopes:
        """Those of the base, without asking the database: rows are read while it is away."""
        snapshot, _ = self._loaded()
        return Scopes(snapshot.duties.staff, snapshot.duties.organisation, whereabouts_of(snapshot.edition))

    def _loaded(self) -> tuple[Snapshot, CompiledEdition]:
        """The edition in force, or the first one where it is still to come; and the one after it, or itself."""
        serving = self._services.serving
        last = serving.timeline()[-1].effective_from
        coming = serving.find_loaded(last)
        try:
            current = serving.current()
        except NoEdition:
            current = serving.at(last)
        return current, current.edition if coming is None else coming.edition

    def _ground(self, edition: CompiledEdition, coming: CompiledEdition) -> Ground:
        ground = ground_of_edition(edition, self._groups(edition.number))
        if coming.number == edition.number:
            return ground
        return ground.also(ground_of_edition(coming, self._groups(coming.number)))

    def _groups(self, number: int) -> list[Group]:
        features = self._services.store.iter_features(number, Layer.GROUPS)
        return [feature for feature in features if isinstance(feature, Group)]


def grounds_of(request: Request) -> Grounds:
    """Those of the application that answers."""
    grounds: Grounds = request.app.state.grounds
    return grounds
