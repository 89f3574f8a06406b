"""XML from strangers: parsed without DTDs, entities or network; and helpers over its elements."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from typing import BinaryIO, NoReturn, TypeAlias

from lxml import etree

from htr.errors import BadXml, UnsafeXml
from htr.i18n import _

PathLike: TypeAlias = str | os.PathLike[str]

_PIECE = 1024  # bytes: little more than a prolog
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(data: bytes, *, path: PathLike | None = None) -> etree._Element:
    """Parse an XML file's bytes, in any encoding that it declares, into its root element.

    Raises UnsafeXml for any DOCTYPE before its entities are so much as declared, and BadXml where
    the bytes are not well-formed XML.
    """
    refuse_doctype(io.BytesIO(data), path=path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.parse(io.BytesIO(data), parser).getroot()
    except etree.XMLSyntaxError as error:
        reason = _("The file is empty.") if not data else _not_well_formed(error)
        hint = _("Copy or export the file again from where it came from.")
        raise BadXml(reason, path=path, hint=hint) from error


def _not_well_formed(error: etree.XMLSyntaxError) -> str:
    message = _("The file is not well-formed XML: {reason}.")
    # libxml2's reason ends in the line and column.
    return message.format(reason=str(error.msg).rstrip("."))


def refuse_doctype(stream: BinaryIO, *, path: PathLike | None = None) -> None:
    """Read no more than the prolog of the XML in a stream; raise UnsafeXml if it has a DOCTYPE."""
    parser = etree.XMLParser(
        target=_Prolog(), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        while piece := stream.read(_PIECE):
            parser.feed(piece)
    except _DoctypeSeen:
        raise UnsafeXml(
            _("The file has a DOCTYPE, by which XML can open other files or exhaust the memory."),
            path=path,
            hint=_("If you trust the file, remove the line with <!DOCTYPE and try again."),
        ) from None
    except (_RootSeen, etree.XMLSyntaxError):
        return  # what is wrong with it, if anything, the parser proper will say


class _DoctypeSeen(Exception):
    pass


class _RootSeen(Exception):
    pass


class _Prolog:
    """A parser target that stops at the DOCTYPE or at the root element, whichever comes first."""

    def doctype(self, *_names: str | None) -> NoReturn:
        raise _DoctypeSeen

    def start(self, *_tag: object) -> NoReturn:
        raise _RootSeen

    def end(self, tag: str | bytes) -> None:
        pass

    def data(self, data: str | bytes) -> None:
        pass

    def comment(self, text: str | bytes) -> None:
        pass

    def close(self) -> None:
        pass


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Return an element's children of these local names, whatever their namespace, in order."""
    if element is None:
        return iter(())
    return element.iterchildren(*(f"{{*}}{name}" for name in names))


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return an element's first child of a local name, or None."""
    return next(children(element, name), None)


def child_text(element: etree._Element | None, name: str) -> str | None:
    """Return the text of the first child of a local name; None if there is no such child."""
    found = child(element, name)
    return None if found is None else found.text or ""


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(etree.QName(element).localname)


def legal(text: str) -> str:
    """Return text with the characters that XML 1.0 forbids (section 2.2) as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)
