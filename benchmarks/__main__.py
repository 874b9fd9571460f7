"""`python -m benchmarks [NAME …]`: all of NAMES when none is named."""

import importlib
import sys

NAMES = ("points", "batch", "http", "start", "locks", "incidents", "live", "search", "tiles", "console", "memory")


def main() -> None:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = set(wanted) - set(NAMES)
    if unknown:
        sys.exit(f"No such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    for name in wanted:
        importlib.import_module(f"benchmarks.{name}").main()


main()
