"""Fixtures by subject live in tests/fixtures; this file only names them."""

import os
import tempfile
from pathlib import Path

from gridsvc.index.engine import folder_of_kernels

# Compiling the kernels takes seconds: all servers that tests start share them.
os.environ.setdefault("NUMBA_CACHE_DIR", str(folder_of_kernels(Path(tempfile.gettempdir()) / "gridsvc-kernels")))

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.clients",
    "tests.fixtures.disks",
    "tests.fixtures.oidc_provider",
    "tests.fixtures.real_data",
    "tests.fixtures.stores",
]
