"""`htr export page|hocr|tei|text|csv|json`: the formats that make a file of a page, or of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from htr.cli.exporting import bar, described, language, output, quiet, report, sources
from htr.i18n import _

if TYPE_CHECKING:
    from htr.document.description import Description
    from htr.document.page import Page

_FOLDER = _("FOLDER")
_FILE = _("FILE")


def _write_each(
    sources: tuple[Path, ...],
    output: Path,
    suffix: str,
    write: Callable[[Page, int], bytes],
    *,
    quiet: bool,
) -> int:
    """Write a file for each page, from the page and its place in the register from 0."""
    from htr.exchange.folder import write_each
    from htr.exchange.register import PageFile, register

    files = register(sources)
    places = {file: place for place, file in enumerate(files)}

    def convert(file: PageFile) -> bytes:
        return write(file.read_from((output / file.name).parent), places[file])

    outcome = write_each(bar(files, quiet=quiet), output, suffix, convert)
    return report(outcome, output, quiet=quiet)


def _write_one(
    sources: tuple[Path, ...],
    output: Path,
    write: Callable[[Iterator[tuple[str, Page]]], bytes],
    *,
    quiet: bool,
) -> int:
    """Write one file from (name, page) pairs."""
    from htr.exchange.folder import write_one
    from htr.exchange.register import register

    outcome = write_one(bar(register(sources), quiet=quiet), output, write)
    return report(outcome, output, quiet=quiet)


@click.command(
    "page",
    help=_(
        "Write a PAGE XML file for each page of SOURCE below the folder -o, for Transkribus, "
        "eScriptorium, kraken and OCR-D: regions, lines, baselines, words and letters with their "
        "boxes and confidences, corrections and steps. PAGE counts in whole pixels."
    ),
    short_help=_("PAGE XML: regions, lines, words and letters."),
)
@sources
@output(_FOLDER, _("Where the PAGE files go."))
@click.option(
    "--version",
    type=click.Choice(["2019", "2024"]),
    default="2019",
    show_default=True,
    help=_("The version of the format; most programs read 2019."),
)
@quiet
def page(
    sources: tuple[Path, ...], output: Path, version: Literal["2019", "2024"], quiet: bool
) -> int:
    """Write PAGE files."""
    from datetime import UTC, datetime

    from htr import __version__
    from htr.formats.page_writer import write_page

    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def write(page: Page, _place: int) -> bytes:
        return write_page(page, creator=f"htr {__version__}", created=created, version=version)

    return _write_each(sources, output, ".xml", write, quiet=quiet)


@click.command(
    "hocr",
    help=_(
        "Write an hOCR file for each page of SOURCE below the folder -o, for OCRmyPDF, hocr-tools "
        "and browsers: regions, lines and words with their boxes and confidences. hOCR counts in "
        "whole pixels and has straight baselines."
    ),
    short_help=_("hOCR: regions, lines and words, as web pages."),
)
@sources
@output(_FOLDER, _("Where the hOCR files go."))
@language
@quiet
def hocr(sources: tuple[Path, ...], output: Path, language: str | None, quiet: bool) -> int:
    """Write hOCR files."""
    from htr import __version__
    from htr.formats.hocr_writer import write_hocr

    def write(page: Page, place: int) -> bytes:
        return write_hocr(page, system=f"htr {__version__}", number=place, language=language)

    return _write_each(sources, output, ".hocr", write, quiet=quiet)


@click.command(
    "json",
    help=_(
        "Write a JSON file for each page of SOURCE below the folder -o, for programs of your own: "
        "everything that the ALTO says, without loss."
    ),
    short_help=_("JSON: everything, for programs of your own."),
)
@sources
@output(_FOLDER, _("Where the JSON files go."))
@quiet
def json(sources: tuple[Path, ...], output: Path, quiet: bool) -> int:
    """Write JSON files."""
    from htr.formats.json_page import write_json

    return _write_each(sources, output, ".json", lambda page, _place: write_json(page), quiet=quiet)


@click.command(
    "text",
    help=_(
        "Write the text of SOURCE, a line a line, with a blank line between regions: into a folder "
        "a file for each page, or into one file, with a form feed between pages, where OUT ends in "
        ".txt."
    ),
    short_help=_("Plain text, with its lines and pages."),
)
@sources
@output(_("OUT"), _("A folder, or a file that ends in .txt."))
@click.option(
    "--join-hyphens",
    is_flag=True,
    help=_("Make words that a hyphen splits at a line's end whole, on the line where they begin."),
)
@quiet
def text(sources: tuple[Path, ...], output: Path, join_hyphens: bool, quiet: bool) -> int:
    """Write text files, or one."""
    from htr.formats.plain_text import write_text

    def write(pages: Iterable[Page]) -> bytes:
        return write_text(pages, join_hyphens=join_hyphens)

    if output.suffix.lower() != ".txt":
        return _write_each(sources, output, ".txt", lambda page, _place: write([page]), quiet=quiet)
    return _write_one(
        sources, output, lambda found: write(page for _name, page in found), quiet=quiet
    )


@click.command(
    "csv",
    help=_(
        "Write the lines of SOURCE as one table: a row a line, with page, region, line, text, "
        "confidence, whether a person has corrected it, and its box in pixels."
    ),
    short_help=_("A table with a row a line."),
)
@sources
@output(_FILE, _("The CSV file."))
@click.option(
    "--excel",
    is_flag=True,
    help=_("For Excel as it is set in France: semicolons, decimal commas, accents kept."),
)
@quiet
def csv(sources: tuple[Path, ...], output: Path, excel: bool, quiet: bool) -> int:
    """Write the table."""
    from htr.formats.lines_csv import write_csv

    return _write_one(sources, output, lambda found: write_csv(found, excel=excel), quiet=quiet)


@click.command(
    "tei",
    help=_(
        "Write the pages of SOURCE as one TEI document, for editions: a facsimile with a zone for "
        "each region and line, and a text whose page and line beginnings point at them. Words that "
        "the machine was unsure of are marked as unclear, with its certainty."
    ),
    short_help=_("TEI: a facsimile with zones, and the text."),
)
@sources
@output(_FILE, _("The TEI file."))
@click.option(
    "--unclear-below",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    metavar=_("NUMBER"),
    help=_("Mark words of a lower confidence as unclear; 0 for none."),
)
@described
@quiet
def tei(
    sources: tuple[Path, ...],
    output: Path,
    unclear_below: float,
    description: Description,
    quiet: bool,
) -> int:
    """Write the TEI document."""
    from datetime import UTC, datetime

    from htr import __version__
    from htr.formats.tei_writer import write_tei

    def write(found: Iterator[tuple[str, Page]]) -> bytes:
        return write_tei(
            found,
            replace(description, title=description.title or output.stem),
            software="htr",
            version=__version__,
            date=datetime.now(UTC).date().isoformat(),
            unclear_below=unclear_below,
        )

    return _write_one(sources, output, write, quiet=quiet)


COMMANDS: Mapping[str, click.Command] = {
    command.name: command for command in (page, hocr, tei, text, csv, json) if command.name
}
