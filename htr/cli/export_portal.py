"""`htr export mets`, `iiif` and `escriptorium`: a register for portals and viewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from htr.cli.exporting import bar, described, max_pixels, output, quiet, report, sources
from htr.errors import UsageProblem
from htr.i18n import _

if TYPE_CHECKING:
    from htr.document.description import Description

_LOCAL = "http://localhost:8000"


def _url(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise click.BadParameter(_("give an address that begins with http:// or https://"))
    return value


_image_base = click.option(
    "--image-base",
    callback=_url,
    metavar=_("URL"),
    help=_(
        "Where the images are served, instead of copying them: their names are put after it, or "
        "where it says {name} or {stem} (the name without its suffix)."
    ),
)


@click.command(
    "mets",
    help=_(
        "Write the pages of SOURCE as a METS package into the folder -o: mets.xml, the ALTO files "
        "and copies of the images, as portals and DFG-Viewer take it."
    ),
    short_help=_("METS with images and ALTO, for a portal."),
)
@sources
@output(_("FOLDER"), _("The folder for the package."))
@click.option(
    "--no-images",
    "copied",
    is_flag=True,
    flag_value=False,
    default=True,
    help=_("Leave the images where they are; the METS names them from there."),
)
@_image_base
@described
@quiet
def mets(
    sources: tuple[Path, ...],
    output: Path,
    description: Description,
    copied: bool,
    image_base: str | None,
    quiet: bool,
) -> int:
    """Write the package."""
    from htr import __version__
    from htr.exchange.mets import MetsOptions, spare, write_package
    from htr.exchange.register import register

    files = register(sources)
    spare(files, output)
    options = MetsOptions(
        description=_titled(description, output),
        created=_now().isoformat(),
        software=f"htr {__version__}",
        copy_images=copied,
        image_base=image_base,
    )
    outcome = write_package(bar(files, quiet=quiet), output, options)
    return report(outcome, output, quiet=quiet)


@click.command(
    "iiif",
    help=_(
        "Write the pages of SOURCE as a IIIF Presentation 3 manifest into the folder -o, with an "
        "annotation page of lines and words for each. Without --image-base the images are copied "
        "too, those that browsers do not show (TIFF, JPEG 2000) as JPEG."
    ),
    short_help=_("IIIF manifest and annotations, for viewers."),
)
@sources
@output(_("FOLDER"), _("The folder for the manifest, annotations and images."))
@click.option(
    "--base",
    callback=_url,
    default=_LOCAL,
    show_default=True,
    metavar=_("URL"),
    help=_("Where the folder will be served: all addresses in it begin so."),
)
@_image_base
@click.option(
    "--image-api",
    type=click.Choice(["2", "3"]),
    default="3",
    show_default=True,
    help=_("The version of IIIF Image API that is spoken at --image-base."),
)
@click.option("--words/--no-words", default=True, help=_("Annotate words too, or lines only."))
@max_pixels
@described
@quiet
def iiif(
    sources: tuple[Path, ...],
    output: Path,
    description: Description,
    base: str,
    image_base: str | None,
    image_api: str,
    words: bool,
    max_pixels: int,
    quiet: bool,
) -> int:
    """Write the manifest and what belongs to it."""
    from htr.exchange.iiif import IiifOptions, write_presentation
    from htr.exchange.register import register

    version: Literal[2, 3] = 2 if image_api == "2" else 3
    options = IiifOptions(
        description=_titled(description, output),
        base=base,
        max_pixels=max_pixels,
        image_base=image_base,
        image_api=version,
        words=words,
    )
    outcome = write_presentation(bar(register(sources), quiet=quiet), output, options)
    if base == _LOCAL and not quiet:
        click.echo(_("For this computer only: give --base before you publish it."), err=True)
    return report(outcome, output, quiet=quiet)


@click.command(
    "escriptorium",
    help=_(
        "Write the pages of SOURCE as one zip that eScriptorium imports: images, ALTO with one "
        "text a line, and METS."
    ),
    short_help=_("Zip that eScriptorium imports."),
)
@sources
@output(_("FILE"), _("The zip file."))
@described
@quiet
def escriptorium(
    sources: tuple[Path, ...], output: Path, description: Description, quiet: bool
) -> int:
    """Write the zip."""
    from htr import __version__
    from htr.exchange.escriptorium import ZipOptions, write_zip
    from htr.exchange.register import register

    if output.is_dir():
        raise UsageProblem(_("This is a folder."), path=output, hint=_("Name a file with -o."))
    options = ZipOptions(_titled(description, output), _now(), f"htr {__version__}")
    outcome = write_zip(bar(register(sources), quiet=quiet), output, options)
    return report(outcome, output, quiet=quiet)


def _titled(description: Description, output: Path) -> Description:
    return replace(description, title=description.title or output.resolve().stem)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


COMMANDS: Mapping[str, click.Command] = {"mets": mets, "iiif": iiif, "escriptorium": escriptorium}
