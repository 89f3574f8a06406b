"""The plots of a report, as PNG files, in the user's language.

Lines and marks differ in form as well as in colour (Okabe and Ito's, which everyone tells apart).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from htr.i18n import _, decimal, percent
from htr.training.findings import PageChange
from htr.training.learning_curve import LearningCurve
from htr.training.outcome import Moment
from htr.training.report.wording import shortened

_BLUE, _ORANGE, _GREY = "#005a9c", "#b34700", "#666666"
_WIDTH = 7.2  # inches
_DPI = 150
_SHORT = 180.0  # seconds, up to which time is shown in seconds
_STATIONS = 120


def training_plot(moments: Sequence[Moment], best: int | None) -> bytes:
    """Return the held-out CER and the loss over the time of a training."""
    figure = Figure(figsize=(_WIDTH, 4.6), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    unit = 1.0 if moments[-1].seconds <= _SHORT else 60.0
    times = [moment.seconds / unit for moment in moments]
    rates = [moment.cer for moment in moments]
    top.plot(times, rates, color=_BLUE, marker="o", markersize=3.5, label=_("held-out CER"))
    top.axhline(rates[0], color=_GREY, linestyle="--", linewidth=1, label=_("at the beginning"))
    if best is not None:
        mark = {"color": _ORANGE, "marker": "*", "markersize": 14, "linestyle": "none"}
        top.plot(times[best], rates[best], label=_("kept"), **mark)
    _rates(top)
    top.set_ylabel(_("CER of held-out lines"))
    top.legend(frameon=False)
    bottom.plot(times, [moment.loss for moment in moments], color=_BLUE, marker="s", markersize=3)
    bottom.set_ylabel(_("loss a character"))
    bottom.set_ylim(bottom=0)
    bottom.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: decimal(value, 2)))
    bottom.set_xlabel(_("time (s)") if unit == 1.0 else _("time (min)"))
    _plain(bottom)
    return _png(figure)


def pages_plot(pages: Sequence[PageChange]) -> bytes:
    """Return the CER of pages before and after, a row a page, in the order given."""
    figure = Figure(figsize=(_WIDTH, 1.1 + 0.26 * len(pages)), layout="constrained")
    axes = figure.subplots()
    rows = np.arange(len(pages))
    before = [page.before.cer or 0.0 for page in pages]
    after = [page.after.cer or 0.0 for page in pages]
    axes.hlines(rows, before, after, color=_GREY, linewidth=1.2)
    axes.plot(before, rows, "o", markerfacecolor="white", color=_GREY, label=_("before"))
    axes.plot(after, rows, "o", color=_BLUE, label=_("after"))
    axes.set_yticks(rows, [shortened(page.name, 34) for page in pages], fontsize=8)
    axes.set_ylim(len(pages) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.set_xlabel(_("CER"))
    axes.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: percent(value, 0)))
    axes.legend(frameon=False)
    _plain(axes)
    return _png(figure)


def curve_plot(curve: LearningCurve, more: Sequence[int]) -> bytes:
    """Return the error rates by lines learned from, and where they would go with more."""
    figure = Figure(figsize=(_WIDTH, 3.8), layout="constrained")
    axes = figure.subplots()
    stations = np.linspace(curve.points[0][0], curve.lines + max(more), _STATIONS)
    band = [curve.at(float(station)) for station in stations]
    lows, highs = [one.low or 0.0 for one in band], [one.high or 0.0 for one in band]
    axes.fill_between(
        stations, lows, highs, color=_BLUE, alpha=0.15, label=_("nine in ten of the curves")
    )
    axes.plot(stations, [one.estimate for one in band], color=_BLUE, label=_("the middle one"))
    ahead = [curve.lines + one for one in more]
    guessed = [curve.at(lines).estimate for lines in ahead]
    axes.plot(ahead, guessed, "D", markerfacecolor="white", color=_BLUE, label=_("expected"))
    counts = [lines for lines, _interval in curve.points]
    axes.errorbar(
        counts,
        [interval.estimate for _lines, interval in curve.points],
        yerr=_whiskers(curve),
        fmt="o",
        color=_ORANGE,
        capsize=3,
        label=_("measured"),
    )
    axes.axvline(curve.lines, color=_GREY, linestyle=":", linewidth=1)
    _rates(axes)
    axes.set_xlabel(_("lines learned from"))
    axes.set_ylabel(_("CER of held-out pages"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    return _png(figure)


def _whiskers(curve: LearningCurve) -> tuple[list[float], list[float]]:
    """Return how far the bounds of the points lie below and above them."""
    below, above = [], []
    for _lines, interval in curve.points:
        low, high = interval.low, interval.high
        below.append(0.0 if low is None else max(0.0, interval.estimate - low))
        above.append(0.0 if high is None else max(0.0, high - interval.estimate))
    return below, above


def _rates(axes: Axes) -> None:
    axes.set_ylim(bottom=0)
    # Steps of 2.5 per cent would be rounded to uneven ones.
    axes.yaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: percent(value, 0)))
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return buffer.getvalue()
