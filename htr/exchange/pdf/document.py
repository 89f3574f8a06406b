"""A register's pages into one PDF, streamed: images never lie in memory all together."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from pikepdf import (
    AccessMode,
    Array,
    AttachedFileSpec,
    Dictionary,
    Job,
    Name,
    NameTree,
    Pdf,
    Stream,
    pdfa,
)
from pikepdf.models.metadata import encode_pdf_date

from htr.document.page import Page as AltoPage
from htr.errors import BadXml, OutputError
from htr.exchange.pdf.content import FONT, IMAGE, content
from htr.exchange.pdf.font import Codes, add_font
from htr.exchange.pdf.images import ImageOptions, Scan, embed
from htr.exchange.pdf.metadata import Metadata, PdfA, describe
from htr.exchange.pdf.outline import Bookmark, add_outline, headings
from htr.exchange.pdf.placement import Sheet, Texts, place
from htr.exchange.register import PageFile
from htr.i18n import _
from htr.pipeline.files import whole

_HELD = 32 * 2**20  # bytes of pages that are held before they go to a temporary file
_ATTACHED = "/HtrAttached"  # where a page's attachment waits for the document's last part
_SLACK = 0.02  # how far the proportions of ALTO's page may be from its image's


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """How a register becomes a PDF: see `place`, `ImageOptions` and `Metadata`."""

    metadata: Metadata
    images: ImageOptions = field(default_factory=ImageOptions)
    pdfa: PdfA = "3b"
    text: Texts = "best"
    min_confidence: float = 0.0


def write_register(files: Iterable[PageFile], target: Path, options: PdfOptions) -> None:
    """Write pages in order as one PDF file, which appears whole or not at all.

    Raises what `write_pdf` raises, DiskFull and OutputError.
    """
    with whole(target) as temporary, temporary.open("w+b") as stream:
        write_pdf(files, stream, options, scratch=target.parent)


def page_pdf(file: PageFile, options: PdfOptions) -> bytes:
    """Return one page as a PDF of its own, with its name in the title; raises as `write_pdf`."""
    title = ", ".join(filter(None, (options.metadata.description.title, file.name)))
    stream = BytesIO()
    write_pdf([file], stream, titled(options, title))
    return stream.getvalue()


def titled(options: PdfOptions, title: str) -> PdfOptions:
    """Return options with another title."""
    description = replace(options.metadata.description, title=title)
    return replace(options, metadata=replace(options.metadata, description=description))


def write_pdf(
    files: Iterable[PageFile],
    stream: BinaryIO,
    options: PdfOptions,
    *,
    scratch: Path | None = None,
) -> None:
    """Write pages in order as one PDF to a stream that can be read and sought, at its start.

    With `3b` each page's ALTO file is attached. The pages go by way of temporary files in `scratch`
    (None: the system's place for them). The same pages, options and tools make the same bytes.
    Raises InputError for the first page that cannot be read, OutputError where the PDF would break
    a rule of PDF/A, and OSError where it cannot be written.
    """
    codes = Codes()
    bookmarks: list[Bookmark] = []
    with ExitStack() as stack:
        parts: list[Path] = []
        for part in _parts(files, codes, bookmarks, options):
            parts.append(_temporary(stack, scratch))
            with part:
                part.save(parts[-1])
        merged = _temporary(stack, scratch)
        _merge(parts, merged)
        pdf = stack.enter_context(Pdf.open(merged, access_mode=AccessMode.stream))
        _finish(pdf, codes, bookmarks, options)
        pdf.save(stream, min_version="1.7", deterministic_id=True)
    if options.pdfa != "none":
        _check(stream, options.pdfa)


def _parts(
    files: Iterable[PageFile], codes: Codes, bookmarks: list[Bookmark], options: PdfOptions
) -> Iterator[Pdf]:
    """Yield the pages as PDFs small enough to hold, each of a page or more."""
    part, held = Pdf.new(), 0
    for file in files:
        bookmark, size = _add_page(part, file, codes, options)
        bookmarks.append(bookmark)
        held += size
        if held >= _HELD:
            yield part
            part, held = Pdf.new(), 0
    if len(part.pages):
        yield part


def _temporary(stack: ExitStack, folder: Path | None) -> Path:
    file = NamedTemporaryFile(dir=folder, prefix=".", suffix=".htr-tmp")  # noqa: SIM115
    return Path(stack.enter_context(file).name)


def _merge(parts: Sequence[Path], merged: Path) -> None:
    """Write the pages of several PDFs into one: by qpdf itself, for pikepdf would hold them all."""
    pages = [{"file": str(part)} for part in parts]
    Job({"empty": "", "pages": pages, "outputFile": str(merged), "deterministicId": ""}).run()


def _add_page(pdf: Pdf, file: PageFile, codes: Codes, options: PdfOptions) -> tuple[Bookmark, int]:
    """Add a page to a PDF; return its bookmark and the bytes that it holds."""
    alto = file.read(letters=False)
    scan = embed(pdf, file.image(alto), options.images)
    sheet = _sheet(alto, scan, file.path)
    lines = place(alto, sheet, min_confidence=options.min_confidence, text=options.text)
    data = content(sheet, lines, codes, orientation=scan.orientation)
    page = pdf.add_blank_page(page_size=(sheet.width, sheet.height))
    page.Contents = Stream(pdf, data)
    page.Resources = Dictionary(XObject=Dictionary({IMAGE: scan.image}))
    size = len(data) + int(scan.image.Length)
    if options.pdfa == "3b":
        attached = file.path.read_bytes()
        page.obj[_ATTACHED] = _attachment(pdf, file, attached)
        size += len(attached)
    entries = tuple(
        replace(heading, top=sheet.height - heading.top * sheet.height / sheet.pixels[1])
        for heading in headings(alto)
    )
    return Bookmark(file.name, entries), size


def _sheet(page: AltoPage, scan: Scan, path: Path) -> Sheet:
    pixels = (page.image.width or scan.pixels[0], page.image.height or scan.pixels[1])
    if abs(pixels[0] * scan.pixels[1] / (pixels[1] * scan.pixels[0]) - 1) > _SLACK:
        message = _("This layout is of an image of {w} x {h} pixels, but {name} has {iw} x {ih}.")
        raise BadXml(
            message.format(
                w=pixels[0], h=pixels[1], name=page.image.name, iw=scan.pixels[0], ih=scan.pixels[1]
            ),
            path=path,
            hint=_("Put the image that the layout was made on beside it."),
        )
    return Sheet(round(scan.width, 2), round(scan.height, 2), pixels)


def _attachment(pdf: Pdf, file: PageFile, data: bytes) -> Dictionary:
    """Return the specification of a page's ALTO, the source of its text (ISO 19005-3, 6.8)."""
    date = encode_pdf_date(datetime.fromtimestamp(file.path.stat().st_mtime, UTC))
    attached = AttachedFileSpec(
        pdf,
        data,
        filename=file.path.name,
        description=file.name,
        mime_type="text/xml",
        creation_date=date,
        mod_date=date,
        relationship=Name.Source,
    ).obj
    # XML packs well at once; the usual level takes as long as the page's text does.
    attached.EF.F.write(zlib.compress(data, 1), filter=Name.FlateDecode)
    return attached


def _finish(pdf: Pdf, codes: Codes, bookmarks: list[Bookmark], options: PdfOptions) -> None:
    """Give a PDF whose pages are there all that they share."""
    font = add_font(pdf, codes.clusters)
    for page in pdf.pages:
        page.Resources.Font = Dictionary({FONT: font})
    if options.pdfa == "3b":
        # The whole document's, not each its page's: validators other than veraPDF know no more.
        files = [page.obj[_ATTACHED] for page in pdf.pages]
        tree = NameTree.new(pdf)
        for page, file, bookmark in zip(pdf.pages, files, bookmarks, strict=True):
            tree[f"{bookmark.title}.xml"] = file
            del page.obj[_ATTACHED]
        pdf.Root.Names = Dictionary(EmbeddedFiles=tree.obj)
        pdf.Root.AF = Array(files)
    add_outline(pdf, bookmarks)
    describe(pdf, options.metadata, options.pdfa)


def _check(stream: BinaryIO, flavour: str) -> None:
    """Raise OutputError where a PDF breaks a rule of PDF/A that pikepdf's validator knows.

    What the validator cannot read, as JPEG 2000, is no breach.
    """
    stream.seek(0)
    violations = pdfa.validate_written(stream, flavour).violations
    if violations:
        raise OutputError(
            _("The PDF would not be PDF/A: {reason}").format(reason=violations[0]),
            hint=_("Please report it; `--pdfa none` writes a PDF all the same."),
        )
