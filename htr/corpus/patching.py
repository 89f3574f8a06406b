"""A changed XML tree as bytes that differ from the file's only where the tree differs.

Writing a tree out anew changes a file in many places that mean nothing (how attributes are quoted
and broken into lines, where spaces stand in tags), which drowns the few that do when versions are
compared. So attributes and texts are replaced in the file's own bytes, at the places that expat
tells, and the result is parsed again: where it is not the tree that was wanted, the tree is written
out after all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

from htr.errors import BadXml
from htr.formats.safe_xml import local_name, refuse_doctype
from htr.i18n import _
from htr.imaging.faults import opened

_ATTRIBUTE = rb"""\s+([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')"""
_START = re.compile(rb"<[^\s<>/]+(?:" + _ATTRIBUTE + rb")*\s*/?>")
_NAMED = re.compile(_ATTRIBUTE)
_PLAIN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_QUOTED = _PLAIN | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A file's bytes and the tree that they are, comments and all."""

    data: bytes
    root: etree._Element


@dataclass(frozen=True, slots=True)
class _Patch:
    start: int
    end: int
    data: bytes


def open_page(path: Path) -> XmlFile:
    """Return an ALTO or PAGE file; raises NotFound and the like, BadXml and UnsafeXml."""
    with opened(path) as file:
        data = file.read()
    refuse_doctype(BytesIO(data), path=path)
    try:
        root = _parsed(data)
    except etree.XMLSyntaxError as error:
        raise BadXml(
            _("The file is not well-formed XML ({reason}).").format(reason=error.msg),
            path=path,
            hint=_("Copy or export the file again from where it came from."),
        ) from error
    if local_name(root) not in ("alto", "PcGts"):
        raise BadXml(
            _("The file is XML, but neither ALTO nor PAGE."),
            path=path,
            hint=_("ALTO begins with <alto>, PAGE with <PcGts>: export the page in one of them."),
        )
    return XmlFile(data, root)


def patched(data: bytes, root: etree._Element) -> bytes:
    """Return the bytes of a file whose tree has become `root`, as like to `data` as may be."""
    info = root.getroottree().docinfo
    encoding = info.encoding or "UTF-8"
    try:
        found = _put(data, list(_patches(data, _parsed(data), root, encoding)))
        if _canonical(_parsed(found)) == _canonical(root):
            return found
    except (expat.ExpatError, etree.XMLSyntaxError, LookupError, ValueError):
        pass  # an encoding that expat does not know, or elements that have gone
    standalone: Any = info.standalone  # lxml takes None, which the stubs do not know
    buffer = BytesIO()
    root.getroottree().write(
        buffer,
        encoding=encoding,
        xml_declaration=data.removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml"),
        standalone=standalone,
    )
    return buffer.getvalue()


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    return etree.parse(BytesIO(data), parser).getroot()


def _canonical(root: etree._Element) -> bytes:
    buffer = BytesIO()
    root.getroottree().write_c14n(buffer)
    return buffer.getvalue()


def _patches(
    data: bytes, old: etree._Element, new: etree._Element, encoding: str
) -> Iterator[_Patch]:
    """Yield what must change in the bytes; raises ValueError where elements came or went."""
    places = _places(data)
    pairs = zip(old.iter("{*}*"), new.iter("{*}*"), places, strict=True)
    for before, after, (start, end) in pairs:
        if before.tag != after.tag:
            raise ValueError(after.tag)
        if before.attrib == after.attrib and (before.text == after.text or len(before)):
            continue
        tag = _START.match(data, start)
        if tag is None:
            raise ValueError(after.tag)
        for name, value in after.attrib.items():
            if before.get(name) != value:
                yield _attribute(data, tag, str(name), str(value), encoding)
        if before.text != after.text:
            yield _Patch(tag.end(), end, _coded(after.text or "", _PLAIN, encoding))


def _attribute(data: bytes, tag: re.Match[bytes], name: str, value: str, encoding: str) -> _Patch:
    for match in _NAMED.finditer(data, tag.start(), tag.end()):
        if match[1] == name.encode(encoding):
            coded = b'"' + _coded(value, _QUOTED, encoding) + b'"'
            return _Patch(match.start(2), match.end(2), coded)
    raise ValueError(name)


def _coded(text: str, entities: Mapping[int, str], encoding: str) -> bytes:
    return text.translate(entities).encode(encoding, "xmlcharrefreplace")


def _places(data: bytes) -> list[tuple[int, int]]:
    """Return where each element's start tag begins, and where its end tag does, in bytes."""
    places: list[tuple[int, int]] = []
    around: list[int] = []
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: object) -> None:
        around.append(len(places))
        places.append((parser.CurrentByteIndex, -1))

    def end(_name: str) -> None:
        number = around.pop()
        places[number] = (places[number][0], parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return places


def _put(data: bytes, patches: Sequence[_Patch]) -> bytes:
    pieces = []
    at = 0
    for patch in sorted(patches, key=lambda patch: patch.start):
        pieces += [data[at : patch.start], patch.data]
        at = patch.end
    return b"".join((*pieces, data[at:]))
