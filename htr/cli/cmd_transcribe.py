"""`htr transcribe`: scans in, ALTO out."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from htr.i18n import _
from htr.settings import FILE_NAME, TranscribeSettings, default_jobs, read

_DEFAULT = TranscribeSettings()


def _defaults(ctx: click.Context, _option: click.Parameter, value: Path) -> None:
    ctx.default_map = {**(ctx.default_map or {}), **read(value).get("transcribe", {})}


@click.command(
    "transcribe",
    help=_(
        "Transcribe the pages of INPUT into one ALTO file each, below the folder -o.\n\n"
        "INPUT is any mix of folders, images (JPEG, PNG, WebP, TIFF, JPEG 2000), PDF files, ALTO "
        "or PAGE files with their image, and @list.txt with a path a line. Pages that are done "
        "already are left alone, so the same command goes on after an interruption."
    ),
    short_help=_("Transcribe scans into ALTO files."),
)
@click.argument("inputs", nargs=-1, required=True, metavar=_("INPUT..."))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar=_("FOLDER"),
    help=_("Where the ALTO files, extracted images and the run log go."),
)
@click.option("-r", "--recursive", is_flag=True, help=_("Take folders within folders too."))
@click.option(
    "--keep-layout",
    is_flag=True,
    help=_("Keep the lines of ALTO or PAGE files and recognise their text only."),
)
@click.option(
    "-m",
    "--model",
    metavar=_("NAME|FILE"),
    help=_("The recogniser: a name from `htr models list`, or a kraken model file."),
)
@click.option(
    "--segmenter",
    metavar=_("FILE"),
    help=_("The layout model; kraken's own baseline model if not given."),
)
@click.option(
    "--language-model",
    metavar=_("NAME|FILE|none"),
    help=_(
        "The language model that helps to read: a name from `htr models list`, a file that "
        "`htr train --task language` made, or none. If not given, the one that the recogniser "
        "comes with."
    ),
)
@click.option(
    "--lexicon",
    metavar=_("FILE"),
    help=_("Names and places that are likely to be there, one a line: they are read sooner."),
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 20),
    default=_DEFAULT.alternatives,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("How many other readings of each word the ALTO files keep."),
)
@click.option(
    "--device",
    default=_DEFAULT.device,
    show_default=True,
    metavar="cpu|cuda:N|mps",
    help=_("The processor or graphics card to work on."),
)
@click.option(
    "--direction",
    type=click.Choice(["ltr", "rtl"]),
    default=_DEFAULT.direction,
    show_default=True,
    help=_("The direction in which most of the text runs."),
)
@click.option(
    "--exact-layout",
    is_flag=True,
    help=_("Find lines by kraken's own steps, for comparison: the same lines, far more slowly."),
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=default_jobs,
    show_default=_("one a processor, as memory allows"),
    metavar=_("NUMBER"),
    help=_("How many pages to work on at a time, with a processor each."),
)
@click.option(
    "--dpi",
    type=click.IntRange(36, 1200),
    default=_DEFAULT.dpi,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("The resolution at which PDF pages that are not a single image are drawn."),
)
@click.option(
    "--max-pixels",
    type=click.IntRange(min=1),
    default=_DEFAULT.max_pixels,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("Refuse images with more pixels than this."),
)
@click.option(
    "--page-timeout",
    type=click.FloatRange(min=0),
    default=_DEFAULT.page_timeout,
    show_default=True,
    metavar=_("SECONDS"),
    help=_("Give a page up after this long; 0 for never."),
)
@click.option("--force", is_flag=True, help=_("Redo pages that are done already."))
@click.option(
    "--overwrite-corrections",
    is_flag=True,
    help=_("Redo even files that a person has corrected or another program has made."),
)
@click.option("-q", "--quiet", is_flag=True, help=_("Show errors only."))
@click.option("-v", "--verbose", is_flag=True, help=_("Show each page as it is done."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the summary as JSON."))
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=FILE_NAME,
    show_default=True,
    is_eager=True,
    expose_value=False,
    callback=_defaults,
    metavar=_("FILE"),
    help=_("A file with other defaults for these options."),
)
def command(
    inputs: tuple[str, ...],
    output: Path,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Run a batch and return its exit status."""
    from htr.batch.runner import transcribe
    from htr.cli.progress import Progress
    from htr.cli.report_run import exit_code, json_text, text

    names = {field.name for field in fields(TranscribeSettings)}
    settings = TranscribeSettings(**{key: options[key] for key in names})
    with Progress(quiet=quiet, verbose=verbose) as progress:
        summary = transcribe(inputs, output, settings, progress.observe)
    if as_json:
        click.echo(json_text(summary))
    elif not quiet:
        click.echo(text(summary), err=True)
    return exit_code(summary)
