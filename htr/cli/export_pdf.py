"""`htr export pdf`: a register as searchable PDF/A."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htr.cli.exporting import bar, described, max_pixels, output, quiet, report, sources
from htr.errors import UsageProblem
from htr.i18n import _

if TYPE_CHECKING:
    from htr.document.description import Description
    from htr.exchange.pdf.document import PdfOptions


@click.command(
    "pdf",
    help=_(
        "Write the pages of SOURCE, in order, as one PDF/A that can be searched: each page's image "
        "with its text lying invisibly over it. SOURCE is folders of ALTO files, or such files; "
        "their images lie where they say.\n\n"
        "JPEG and JPEG 2000 images are embedded unchanged, others without loss. A page that cannot "
        "be read stops the export, and nothing is written."
    ),
    short_help=_("Searchable PDF/A, images unchanged, ALTO attached."),
)
@sources
@output("OUT", _("The PDF file; with --one-per-page, the folder for the PDF files."))
@click.option("--one-per-page", is_flag=True, help=_("Write a PDF file for each page."))
@click.option(
    "--pdfa",
    type=click.Choice(["2b", "3b", "none"]),
    default="3b",
    show_default=True,
    help=_("PDF/A-3b has each page's ALTO attached; PDF/A-2b has not; or none, a plain PDF."),
)
@click.option(
    "--text",
    type=click.Choice(["best", "reviewed"]),
    default="best",
    show_default=True,
    help=_("All lines, or only those that a person has corrected."),
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("Leave out words of a lower confidence; words of unknown confidence stay."),
)
@click.option(
    "--dpi",
    type=click.FloatRange(36, 2400),
    metavar=_("NUMBER"),
    help=_("The scans' resolution, for the size of the pages; else the files' own, else 300."),
)
@click.option(
    "--image-quality",
    "quality",
    type=click.IntRange(1, 100),
    metavar=_("NUMBER"),
    help=_("Compress images anew as JPEG of this quality, for a smaller file."),
)
@click.option(
    "--max-dpi",
    type=click.FloatRange(36, 2400),
    metavar=_("NUMBER"),
    help=_("Make images of a higher resolution smaller."),
)
@click.option(
    "--bitonal", is_flag=True, help=_("Make all images black and white, for the smallest file.")
)
@max_pixels
@described
@quiet
def command(
    sources: tuple[Path, ...],
    output: Path,
    one_per_page: bool,
    description: Description,
    quiet: bool,
    **options: Any,
) -> int:
    """Write the PDF, or the PDFs."""
    from htr.exchange.folder import Outcome, write_each
    from htr.exchange.pdf.document import page_pdf, titled, write_register
    from htr.exchange.register import register

    settings = _settings(description, options)
    files = register(sources)
    if one_per_page:
        pages = bar(files, quiet=quiet)
        outcome = write_each(pages, output, ".pdf", lambda file: page_pdf(file, settings))
        return report(outcome, output, quiet=quiet)
    if output.is_dir():
        raise UsageProblem(
            _("This is a folder."), path=output, hint=_("Name a file, or give --one-per-page.")
        )
    settings = titled(settings, description.title or output.stem)
    write_register(bar(files, quiet=quiet), output, settings)
    return report(Outcome((output,)), output, quiet=quiet)


def _settings(description: Description, options: dict[str, Any]) -> PdfOptions:
    from datetime import UTC, datetime

    from htr import __version__
    from htr.exchange.pdf.document import PdfOptions
    from htr.exchange.pdf.images import ImageOptions
    from htr.exchange.pdf.metadata import Metadata

    if options["bitonal"] and options["quality"]:
        raise UsageProblem(
            _("--bitonal and --image-quality cannot go together."),
            hint=_("Black and white images are compressed without loss."),
        )
    images = ("dpi", "quality", "max_dpi", "bitonal", "max_pixels")
    return PdfOptions(
        metadata=Metadata(
            datetime.now(UTC).replace(microsecond=0), f"htr {__version__}", description
        ),
        images=ImageOptions(**{name: options[name] for name in images}),
        **{name: options[name] for name in ("pdfa", "text", "min_confidence")},
    )


COMMANDS: Mapping[str, click.Command] = {"pdf": command}
