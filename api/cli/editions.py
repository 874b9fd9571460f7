"""Which edition a command is about when it names none."""

from gridsvc.errors import NotReady
from gridsvc.ports import Store


def newest_edition(store: Store) -> int:
    """The number of the newest edition. Raises NotReady where nothing was published."""
    number = store.state().edition
    if number == 0:
        raise NotReady("nothing is published yet: import layers, then `gridsvc publish --commit`")
    return number
