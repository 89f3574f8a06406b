"""How the model reads now and read before: over the training, over the pages, on other hands."""

from __future__ import annotations

from htr.evaluation.bootstrap import FEWEST_PAGES
from htr.i18n import _, decimal, percent
from htr.training.findings import Comparison, Findings, PageChange
from htr.training.outcome import Outcome
from htr.training.report.plots import pages_plot, training_plot
from htr.training.report.view import Block, Figure, Prose, Section, Table
from htr.training.report.wording import change, duration, number, rate

_ROWS = 60
_PLOTTED = 25


def over_time(outcome: Outcome) -> Section | None:
    """Return how the training went, or None where nothing was measured."""
    moments = outcome.moments
    if not moments:
        return None
    best = None if outcome.best is None else moments[outcome.best]
    kept = best or moments[0]
    return Section(
        "over-time",
        _("The training over time"),
        (
            Figure(
                training_plot(moments, outcome.best),
                _(
                    "Plot of the held-out CER and of the loss over time: the CER goes from {first} "
                    "to {last}; the weights of {time} were kept, with {kept}."
                ).format(
                    first=percent(moments[0].cer),
                    last=percent(moments[-1].cer),
                    time=duration(kept.seconds),
                    kept=percent(kept.cer),
                ),
                _(
                    "CER of the held-out lines (above) and loss on the lines learned from (below). "
                    "The star marks the weights that were kept."
                ),
            ),
        ),
    )


def before_and_after(own: Comparison, *, from_scratch: bool) -> Section:
    """Return error rates on the held-out lines: over all, and page by page."""
    pages = own.pages[:_ROWS]
    blocks: list[Block] = [_overall(own, from_scratch=from_scratch)]
    if len(own.pages) < FEWEST_PAGES:
        blocks.append(
            Prose(
                _("Fewer than three pages were held out: too few to say how sure these rates are.")
            )
        )
    if not from_scratch and len(own.pages) > 1:
        blocks.append(_plotted(own.pages[:_PLOTTED]))
    caption = _("Held-out pages, the worst first")
    blocks.append(_by_page(caption, pages, from_scratch=from_scratch))
    if len(own.pages) > _ROWS:
        blocks.append(
            Prose(_("The {n} worst of {all} pages are shown.").format(n=_ROWS, all=len(own.pages)))
        )
    return Section("before-and-after", _("Before and after"), tuple(blocks))


def forgetting(kept: Comparison) -> Section:
    """Return whether the model still reads other hands as well as before."""
    return Section(
        "other-hands",
        _("Has it forgotten other hands?"),
        (
            Prose(verdict(kept)),
            _overall(kept, from_scratch=False),
            _by_page(
                _("Pages of other hands, the worst first"), kept.pages[:_ROWS], from_scratch=False
            ),
        ),
    )


def verdict(kept: Comparison) -> str:
    """Return in a sentence or two whether other hands are read as well as before."""
    said = _("On lines of other hands the CER was {before} before and is {after} now.").format(
        before=percent(kept.before.estimate), after=percent(kept.after.estimate)
    )
    low, high = kept.change.low, kept.change.high
    if low is None or high is None:
        return said
    if low > 0:
        return said + " " + _("It has forgotten something: the difference is not chance.")
    if high < 0:
        return said + " " + _("It has forgotten nothing; it reads them better, too.")
    return said + " " + _("The difference may be chance.")


def _overall(found: Comparison, *, from_scratch: bool) -> Table:
    characters = (rate(found.before), rate(found.after), change(found.change))
    words = (rate(found.words_before), rate(found.words_after), change(found.words_change))
    caption = _("Error rates, with intervals (90 %) over the pages")
    if from_scratch:
        rows = ((_("CER, of characters"), characters[1]), (_("WER, of words"), words[1]))
        return Table(caption, ("", _("Now")), rows)
    head = ("", _("Before"), _("After"), _("Change in points"))
    both = ((_("CER, of characters"), *characters), (_("WER, of words"), *words))
    return Table(caption, head, both)


def _plotted(pages: tuple[PageChange, ...]) -> Figure:
    better = sum((page.after.cer or 0.0) < (page.before.cer or 0.0) for page in pages)
    return Figure(
        pages_plot(pages),
        _(
            "Plot of the CER of {n} pages before and after: {better} of them are read better. The "
            "table below has the numbers."
        ).format(n=len(pages), better=better),
        _("CER of each held-out page before (empty) and after (filled), the worst first."),
    )


def _by_page(caption: str, pages: tuple[PageChange, ...], *, from_scratch: bool) -> Table:
    rows = tuple(
        (
            page.name,
            number(page.lines),
            number(page.after.characters.length),
            *([] if from_scratch else [percent(page.before.cer)]),
            percent(page.after.cer),
        )
        for page in pages
    )
    head = (
        _("Page"),
        _("Lines"),
        _("Characters"),
        *([] if from_scratch else [_("CER before")]),
        _("CER after"),
    )
    return Table(caption, head, rows)


def gain(findings: Findings) -> str:
    """Return in a sentence or two what the training brought on the held-out lines."""
    own = findings.own
    if own is None:
        return ""
    now = decimal(100 * own.after.estimate)
    if findings.outcome.base is None:
        return _(
            "Of a hundred characters on lines that it did not learn from, the model gets "
            "{now} wrong."
        ).format(now=now)
    if not findings.bettered:
        return _(
            "The training did not better the base on the held-out lines (CER {before}): the model "
            "is the base as it was."
        ).format(before=percent(own.before.estimate))
    said = _(
        "Of a hundred characters on lines that it did not learn from, the model now gets {now} "
        "wrong; the base got {before} wrong."
    ).format(now=now, before=decimal(100 * own.before.estimate))
    low, high = own.change.low, own.change.high
    if low is not None and high is not None and low <= 0 <= high:
        return said + " " + _("On so few pages the difference may be chance.")
    return said
