"""`htr corpus normalise`: texts brought into one form by a table of replacements."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htr.cli.exporting import quiet as quiet_option
from htr.cli.exporting import sources as sources_argument
from htr.errors import ExitCode, UsageProblem
from htr.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(
    "normalise",
    help=_(
        "Replace what a table says in the texts of ALTO and PAGE files. Nothing is changed unless "
        "--apply is given: what would change is counted and shown.\n\nThe table is CSV or TSV "
        "(UTF-8) with the columns from, to and remark: text as it stands, or a regular expression "
        "after re:. Rules are applied one after the other. With --apply the files as they were are "
        "kept in a folder of their own; in the files nothing but text changes."
    ),
    short_help=_("Replace characters and words by a table."),
)
@sources_argument
@click.option(
    "--table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE.csv"),
    help=_("The table of replacements."),
)
@click.option("--nfc", is_flag=True, help=_("Bring text into Unicode's composed form first."))
@click.option("--apply", "applied", is_flag=True, help=_("Change the files."))
@click.option(
    "--backup",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("FOLDER"),
    help=_("Where the files as they were are kept; SOURCE-before-normalise-DATE, if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print all of it as JSON for programs."))
@quiet_option
def command(
    sources: tuple[Path, ...],
    table: Path | None,
    nfc: bool,
    applied: bool,
    backup: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show or make the replacements and return the exit status."""
    if table is None and not nfc:
        raise UsageProblem(
            _("There is nothing to replace."), hint=_("Name a table with --table, or give --nfc.")
        )
    from htr.cli.report_normalise import normalised_json, normalised_text
    from htr.cli.ticking import ticking
    from htr.corpus.normalising import normalise_pages
    from htr.corpus.replacements import collisions, composed, read_table
    from htr.exchange.register import register

    rules = [*([composed()] if nfc else []), *(read_table(table) if table else ())]
    files = register(sources)
    place = (backup or _beside(sources, datetime.now())) if applied else None
    with ticking(len(files), _("page"), quiet=quiet) as tick:
        found = normalise_pages(files, rules, place, tick)
    clashes = collisions(rules)
    if as_json:
        click.echo(normalised_json(found, clashes))
    elif not quiet:
        click.echo(normalised_text(found, clashes, place))
    for error in found.failed:
        click.echo(_("Failed: {text}").format(text=error), err=True)
    return ExitCode.PAGES_FAILED if found.failed else ExitCode.OK


def _beside(sources: Sequence[Path], date: datetime) -> Path:
    """Return the folder for the files as they were, beside the first source."""
    first = sources[0].resolve()
    folder = first if first.is_dir() else first.parent
    return folder.with_name(f"{folder.name}-before-normalise-{date:%Y%m%d-%H%M%S}")
