"""`htr corpus split`: pages to learn from, to choose by and to test on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from htr.cli.exporting import output as output_option
from htr.cli.exporting import quiet as quiet_option
from htr.cli.exporting import sources as sources_argument
from htr.errors import UsageProblem
from htr.i18n import _


class Share(click.ParamType):
    """A share as people write it, `10%` or `0.1`, as a float in 0..1."""

    name = "share"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the share, or fail with a usage error."""
        if isinstance(value, float):
            return value
        text = str(value).strip().replace(",", ".")
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share < 1:
            self.fail(_("give a share, such as 10% or 0.1"), param, ctx)
        return share


@click.command(
    "split",
    help=_(
        "Divide pages into lists to learn from (train), to choose by (val) and to test on (test): "
        "text files in the folder -o, usable as @train.txt, and split.toml, which says what was "
        "done. No page, document or hand is in two lists; the parts are measured in characters. "
        "The same command makes the same lists."
    ),
    short_help=_("Divide pages into train, val and test."),
)
@sources_argument
@output_option(_("FOLDER"), _("The folder of the lists."))
@click.option(
    "--by",
    type=click.Choice(["page", "document", "hand"]),
    default="document",
    show_default=True,
    help=_("What stays together: a page, all pages of a folder, or all pages of a hand."),
)
@click.option(
    "--hands",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE.csv"),
    help=_("A table with the columns page and hand; pages that it has not go by their folder."),
)
@click.option(
    "--val",
    type=Share(),
    default="10%",
    show_default=True,
    metavar=_("SHARE"),
    help=_("The share to choose by."),
)
@click.option(
    "--test",
    type=Share(),
    default="10%",
    show_default=True,
    metavar=_("SHARE"),
    help=_("The share to test on."),
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("Another number draws other lists."),
)
@quiet_option
def command(
    sources: tuple[Path, ...],
    output: Path,
    by: Literal["page", "document", "hand"],
    hands: Path | None,
    val: float,
    test: float,
    seed: int,
    quiet: bool,
) -> None:
    """Write the lists and print how large they are."""
    if val + test >= 1:
        raise UsageProblem(
            _("Nothing would be left to learn from."), hint=_("Make --val and --test smaller.")
        )
    if hands is not None and by != "hand":
        raise UsageProblem(_("--hands says who wrote each page."), hint=_("Add --by hand."))
    from htr.cli.report_amounts import parts_text
    from htr.corpus.splitting import read_hands, split_pages, write_split
    from htr.exchange.register import register

    files = register(sources)
    known = read_hands(hands, files) if hands is not None else None
    shares = {"train": 1 - val - test, "val": val, "test": test}
    parts = split_pages(files, by, shares, seed, known)
    write_split(parts, output, by=by, seed=seed, sources=[str(source) for source in sources])
    if not quiet:
        click.echo(parts_text(parts))
        click.echo(_("Lists: {folder}").format(folder=output), err=True)
