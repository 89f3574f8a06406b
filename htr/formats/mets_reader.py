"""METS into its pages in order: each one's label, and the files that stand for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from lxml import etree

from htr.errors import BadXml
from htr.formats.media import media_type
from htr.formats.safe_xml import PathLike, children, local_name, parse
from htr.formats.values import number
from htr.i18n import _

Kind: TypeAlias = Literal["alto", "page_xml", "image"]

_HREF = "{http://www.w3.org/1999/xlink}href"
_WORDS = re.compile("[A-Z]+")
_ORDERS = ("PHYSICAL", "MANUSCRIPT")  # Transkribus has the latter
# Of several images of one page, the best: by what their group is called.
_BEST = ("MASTER", "MAX", "ORIGINAL", "ARCHIVE", "PRESERVATION", "IMG", "IMAGE", "DEFAULT")
_WORST = ("MEDIUM", "MIN", "THUMBS", "THUMBNAIL", "THUMB")
_NO_PAGES = frozenset(("TEI", "MODS", "DOWNLOAD", "PDF"))


@dataclass(frozen=True, slots=True)
class MetsPage:
    """A page of a METS file: its label, and its files' hrefs as the file has them.

    An href is a URI reference, percent-encoded, and comes from a stranger: it may be absolute, or
    lead out of the folder; eScriptorium's are not encoded. None where the page has no such file.
    An XML file that METS does not say to be ALTO or PAGE is under `alto`: its root says what it is.
    """

    label: str | None = None
    alto: str | None = None
    page_xml: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    href: str
    kind: Kind
    rank: int


def read_mets(data: bytes, *, path: PathLike | None = None) -> tuple[MetsPage, ...]:
    """Return the pages of a METS file in the order of its physical structMap; opens no other file.

    Of several files of one kind, a page has the image of the largest group and the last of the XML
    files, which in OCR-D's workspaces is the most worked on. Raises UnsafeXml for a DOCTYPE, and
    BadXml for anything that is not METS or names no page.
    """
    root = parse(data, path=path)
    if local_name(root) != "mets":
        raise BadXml(
            _("The file is XML, but not METS: its root element is <{name}>.").format(
                name=local_name(root)
            ),
            path=path,
            hint=_("Give the mets.xml of the export."),
        )
    files = {name: file for name, file in _files(root) if name}
    pages = tuple(
        _page(division, pointers)
        for division in _divisions(root)
        if (pointers := [files[name] for name in _pointers(division) if name in files])
    )
    if not pages:
        raise BadXml(
            _("The METS file names no page: no division of its structMap has files."),
            path=path,
            hint=_("Export it again with its images and texts, or give the folder of its files."),
        )
    return pages


def _files(root: etree._Element) -> Iterator[tuple[str, _File]]:
    for section in children(root, "fileSec"):
        for element in section.iter("{*}file"):
            locations = children(element, "FLocat")
            href = next((text for at in locations if (text := at.get(_HREF))), None)
            if href is not None and (file := _file(element, href)):
                yield element.get("ID", ""), file


def _file(element: etree._Element, href: str) -> _File | None:
    """Return a file if it is a page's image or text."""
    groups = element.iterancestors("{*}fileGrp")
    names = [group.get("USE") or group.get("ID") or "" for group in groups]
    # A file's own ID only counts it (`IMG_1`); its USE says what it is.
    uses = [element.get("USE") or "", *names]
    words = [word for use in uses for word in _WORDS.findall(use.upper())]
    media = (element.get("MIMETYPE") or "").lower()
    guessed = media_type(href.partition("#")[0].partition("?")[0])
    kind: Kind | None = None
    if _NO_PAGES.intersection(words):
        return None
    if media.startswith("image/") or (not media and guessed.startswith("image/")):
        kind = "image"
    elif "xml" in media or (not media and guessed == "application/xml"):
        is_page = "prima.page" in media or any(word in ("PAGE", "PAGEXML") for word in words)
        kind = "page_xml" if is_page else "alto"
    return _File(href, kind, _rank(words)) if kind else None


def _rank(words: Sequence[str]) -> int:
    """Return how good a copy an image is, the smaller the better, by its groups, nearest first."""
    for word in words:
        if word in _BEST:
            return _BEST.index(word)
        if word in _WORST:
            return len(_BEST) + 1 + _WORST.index(word)
    return len(_BEST)


def _divisions(root: etree._Element) -> Iterator[etree._Element]:
    """Return the divisions that may be pages, in order, of the structMap that orders pages."""
    maps = list(children(root, "structMap"))
    maps.sort(key=lambda found: found.get("TYPE", "").upper() not in _ORDERS)
    for element in maps[:1]:
        yield from _leaves(element)


def _leaves(parent: etree._Element) -> Iterator[etree._Element]:
    """Return the divisions below an element that have files and hold no others that do."""
    divisions = sorted(children(parent, "div"), key=_order)
    for division in divisions:
        below = list(_leaves(division))
        yield from below
        if not below and next(_pointers(division), None) is not None:
            yield division


def _order(division: etree._Element) -> float:
    place = number(division.get("ORDER"))
    return inf if place is None else place


def _pointers(division: etree._Element) -> Iterator[str]:
    """Return the IDs of a division's files, in order: of its fptr, and of the areas in these."""
    for pointer in children(division, "fptr"):
        for element in pointer.iter("{*}fptr", "{*}area"):
            if name := element.get("FILEID"):
                yield name


def _page(division: etree._Element, files: Sequence[_File]) -> MetsPage:
    images = sorted((file for file in files if file.kind == "image"), key=lambda file: file.rank)
    last: Mapping[Kind, str] = {file.kind: file.href for file in files}
    return MetsPage(
        label=division.get("LABEL") or division.get("ORDERLABEL") or None,
        alto=last.get("alto"),
        page_xml=last.get("page_xml"),
        image=images[0].href if images else None,
    )
