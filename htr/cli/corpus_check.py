"""`htr corpus check`: what is wrong with ground truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htr.cli.exporting import quiet as quiet_option
from htr.cli.exporting import sources as sources_argument
from htr.errors import ExitCode
from htr.i18n import _

if TYPE_CHECKING:
    from htr.corpus.reading import Reader


@click.command(
    "check",
    help=_(
        "Look through ground truth for what is wrong with it: missing images, lines without a "
        "place or without text, odd characters and where they stand, mixed Unicode forms, texts "
        "that cannot fit their image, lines with another line's text, and pages that the model "
        "reads so badly that their truth is likely wrong.\n\nThe exit status is 0 whatever is "
        "found; with --strict it is 8 where something is most likely a mistake."
    ),
    short_help=_("Find what is wrong with ground truth."),
)
@sources_argument
@click.option(
    "--model",
    metavar=_("NAME|FILE|none"),
    help=_("The recogniser to read the lines with, instead of the default one; `none` is quick."),
)
@click.option(
    "--rare",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("List characters that occur fewer times than this."),
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE.html"),
    help=_("Write all of it, with pictures of the lines, as one HTML page."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print all of it as JSON for programs."))
@click.option(
    "--shown",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("How many of each kind are printed."),
)
@click.option("--strict", is_flag=True, help=_("End with status 8 where there are mistakes."))
@click.option("--device", default="cpu", metavar=_("DEVICE"), help=_("cpu, cuda:0 or mps."))
@quiet_option
def command(
    sources: tuple[Path, ...],
    model: str | None,
    rare: int,
    report: Path | None,
    as_json: bool,
    shown: int,
    strict: bool,
    device: str,
    quiet: bool,
) -> int:
    """Print what is wrong with a corpus and return the exit status."""
    from htr.cli import report_corpus
    from htr.cli.ticking import ticking
    from htr.corpus.cache import LineCache
    from htr.corpus.check import Options, check
    from htr.exchange.register import register

    files = register(sources)
    name, reader = _reader(model, device)
    with ticking(len(files), _("page"), quiet=quiet) as tick:
        found = check(files, reader, Options(rare, LineCache()), tick, name)
    if report is not None:
        from htr.cli.corpus_html import page
        from htr.pipeline.files import write_whole

        write_whole(report, page(found))
    if as_json:
        click.echo(report_corpus.check_json(found))
    elif not quiet:
        click.echo(report_corpus.check_text(found, shown))
    if report is not None and not quiet:
        click.echo(_("Report: {file}").format(file=report), err=True)
    return ExitCode.PAGES_FAILED if strict and found.serious else ExitCode.OK


def _reader(model: str | None, device: str) -> tuple[str | None, Reader | None]:
    if model == "none":
        return None, None
    from htr.engine import EngineSpec
    from htr.engine.models import recogniser, segmenter

    file = recogniser(model)
    from htr.engine.line_model import LineModel

    return file.name, LineModel(EngineSpec(file, segmenter(None), device))
