"""What more lines would bring: the learning curve, in a plot, a table and a sentence."""

from __future__ import annotations

from htr.i18n import _, percent
from htr.training.learning_curve import LearningCurve, Silence
from htr.training.report.plots import curve_plot
from htr.training.report.view import Block, Figure, Prose, Section, Table
from htr.training.report.wording import number, rate

MORE = (100, 300, 1000)
_TOLD = 300  # lines: two or three days of a corrector's work


def ahead(curve: LearningCurve | Silence) -> Section:
    """Return the section on the learning curve, or on why there is none."""
    return Section(
        "more-lines",
        _("What more lines would bring"),
        _untold(curve) if isinstance(curve, Silence) else _told(curve),
    )


def sentence(curve: LearningCurve, more: int = _TOLD) -> str:
    """Return what so many more lines would bring, in one sentence."""
    return _(
        "{more} more lines of this kind would bring the CER from {now} to about {then}."
    ).format(more=number(more), now=percent(curve.cer), then=rate(curve.with_more(more)))


def _told(curve: LearningCurve) -> tuple[Block, ...]:
    rows = [
        (number(more), number(curve.lines + more), rate(curve.with_more(more))) for more in MORE
    ]
    head = (_("More lines"), _("Lines in all"), _("Expected CER"))
    measured = [(number(lines), rate(interval)) for lines, interval in curve.points]
    return (
        Prose(sentence(curve)),
        Table(_("Expected CER with more lines"), head, tuple(rows)),
        Figure(
            curve_plot(curve, MORE),
            _(
                "Plot of the CER by the number of lines learned from: measured points, and a curve "
                "that falls from {now} at {lines} lines to about {then} with {more} more."
            ).format(
                now=percent(curve.cer),
                lines=number(curve.lines),
                then=percent(curve.with_more(MORE[-1]).estimate),
                more=number(MORE[-1]),
            ),
            _("CER by lines learned from. The whiskers are intervals (90 %) over the pages."),
        ),
        Table(
            _("Measured: models that learned from a part of the lines"),
            (_("Lines learned from"), _("CER")),
            tuple(measured),
        ),
        Prose(
            _(
                "This is an estimate: it supposes that the lines to come are like those that were "
                "learned from (same hands, same kind of text), and it continues a curve through a "
                "few points. Nine in ten of the curves that fit the points run between the bounds."
            ),
            aside=True,
        ),
    )


def _untold(silence: Silence) -> tuple[Block, ...]:
    reasons = {
        Silence.FEW_POINTS: _(
            "This cannot be told: it takes models that learned from a part of the lines, three "
            "points at least, and those were not made or did not read yet."
        ),
        Silence.FEW_PAGES: _(
            "This cannot be told: fewer than three pages were held out. Hold out more of them "
            "(--held-out 0.3), or correct more pages first, and the next training will tell."
        ),
        Silence.FEW_ERRORS: _(
            "This cannot be told: the model makes hardly any errors on the held-out pages. There "
            "is little left for more lines to bring."
        ),
        Silence.UNSTEADY: _(
            "This cannot be told: the CER did not fall steadily with more lines. More pages, "
            "or a longer training, may make it clear."
        ),
    }
    return (Prose(reasons[silence]),)
