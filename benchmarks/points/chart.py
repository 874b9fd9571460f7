"""How the cost of a place grows with the cells and with the places of a batch, as one picture."""

from collections.abc import Mapping

from benchmarks.report import RESULTS

COLOURS = ("#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#009e73", "#cc79a7", "#666666")
Line = list[tuple[float, float]]


def draw_growth(name: str, panels: Mapping[tuple[str, str], Mapping[str, Line]]) -> None:
    """`results/NAME.png`: a panel for each (title, x axis), with a line of (x, nanoseconds a place) by contestant."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(who for lines in panels.values() for who in lines))
    colour = {who: COLOURS[number % len(COLOURS)] for number, who in enumerate(names)}
    figure, many = plt.subplots(1, len(panels), figsize=(6 * len(panels), 5), layout="constrained", sharey=True)
    for axes, ((title, label), lines) in zip(many, panels.items(), strict=True):
        for who, line in lines.items():
            axes.plot(*zip(*sorted(line), strict=True), marker="o", color=colour[who], label=who)
        axes.set(xscale="log", yscale="log", xlabel=label)
        axes.set_title(title, loc="left")
        axes.grid(visible=True, which="major", color="#dddddd")
        axes.spines[["top", "right"]].set_visible(False)
    many[0].set_ylabel("nanoseconds a place, one core")
    figure.legend(*many[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    RESULTS.mkdir(exist_ok=True)
    figure.savefig(RESULTS / f"{name}.png", dpi=120)
    plt.close(figure)
