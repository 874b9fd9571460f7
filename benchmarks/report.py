"""Tables in Markdown and bar charts as PNG, with the machine's shape above each."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def machine() -> str:
    """What it was measured on, without naming the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    )


def write_table(name: str, title: str, header: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """`results/NAME.md`, also printed."""
    lines = [f"# {title}", "", f"{machine()}. Repeat with `python -m benchmarks {name}`. {note}".rstrip(), ""]
    lines += ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines), flush=True)


def draw_bars(name: str, title: str, unit: str, bars: dict[str, float]) -> None:
    """`results/NAME.png`: horizontal bars on a logarithmic scale, each with its figure."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 0.6 + 0.45 * len(bars)), layout="constrained")
    drawn = axes.barh(list(bars), list(bars.values()), color=["#0072b2" if "gridsvc" in k else "#999999" for k in bars])
    axes.bar_label(drawn, [f" {value:,.3g}" for value in bars.values()])
    axes.set_xscale("log")
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.set_title(title, loc="left")
    axes.set_xlabel(unit)
    axes.spines[["top", "right"]].set_visible(False)
    RESULTS.mkdir(exist_ok=True)
    figure.savefig(RESULTS / f"{name}.png", dpi=120)
    plt.close(figure)
