"""An evaluation as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from htr.cli import report_confidence
from htr.cli.grid import grid
from htr.document.text import visible
from htr.i18n import _, ngettext, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from htr.document.metrics import Scores
    from htr.evaluation.evaluate import Evaluation

_WIDTH = 100
_NAME_WIDTH = 44
_CONFUSIONS = 15
_NAMES = 10
_DIGITS = 6


def table(evaluation: Evaluation, pages: int = 10, *, confidence: bool = False) -> str:
    """Return an evaluation as plain text of 100 columns at most, without a final line break.

    Error rates overall, by collection and of the `pages` worst pages, the 15 commonest confusions
    (space as `␣`, missed or inserted as `∅`), the pages that have no counterpart, and, if so
    asked, how far the confidences can be relied on.
    """
    parts = [
        _settings(evaluation),
        _rates(evaluation),
        _worst(evaluation, pages),
        _confusions(evaluation),
        _unpaired(evaluation),
        report_confidence.table(evaluation) if confidence else "",
    ]
    return "\n\n".join(filter(None, parts))


def as_json(evaluation: Evaluation) -> str:
    """Return an evaluation as JSON: rates rounded to six digits, null where there is none."""
    report = {
        **_numbers(evaluation.scores),
        "collections": {
            _shown(name): {**_numbers(collection.scores), "pages": collection.pages}
            for name, collection in evaluation.collections.items()
        },
        "pages": [
            {
                "name": page.name,
                "collection": _shown(page.collection),
                **_numbers(page.scores),
                "confidence": _rounded(page.confidence),
            }
            for page in evaluation.pages
        ],
        "confusions": [
            {"truth": one.truth, "prediction": one.prediction, "count": one.count}
            for one in evaluation.confusions
        ],
        "missing": list(evaluation.missing),
        "extra": list(evaluation.extra),
        "normalise": evaluation.normalisation,
        "match": evaluation.match,
        **report_confidence.values(evaluation),
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _numbers(scores: Scores) -> dict[str, Any]:
    return {
        "cer": _rounded(scores.cer),
        "wer": _rounded(scores.wer),
        "characters": scores.characters.length,
        "words": scores.words.length,
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, _DIGITS)


def _settings(evaluation: Evaluation) -> str:
    said = {
        "lines": _("Lines are compared with lines."),
        "page": _("Whole pages are compared, in reading order."),
    }
    return _("{match} Normalisation: {normalisation}.").format(
        match=said[evaluation.match], normalisation=evaluation.normalisation
    )


def _rates(evaluation: Evaluation) -> str:
    heading = ("", _("CER"), _("WER"), _("characters"), _("words"), _("pages"))
    rows = [
        (_cut(_shown(name)), *_cells(collection.scores), str(collection.pages))
        for name, collection in evaluation.collections.items()
    ]
    overall = (_("all together"), *_cells(evaluation.scores), str(len(evaluation.pages)))
    return grid(heading, [*(rows if len(rows) > 1 else []), overall])


def _worst(evaluation: Evaluation, pages: int) -> str:
    if pages < 1:
        return ""
    heading = (
        _("Worst pages"),
        _("CER"),
        _("WER"),
        _("characters"),
        _("words"),
        _("confidence"),
    )
    return grid(
        heading,
        [
            (_cut(page.name), *_cells(page.scores), percent(page.confidence))
            for page in evaluation.pages[:pages]
        ],
    )


def _confusions(evaluation: Evaluation) -> str:
    rows = [
        (visible(one.truth), visible(one.prediction), str(one.count))
        for one in evaluation.confusions[:_CONFUSIONS]
    ]
    return grid((_("Truth"), _("read as"), _("times")), rows) if rows else ""


def _unpaired(evaluation: Evaluation) -> str:
    missing, extra = evaluation.missing, evaluation.extra
    said = []
    if missing:
        said.append(
            ngettext(
                "{count} page has no prediction and counts as wholly missed:",
                "{count} pages have no prediction and count as wholly missed:",
                len(missing),
            ).format(count=len(missing))
        )
        said += _names(missing)
    if extra:
        said.append(
            ngettext(
                "{count} prediction has no truth and does not count:",
                "{count} predictions have no truth and do not count:",
                len(extra),
            ).format(count=len(extra))
        )
        said += _names(extra)
    return "\n".join(said)


def _names(names: Sequence[str]) -> list[str]:
    lines = ["  " + _cut(name, _WIDTH - 2) for name in names[:_NAMES]]
    if (more := len(names) - _NAMES) > 0:
        lines.append(
            "  " + ngettext("and {count} more", "and {count} more", more).format(count=more)
        )
    return lines


def _cells(scores: Scores) -> tuple[str, str, str, str]:
    characters, words = scores.characters.length, scores.words.length
    return percent(scores.cer), percent(scores.wer), str(characters), str(words)


def _shown(collection: str) -> str:
    return collection or "."


def _cut(name: str, width: int = _NAME_WIDTH) -> str:
    """Return a name in `width` columns at most; its end, which tells pages apart, is kept."""
    return name if len(name) <= width else "…" + name[1 - width :]
