"""`htr corpus lines`: lines cut out for training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from htr.cli.exporting import output as output_option
from htr.cli.exporting import quiet as quiet_option
from htr.cli.exporting import sources as sources_argument
from htr.errors import NothingToDo
from htr.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from htr.corpus.text_line import TextLine


@click.command(
    "lines",
    help=_(
        "Cut the lines of pages out of their images, straighten them, and put them with their text "
        "into one tar, from which `htr train` learns faster than from pages. Of pages that htr has "
        "read, only the lines that people corrected are taken."
    ),
    short_help=_("Cut lines out for training."),
)
@sources_argument
@output_option(_("FILE.tar"), _("The tar to write."))
@click.option(
    "--height",
    type=click.IntRange(16, 256),
    default=96,
    show_default=True,
    metavar=_("PIXELS"),
    help=_("Make higher lines smaller, to this height."),
)
@click.option(
    "--split",
    "lists",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("FOLDER"),
    help=_("Say of each line which part it is of, by the lists of `htr corpus split`."),
)
@click.option(
    "--normalise",
    type=click.Choice(["nfc", "loose"]),
    default="nfc",
    show_default=True,
    help=_("The form of the text: Unicode's composed one, or also one kind of quotes and dashes."),
)
@click.option(
    "--without",
    multiple=True,
    metavar=_("TEXT"),
    help=_("Leave out lines with this in their text, such as XXX; may be given several times."),
)
@click.option("--all-lines", is_flag=True, help=_("Take lines that no person has seen, too."))
@quiet_option
def command(
    sources: tuple[Path, ...],
    output: Path,
    height: int,
    lists: Path | None,
    normalise: Literal["nfc", "loose"],
    without: tuple[str, ...],
    all_lines: bool,
    quiet: bool,
) -> None:
    """Write a tar of lines and say how many they are."""
    from htr.cli.ticking import ticking
    from htr.corpus.lines import Choice, read_lines
    from htr.corpus.splitting import read_split
    from htr.corpus.tars import write_tar
    from htr.pipeline.files import whole

    splits = None if lists is None else read_split(lists)
    choice = Choice(all_lines, normalise, without, height)
    with whole(output) as temporary, temporary.open("wb") as file:
        with ticking(None, _("line"), quiet=quiet) as tick:
            count = write_tar(_ticked(read_lines(sources, choice, None, splits), tick), file)
        if not count:
            raise NothingToDo(
                _("There is no line to learn from here."),
                path=" ".join(map(str, sources)),
                hint=_("Correct some pages first, or take all lines with --all-lines."),
            )
    if not quiet:
        text = ngettext("{n} line written: {place}", "{n} lines written: {place}", count)
        click.echo(text.format(n=count, place=output), err=True)


def _ticked(lines: Iterable[TextLine], tick: Callable[[], None]) -> Iterator[TextLine]:
    for line in lines:
        tick()
        yield line
