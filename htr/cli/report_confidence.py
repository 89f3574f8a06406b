"""How far confidences can be relied on: tables for people, JSON for programs, a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htr.cli.grid import grid
from htr.i18n import _, decimal, ngettext, percent

if TYPE_CHECKING:
    from htr.evaluation.evaluate import Evaluation
    from htr.evaluation.reliability import Reliability, Trust

_BAR = 30
_DIGITS = 6


def table(evaluation: Evaluation) -> str:
    """Return what an evaluation says of confidences as plain text, without a final line break."""
    trust = evaluation.trust
    if trust is None:
        return _("The predictions have no confidences.")
    parts = [
        _overall(trust),
        _reliability(_("Words by confidence"), trust.words),
        _reliability(_("Glyphs by confidence"), trust.glyphs) if trust.glyphs else "",
        _found(trust),
        _bands(trust),
        _foretold(evaluation),
    ]
    return "\n\n".join(filter(None, parts))


def values(evaluation: Evaluation) -> dict[str, Any]:
    """Return the same for JSON; nothing where there are no confidences."""
    trust = evaluation.trust
    if trust is None:
        return {}
    held = [page.foretold for page in evaluation.pages if page.foretold is not None]
    return {
        "expected_cer": {"pages": len(held), "covered": sum(held)},
        "reliability": {
            "words": _plain(trust.words),
            "glyphs": _plain(trust.glyphs) if trust.glyphs else None,
        },
        "least_confident_words": [
            {
                "share": one.share,
                "errors": round(one.errors, _DIGITS),
                "errors_at_most": round(one.bound, _DIGITS),
                "edits": round(one.edits, _DIGITS),
            }
            for one in trust.found
        ],
        "lines_by_confidence": [
            {
                "from": band.low,
                "to": band.high,
                "lines": band.lines,
                "characters": band.characters.length,
                "cer": None
                if band.characters.rate is None
                else round(band.characters.rate, _DIGITS),
            }
            for band in trust.bands
        ],
    }


def _plain(one: Reliability) -> dict[str, Any]:
    return {
        "count": one.count,
        "right": round(one.right, _DIGITS),
        "confidence": round(one.confidence, _DIGITS),
        "calibration_error": round(one.error, _DIGITS),
        "calibration_error_equal_mass": round(one.error_by_mass, _DIGITS),
        "auc": None if one.ranking is None else round(one.ranking, _DIGITS),
        "bins": [
            {
                "from": round(each.low, _DIGITS),
                "to": round(each.high, _DIGITS),
                "count": each.count,
                "confidence": round(each.confidence, _DIGITS),
                "right": round(each.right, _DIGITS),
            }
            for each in one.bins
            if each.count
        ],
    }


def _overall(trust: Trust) -> str:
    heading = (
        _("Confidences"),
        _("number"),
        _("mean"),
        _("right"),
        _("ECE"),
        _("ECE, equal mass"),
        _("AUC"),
    )
    rows = [
        (
            name,
            str(one.count),
            percent(one.confidence),
            percent(one.right),
            decimal(one.error, 3),
            decimal(one.error_by_mass, 3),
            "–" if one.ranking is None else decimal(one.ranking, 3),
        )
        for name, one in ((_("words"), trust.words), (_("glyphs"), trust.glyphs))
        if one is not None
    ]
    return grid(heading, rows)


def _reliability(title: str, one: Reliability) -> str:
    heading = (title, _("number"), _("mean"), _("right"), "")
    rows = [
        (
            _span(each.low, each.high),
            str(each.count),
            percent(each.confidence),
            percent(each.right),
            _bar(each.right, each.confidence),
        )
        for each in one.bins
        if each.count
    ]
    return grid(heading, rows)


def _bar(right: float, confidence: float) -> str:
    """Return the share that is right as a bar, with `|` where the mean confidence is."""
    full = round(right * _BAR)
    cells = ["█" if at < full else "·" for at in range(_BAR)]
    cells[min(round(confidence * _BAR), _BAR - 1)] = "|"
    return "".join(cells)


def _found(trust: Trust) -> str:
    if not trust.found:
        return ""
    heading = (
        _("Least confident words"),
        _("misread words among them"),
        _("possible at most"),
        _("characters to correct"),
    )
    return grid(
        heading,
        [
            (percent(one.share, 0), percent(one.errors), percent(one.bound), percent(one.edits))
            for one in trust.found
        ],
    )


def _bands(trust: Trust) -> str:
    if not trust.bands:
        return ""
    heading = (_("Lines by confidence"), _("lines"), _("characters"), _("CER"))
    return grid(
        heading,
        [
            (
                _span(band.low, band.high),
                str(band.lines),
                str(band.characters.length),
                percent(band.characters.rate),
            )
            for band in trust.bands
        ],
    )


def _foretold(evaluation: Evaluation) -> str:
    held = [page.foretold for page in evaluation.pages if page.foretold is not None]
    if not held:
        return ""
    return ngettext(
        "{pages} page foretold its CER; for {covered} ({share}) it lies in the interval (90 %).",
        "{pages} pages foretold their CER; for {covered} ({share}) it lies in the interval (90 %).",
        len(held),
    ).format(pages=len(held), covered=sum(held), share=percent(sum(held) / len(held), 0))


def _span(low: float, high: float) -> str:
    return f"{decimal(100 * low, 0)}–{percent(high, 0)}"


def diagram(trust: Trust) -> bytes:
    """Return the reliability diagram of words and glyphs as PNG."""
    from io import BytesIO

    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.plot((0, 1), (0, 1), color="0.7", linewidth=1)
    for name, one in ((_("words"), trust.words), (_("glyphs"), trust.glyphs)):
        if one is not None:
            bins = [each for each in one.bins if each.count]
            label = f"{name} (ECE {decimal(one.error, 3)})"
            axes.plot(
                [each.confidence for each in bins],
                [each.right for each in bins],
                marker="o",
                label=label,
            )
    axes.set_xlabel(_("confidence"))
    axes.set_ylabel(_("share that is right"))
    axes.legend(loc="upper left")
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    return buffer.getvalue()
