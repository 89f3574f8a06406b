"""`htr corpus stats`: how much ground truth there is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from htr.cli.exporting import quiet as quiet_option
from htr.cli.exporting import sources as sources_argument
from htr.errors import ExitCode
from htr.i18n import _


@click.command(
    "stats",
    help=_(
        "Count pages, lines, words and characters, over all and by collection (the first folder "
        "below SOURCE) or document (the folder), and each character of the text."
    ),
    short_help=_("Count pages, lines, words and characters."),
)
@sources_argument
@click.option(
    "--by",
    type=click.Choice(["collection", "document"]),
    default="collection",
    show_default=True,
    help=_("What the rows of the table are."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print all of it as JSON for programs."))
@quiet_option
def command(
    sources: tuple[Path, ...],
    by: Literal["collection", "document"],
    as_json: bool,
    quiet: bool,
) -> int:
    """Print how much a corpus holds and return the exit status."""
    from htr.cli.report_amounts import statistics_json, statistics_text
    from htr.cli.ticking import ticking
    from htr.corpus.statistics import statistics
    from htr.exchange.register import register

    files = register(sources)
    with ticking(len(files), _("page"), quiet=quiet) as tick:
        found = statistics(files, by, tick)
    click.echo(statistics_json(found) if as_json else statistics_text(found))
    for error in found.failed:
        click.echo(_("Failed: {text}").format(text=error), err=True)
    return ExitCode.PAGES_FAILED if found.failed else ExitCode.OK
