"""A register's pages into one PDF, streamed: images never lie in memory all together."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, NameTree, Pdf, Stream
from pikepdf.models.metadata import encode_pdf_date

from htr.document.page import Page as AltoPage
from htr.errors import BadXml
from htr.exchange.pdf.content import FONT, IMAGE, content
from htr.exchange.pdf.font import Codes, add_font
from htr.exchange.pdf.images import ImageOptions, Scan, embed
from htr.exchange.pdf.metadata import Bookmark, Metadata, PdfA, add_outline, describe, headings
from htr.exchange.pdf.placement import Sheet, Texts, place
from htr.exchange.register import PageFile
from htr.i18n import _

_BATCH = 32 * 2**20  # bytes of streams that are held before they go to a temporary file
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


def write_pdf(
    files: Iterable[PageFile], stream: BinaryIO, options: PdfOptions, *, scratch: Path | None = None
) -> None:
    """Write pages in order as one PDF to a stream that can be read and sought.

    With `3b` each page's ALTO file is attached to it. The pages' images go to nameless temporary
    files in `scratch` (None: the system's place for them), and from there to the stream. The same
    pages, options and tools make the same bytes. Raises InputError for the first page that cannot
    be read, and OSError where nothing can be written.
    """
    codes = Codes()
    bookmarks: list[Bookmark] = []
    with ExitStack() as stack:
        pdf = stack.enter_context(Pdf.new())
        batch, held = Pdf.new(), 0
        for file in files:
            bookmark, size = _add_page(batch, file, codes, options)
            bookmarks.append(bookmark)
            held += size
            if held >= _BATCH:
                _append(pdf, batch, stack, scratch)
                batch, held = Pdf.new(), 0
        _append(pdf, batch, stack, scratch)
        _finish(pdf, codes, bookmarks, options)
        pdf.save(stream, min_version="1.7", deterministic_id=True)


def _add_page(pdf: Pdf, file: PageFile, codes: Codes, options: PdfOptions) -> tuple[Bookmark, int]:
    """Add a page to a PDF; return its bookmark and the bytes that it holds."""
    alto = file.read()
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
    return AttachedFileSpec(
        pdf,
        data,
        filename=file.path.name,
        description=file.name,
        mime_type="text/xml",
        creation_date=date,
        mod_date=date,
        relationship=Name.Source,
    ).obj


def _append(pdf: Pdf, batch: Pdf, stack: ExitStack, scratch: Path | None) -> None:
    """Append a batch's pages to a PDF by way of a file, so that their streams leave the memory."""
    file = stack.enter_context(TemporaryFile(dir=scratch))  # noqa: SIM115
    with batch:
        batch.save(file)
    spooled = stack.enter_context(Pdf.open(file))
    pdf.pages.extend(spooled.pages)


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
