"""`htr evaluate`: how good a transcription is, against the truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from htr.i18n import _

if TYPE_CHECKING:
    from htr.evaluation.evaluate import Evaluation


@click.command(
    "evaluate",
    help=_(
        "Compare the transcription in PREDICTION with the ground truth in TRUTH: folders or files, "
        "ALTO or PAGE, paired by name. Prints character and word error rates (CER, WER) over the "
        "whole, by collection (sub-folder) and by page, worst first, and the commonest confusions."
    ),
    short_help=_("Measure a transcription against ground truth."),
)
@click.argument("truth", type=click.Path(path_type=Path), metavar=_("TRUTH"))
@click.argument("prediction", type=click.Path(path_type=Path), metavar=_("PREDICTION"))
@click.option(
    "--normalise",
    type=click.Choice(["none", "nfc", "loose"]),
    default="nfc",
    show_default=True,
    help=_(
        "What does not count as an error: nothing; Unicode forms; or also kinds of quotes and "
        "dashes, superscripts, runs of dots and of spaces."
    ),
)
@click.option(
    "--match",
    type=click.Choice(["lines", "page"]),
    default="lines",
    show_default=True,
    help=_("Compare line by line (by id or place), or each page's text in reading order."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=_("A table for people, or JSON for programs."),
)
@click.option(
    "--pages",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("How many of the worst pages the table shows."),
)
@click.option(
    "--confidence",
    is_flag=True,
    help=_(
        "Also say how far the confidences can be relied on: how often words and glyphs of each "
        "confidence are right, and which errors the least confident words hold."
    ),
)
@click.option(
    "--diagram",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE"),
    help=_("Draw the reliability diagram into a PNG file."),
)
def command(
    truth: Path,
    prediction: Path,
    normalise: Literal["none", "nfc", "loose"],
    match: Literal["lines", "page"],
    form: str,
    pages: int,
    confidence: bool,
    diagram: Path | None,
) -> None:
    """Print an evaluation, and draw its diagram if asked."""
    from htr.cli.report_evaluation import as_json, table
    from htr.evaluation.evaluate import evaluate

    evaluation = evaluate(truth, prediction, normalisation=normalise, match=match)
    if diagram is not None:
        _draw(evaluation, diagram)
    text = table(evaluation, pages, confidence=confidence)
    click.echo(as_json(evaluation) if form == "json" else text)


def _draw(evaluation: Evaluation, file: Path) -> None:
    from htr.cli import report_confidence
    from htr.errors import InputError
    from htr.pipeline.files import write_whole

    if evaluation.trust is None:
        raise InputError(
            _("The predictions have no confidences, so there is nothing to draw."),
            hint=_("Files that `htr transcribe` has written have them."),
        )
    write_whole(file, report_confidence.diagram(evaluation.trust))
