"""Whether the disk takes anything more: told by trying, since figures of free space know no quota and no limit."""

import errno
import tempfile
from pathlib import Path

PROBE_BYTES = 64 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


def is_full(error: OSError) -> bool:
    """Whether it is the disk that refused, rather than the program that asked wrongly."""
    return error.errno in _FULL


def takes_more(folder: Path) -> bool:
    """Whether a small file can be written there; it is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE_BYTES))
    except OSError:
        return False
    return True
