"""What a PDF says of itself: title, language, source, licence, that it is PDF/A, its colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, TypeAlias

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from pikepdf.models.metadata import encode_pdf_date
from PIL import ImageCms

from htr.document.description import Description

PdfA: TypeAlias = Literal["2b", "3b", "none"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said of a register and of its PDF; what is unknown or empty is left out.

    `date` has a time zone; `tool` is this program and its version.
    """

    date: datetime
    tool: str
    description: Description = field(default_factory=Description)


def describe(pdf: Pdf, metadata: Metadata, pdfa: PdfA) -> None:
    """Write the document's information dictionary and, saying the same, its XMP (ISO 16684-1).

    PDF/A's own entries and the output intent, sRGB, are added unless `pdfa` is `none`.
    """
    known = metadata.description
    _inform(pdf, metadata)
    date = metadata.date.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["xmp:CreatorTool"] = metadata.tool
        xmp["pdf:Producer"] = metadata.tool
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            xmp[name] = date
        if known.title:
            xmp["dc:title"] = known.title
        if known.creator:
            xmp["dc:creator"] = [known.creator]
        if known.language:
            xmp["dc:language"] = {known.language}
        if known.source:
            xmp["dc:description"] = known.source
            xmp["dc:source"] = known.source
        if known.licence:
            xmp["dc:rights"] = known.licence
            if known.licence.startswith(("http://", "https://")):
                xmp["xmpRights:WebStatement"] = known.licence
        if pdfa != "none":
            xmp["pdfaid:part"] = pdfa[0]
            xmp["pdfaid:conformance"] = pdfa[1].upper()
    if known.language:
        pdf.Root.Lang = String(known.language)
    if known.title:
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if pdfa != "none":
        pdf.Root.OutputIntents = Array([_output_intent(pdf)])


def _inform(pdf: Pdf, metadata: Metadata) -> None:
    known, date = metadata.description, encode_pdf_date(metadata.date)
    texts = {
        "/Title": known.title,
        "/Author": known.creator,
        "/Subject": known.source,
        "/Creator": metadata.tool,
        "/Producer": metadata.tool,
        "/CreationDate": date,
        "/ModDate": date,
    }
    for name, text in texts.items():
        if text:
            pdf.docinfo[name] = String(text)


def _output_intent(pdf: Pdf) -> Dictionary:
    profile = Stream(pdf, srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )


@cache
def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB, the same bytes whenever it is made."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    created = slice(24, 36)  # ICC.1:2004-10, 7.2.1
    return profile[: created.start] + bytes(12) + profile[created.stop :]
