"""What a page's file says before its layout: quick to read, however long the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from htr.document.page import Step
from htr.errors import BadXml, EmptyFile
from htr.formats.alto_steps import steps
from htr.formats.safe_xml import (
    PathLike,
    child,
    child_text,
    children,
    local_name,
    refuse_doctype,
)
from htr.i18n import _

_ROOTS = ("alto", "PcGts")


@dataclass(frozen=True, slots=True)
class Header:
    """An ALTO file's image, as it names it, that image's SHA-256, and what was done to the page."""

    image_name: str
    image_sha256: str | None
    steps: tuple[Step, ...]


def read_header(path: Path) -> Header | None:
    """Return an ALTO file's header, without reading its layout.

    None where the file is missing, cannot be read, or is no ALTO up to its `Layout` element. What
    comes after that is not looked at.
    """
    try:
        with path.open("rb") as stream:
            root = next((el.getparent() for el in _starts(stream, path, "{*}Layout")), None)
        if root is None or local_name(root) != "alto":
            return None
    except (OSError, BadXml, etree.XMLSyntaxError):
        return None
    description = child(root, "Description")
    source = child(description, "sourceImageInformation")
    return Header(
        child_text(source, "fileName") or "", image_sha256(source), tuple(steps(description))
    )


def is_page(path: Path) -> bool:
    """Return whether an XML file is ALTO or PAGE by its root element; the rest is not looked at.

    Raises EmptyFile, BadXml where no root element can be read, UnsafeXml for a DOCTYPE, and
    OSError as the system has it.
    """
    if not path.stat().st_size:
        raise EmptyFile(
            _("The file is empty."), path=path, hint=_("Copy it again from its source.")
        )
    with path.open("rb") as stream:
        return root_name(stream, path=path) in _ROOTS


def root_name(stream: BinaryIO, *, path: PathLike | None = None) -> str:
    """Return the local name of an XML stream's root element; the rest is not looked at.

    Raises BadXml where no root element can be read, and UnsafeXml for a DOCTYPE.
    """
    try:
        return local_name(next(_starts(stream, path)))
    except etree.XMLSyntaxError as error:
        raise BadXml(
            _("The file is not well-formed XML ({reason}).").format(reason=error.msg),
            path=path,
            hint=_("Export it again, or take it out of the folder."),
        ) from error


def image_sha256(source: etree._Element | None) -> str | None:
    """Return the SHA-256 that our writer gives as the image's file identifier, or None."""
    for identifier in children(source, "fileIdentifier"):
        if identifier.get("fileIdentifierLocation") == "sha256":
            return identifier.text
    return None


def _starts(
    stream: BinaryIO, path: PathLike | None, tag: str | None = None
) -> Iterator[etree._Element]:
    refuse_doctype(stream, path=path)
    stream.seek(0)
    events = etree.iterparse(
        stream,
        events=("start",),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for _event, element in events:
        yield element
