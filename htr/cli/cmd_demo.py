"""`htr demo`: the sample register, transcribed and measured."""

from __future__ import annotations

from pathlib import Path

import click

from htr.i18n import _
from htr.settings import TranscribeSettings, default_jobs


@click.command(
    "demo",
    help=_(
        "Transcribe the sample register that ships with htr, compare the result with its ground "
        "truth, and say where the results lie."
    ),
    short_help=_("Try htr on its sample register."),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="demo-output",
    show_default=True,
    metavar=_("FOLDER"),
    help=_("Where the results go."),
)
def command(output: Path) -> int:
    """Run the demonstration and return its exit status."""
    from htr.batch.runner import transcribe
    from htr.cli.progress import Progress
    from htr.cli.report_evaluation import table
    from htr.cli.report_run import exit_code, text
    from htr.evaluation.evaluate import evaluate
    from htr.resources import data_folder

    sample = data_folder("sample")
    click.echo(_("Transcribing the sample register in {folder} …").format(folder=sample))
    with Progress(quiet=False, verbose=True) as progress:
        settings = TranscribeSettings(jobs=default_jobs())
        summary = transcribe([str(sample)], output, settings, progress.observe)
    if summary.failed or summary.interrupted:
        click.echo(text(summary), err=True)
        return exit_code(summary)
    evaluation = evaluate(sample, output, normalisation="loose", match="lines")
    click.echo("\n" + table(evaluation))
    click.echo(text(summary))
    click.echo(
        _("Each page has an ALTO file there, e.g. {file}; open it in any editor.").format(
            file=next(iter(sorted(output.glob("*.xml"))), output)
        )
    )
    return exit_code(summary)
