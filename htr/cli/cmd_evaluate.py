"""`htr evaluate`: how good a transcription is, against the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from htr.i18n import _


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
def command(
    truth: Path,
    prediction: Path,
    normalise: Literal["none", "nfc", "loose"],
    match: Literal["lines", "page"],
    form: str,
    pages: int,
) -> None:
    """Print an evaluation."""
    from htr.cli.report_evaluation import as_json, table
    from htr.evaluation.evaluate import evaluate

    evaluation = evaluate(truth, prediction, normalisation=normalise, match=match)
    click.echo(as_json(evaluation) if form == "json" else table(evaluation, pages))
