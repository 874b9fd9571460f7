"""An empty city in a SQLite file, and what is in it afterwards."""

from pathlib import Path

from gridsvc.store import SqlStore, open_store, upgrade


def fresh_store(folder: Path) -> SqlStore:
    """A new store in the folder."""
    url = f"sqlite:///{folder / 'city.sqlite'}"
    upgrade(url)
    return open_store(url)


def is_untouched(store: SqlStore) -> bool:
    """Whether nothing was ever written."""
    state = store.state()
    return (state.edition, state.roster_revision, store.list_drafts(), store.list_acceptances()) == (0, 0, [], {})
