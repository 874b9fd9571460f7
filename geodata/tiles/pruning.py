"""Tiles of editions that nobody is likely to look at are deleted; who does look has them cut again."""

import shutil
import time
from collections.abc import Collection
from pathlib import Path

from geodata.tiles.files import FORMAT
from gridsvc.locks import alone

RECENT = 8
"""How many editions keep their tiles beside those that must: the ones cut last."""

UNTOUCHED_S = 86_400.0
"""Younger things are left alone: somebody may be at work on them, or has just asked for them."""


def prune_tiles(root: Path, folder: Path, wanted: Collection[str]) -> list[str]:
    """Names of what was deleted below `root`: in `folder` editions but those with a `wanted` digest and the RECENT
    ones, and what other formats, other rules or killed processes have left. Never waits; what another process is at
    work on stays. Whoever reads a deleted archive reads on.
    """
    kept = {f"{FORMAT}-{digest}" for digest in wanted}
    editions = [path for path in folder.glob(f"{FORMAT}-*/") if path.name not in kept]
    doomed = sorted(editions, key=_changed_at, reverse=True)[RECENT:]
    doomed += [path for path in folder.glob("*/") if not path.name.startswith(f"{FORMAT}-")]
    doomed += [path for path in root.glob("*/") if path != folder]
    return [path.name for path in doomed if time.time() - _changed_at(path) > UNTOUCHED_S and _delete(path)]


def _changed_at(path: Path) -> float:
    """Now for what somebody else has deleted meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _delete(path: Path) -> bool:
    lock = path.with_name(f"{path.name}.lock")
    with alone(lock, wait=False) as is_alone:
        if is_alone:
            shutil.rmtree(path, ignore_errors=True)
            lock.unlink(missing_ok=True)
        return is_alone
