"""Settings → services: the composition root, and the only module that names the store's adapter."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from api.settings import Settings
from gridsvc import store as adapter
from gridsvc.index.options import ResolveOptions
from gridsvc.ports import Store
from gridsvc.serving import Serving


@dataclass(frozen=True, slots=True)
class Services:
    """What routes and commands work with; one per process."""

    settings: Settings
    store: Store
    serving: Serving
    options: ResolveOptions


def resolve_options(settings: Settings) -> ResolveOptions:
    """The resolver's figures out of the settings."""
    return ResolveOptions(
        tolerance_m=settings.tolerance_m,
        segment_radius_m=settings.segment_radius_m,
        component_radius_m=settings.component_radius_m,
        zone=settings.zone,
        city_name=settings.city_name,
    )


def build_services(settings: Settings) -> Services:
    """Open the database and wire the rest; loads no edition yet. Raises NotReady without a database or schema."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = adapter.open_store(settings.store_url)
    return Services(settings, store, Serving(store, settings.now), resolve_options(settings))


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store alone, for commands that serve nothing."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with closing(adapter.open_store(settings.store_url)) as store:
        yield store


def upgrade_database(settings: Settings) -> str | None:
    """Create or upgrade the schema; the revision that it is at afterwards."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    adapter.upgrade(settings.store_url)
    return adapter.current_schema(settings.store_url)
