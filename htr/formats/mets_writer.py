"""Pages of a register into METS 1.12: their files, their order, what the catalogue says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from lxml import etree

from htr.document.description import Description
from htr.formats.safe_xml import legal

_METS = "http://www.loc.gov/METS/"
_XLINK = "http://www.w3.org/1999/xlink"
_DC = "http://purl.org/dc/elements/1.1/"
_MODS = "http://www.loc.gov/mods/v3"
_RIGHTS = "http://cosimo.stanford.edu/sdr/metsrights/"
_VIEWER = "http://dfg-viewer.de/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# METS without a prefix, as in eScriptorium's own files.
_PREFIXES: Any = {
    None: _METS,
    "xlink": _XLINK,
    "xsi": _XSI,
    "dc": _DC,
    "mods": _MODS,
    "rts": _RIGHTS,
    "dv": _VIEWER,
}
_SCHEMA = "http://www.loc.gov/standards/mets/mets.xsd"
_WHOLE = "physical-register"
_LOGICAL = "logical-register"
_Attributes: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class MetsFile:
    """A file of a page: its href (a URI reference, escaped), media type, and its bytes' fixity.

    `size` is in bytes, `sha256` in lower-case hexadecimal; both None where the file is not at hand.
    """

    href: str
    media_type: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PageFiles:
    """A page: its label, its image and its ALTO."""

    label: str
    image: MetsFile
    alto: MetsFile


@dataclass(frozen=True, slots=True)
class Uses:
    """What the groups of images and of ALTO files are called; as DFG-Viewer's profile has them."""

    image: str = "DEFAULT"
    alto: str = "FULLTEXT"


def write_mets(
    pages: Sequence[PageFiles],
    description: Description,
    *,
    created: str,
    software: str,
    uses: Uses = Uses(),
) -> bytes:
    """Return pages in their order (one at least) as a METS file: UTF-8, indented.

    `created` is an xsd:dateTime. Descriptions are Dublin Core and MODS, rights METSRights and
    DFG-Viewer's own; what the description does not know is left out. The structure is that of the
    METS application profile for digitised media 2.3.1 (DFG-Viewer): a logical structMap of one
    division, linked to the physical one, `physSequence` of `page`.
    """
    root = etree.Element(f"{{{_METS}}}mets", nsmap=_PREFIXES)
    root.set(f"{{{_XSI}}}schemaLocation", f"{_METS} {_SCHEMA}")
    for name, value in (("OBJID", description.source), ("LABEL", description.title)):
        if value is not None:
            root.set(name, legal(value))
    header = _add(root, "metsHdr", {"CREATEDATE": created})
    agent = _add(header, "agent", {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"})
    _add(agent, "name").text = legal(software)
    known = any(getattr(description, field.name) is not None for field in fields(description))
    if known:
        _add_dublin_core(root, description)
        _add_mods(root, description)
    if description.licence is not None:
        _add_rights(root, description)
    _add_files(root, pages, uses)
    _add_structure(root, pages, description, described=known)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(
    parent: etree._Element, name: str, attributes: _Attributes | None = None, space: str = _METS
) -> etree._Element:
    """Append an element with those attributes that are not None."""
    element = etree.SubElement(parent, f"{{{space}}}{name}")
    for key, value in (attributes or {}).items():
        if value is not None:
            element.set(key, legal(value))
    return element


def _wrapped(parent: etree._Element, section: str, name: str, kind: _Attributes) -> etree._Element:
    """Append a metadata section of this element name and ID; return the xmlData within it."""
    wrap = _add(_add(parent, section, {"ID": name}), "mdWrap", {"MIMETYPE": "text/xml", **kind})
    return _add(wrap, "xmlData")


def _add_dublin_core(root: etree._Element, description: Description) -> None:
    data = _wrapped(root, "dmdSec", "description-dc", {"MDTYPE": "DC"})
    terms = {
        "title": description.title,
        "creator": description.creator,
        "identifier": description.source,
        "language": description.language,
        "rights": description.licence,
    }
    for name, value in terms.items():
        if value is not None:
            _add(data, name, space=_DC).text = legal(value)


def _add_mods(root: etree._Element, description: Description) -> None:
    data = _wrapped(root, "dmdSec", "description-mods", {"MDTYPE": "MODS"})
    mods = _add(data, "mods", {"version": "3.7"}, _MODS)
    paths: tuple[tuple[str | None, tuple[tuple[str, _Attributes], ...]], ...] = (
        (description.title, (("titleInfo", {}), ("title", {}))),
        (description.creator, (("name", {}), ("namePart", {}))),
        (
            description.language,
            (("language", {}), ("languageTerm", {"type": "code", "authority": "rfc5646"})),
        ),
        (description.source, (("location", {}), ("shelfLocator", {}))),
        (description.licence, (("accessCondition", {"type": "use and reproduction"}),)),
    )
    for value, path in paths:
        if value is not None:
            element = mods
            for name, attributes in path:
                element = _add(element, name, attributes, _MODS)
            element.text = legal(value)


def _add_rights(root: etree._Element, description: Description) -> None:
    section = _add(root, "amdSec", {"ID": "rights"})
    licence = legal(description.licence or "")
    data = _wrapped(section, "rightsMD", "rights-declaration", {"MDTYPE": "METSRIGHTS"})
    declaration = _add(data, "RightsDeclarationMD", space=_RIGHTS)
    _add(declaration, "RightsDeclaration", space=_RIGHTS).text = licence
    kind = {"MDTYPE": "OTHER", "OTHERMDTYPE": "DVRIGHTS"}
    data = _wrapped(section, "rightsMD", "rights-viewer", kind)
    rights = _add(data, "rights", space=_VIEWER)
    if description.creator is not None:
        _add(rights, "owner", space=_VIEWER).text = legal(description.creator)
    _add(rights, "license", space=_VIEWER).text = licence


def _add_files(root: etree._Element, pages: Sequence[PageFiles], uses: Uses) -> None:
    section = _add(root, "fileSec")
    images = _add(section, "fileGrp", {"USE": uses.image})
    texts = _add(section, "fileGrp", {"USE": uses.alto})
    for number, page in enumerate(pages, start=1):
        _add_file(images, f"image-{number}", page.image)
        _add_file(texts, f"alto-{number}", page.alto)


def _add_file(group: etree._Element, name: str, file: MetsFile) -> None:
    attributes = {
        "ID": name,
        "MIMETYPE": file.media_type,
        "SIZE": None if file.size is None else str(file.size),
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": None if file.sha256 is None else "SHA-256",
    }
    element = _add(group, "file", attributes)
    locator = {
        "LOCTYPE": "URL",
        f"{{{_XLINK}}}type": "simple",
        f"{{{_XLINK}}}href": file.href,
    }
    _add(element, "FLocat", locator)


def _add_structure(
    root: etree._Element, pages: Sequence[PageFiles], description: Description, *, described: bool
) -> None:
    physical = _add(root, "structMap", {"TYPE": "PHYSICAL"})
    whole = _add(physical, "div", {"ID": _WHOLE, "TYPE": "physSequence"})
    for number, page in enumerate(pages, start=1):
        place = {
            "ID": f"page-{number}",
            "TYPE": "page",
            "ORDER": str(number),
            "ORDERLABEL": page.label,
            "LABEL": page.label,
        }
        division = _add(whole, "div", place)
        _add(division, "fptr", {"FILEID": f"image-{number}"})
        _add(division, "fptr", {"FILEID": f"alto-{number}"})
    logical = {
        "ID": _LOGICAL,
        "TYPE": "register",
        "LABEL": description.title,
        "DMDID": "description-dc description-mods" if described else None,
        "ADMID": "rights" if description.licence is not None else None,
    }
    _add(_add(root, "structMap", {"TYPE": "LOGICAL"}), "div", logical)
    links = _add(root, "structLink")
    for target in (_WHOLE, *(f"page-{number}" for number in range(1, len(pages) + 1))):
        ends = {f"{{{_XLINK}}}from": _LOGICAL, f"{{{_XLINK}}}to": target}
        _add(links, "smLink", ends)
