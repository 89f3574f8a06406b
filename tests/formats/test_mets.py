"""METS as it is written, read back, and as others write it."""

import re
from pathlib import Path
from typing import get_args
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from htr.document.description import Description
from htr.errors import BadXml, UnsafeXml
from htr.formats.media import media_type
from htr.formats.mets_reader import Kind, MetsPage, read_mets
from htr.formats.mets_writer import MetsFile, PageFiles, Uses, write_mets

GOLDEN = Path(__file__).parent.parent / "golden" / "mets.xml"
METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
CREATED = "2026-11-25T10:00:00+00:00"
USES = Uses()
DESCRIPTION = Description("Mariages & décès", "fr", "Archives du Val", "3 E 12/4", "CC-BY-4.0")
# METS 1.12: the order of mets's and of amdSec's children.
ORDER = ["metsHdr", "dmdSec", "amdSec", "fileSec", "structMap", "structLink", "behaviorSec"]


def pages(*names: str) -> tuple[PageFiles, ...]:
    return tuple(
        PageFiles(
            name,
            MetsFile(quote(f"images/{name}.jpg"), "image/jpeg", 12, "0f" * 32),
            MetsFile(quote(f"alto/{name}.xml"), "application/xml"),
        )
        for name in names
    )


def written(*names: str, description: Description = DESCRIPTION, uses: Uses = USES) -> bytes:
    return write_mets(pages(*names), description, created=CREATED, software="htr 0.1.0", uses=uses)


def check(root: etree._Element) -> None:
    """Assert what METS 1.12's schema asks for of what is written here."""
    places = [ORDER.index(etree.QName(child).localname) for child in root]
    assert places == sorted(places)
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z_][-.\w]*", str(name)) for name in ids)
    references = [
        name
        for element in root.iter()
        for key in ("DMDID", "ADMID", "FILEID", f"{XLINK}from", f"{XLINK}to")
        for name in (element.get(key) or "").split()
    ]
    assert references
    assert set(references) <= set(ids)
    for element in root.iter(f"{METS}mdWrap"):
        assert element.get("MDTYPE") in ("DC", "MODS", "METSRIGHTS", "OTHER")
        assert (element.get("MDTYPE") == "OTHER") == ("OTHERMDTYPE" in element.attrib)
    for element in root.iter(f"{METS}file"):
        assert element.get("ID")
        assert element.get("MIMETYPE")
        assert ("CHECKSUM" in element.attrib) == ("CHECKSUMTYPE" in element.attrib)
    for element in root.iter(f"{METS}FLocat"):
        assert element.get("LOCTYPE") == "URL"
        assert element.get(f"{XLINK}type") == "simple"
        assert element.get(f"{XLINK}href")
    for element in root.iter(f"{METS}structMap"):
        assert len(element) == 1


def test_golden() -> None:
    assert written("p1", "1827/p 2é#%") == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    "description", [DESCRIPTION, Description(), Description(title="T"), Description(licence="x")]
)
def test_the_structure_is_that_of_the_schema(description: Description) -> None:
    root = etree.fromstring(written("p1", "p2", description=description))
    check(root)
    types = [element.get("TYPE") for element in root.iter(f"{METS}structMap")]
    assert types == ["PHYSICAL", "LOGICAL"]
    assert len(list(root.iter(f"{METS}smLink"))) == 3


def test_hrefs_are_of_the_schema_s_type_and_links_of_xlink(schemas: Path) -> None:
    # xlink.xsd declares the attributes; a schema that uses them says whether ours are right.
    schema = etree.XMLSchema(
        etree.XML(
            b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
            b' xmlns:xlink="http://www.w3.org/1999/xlink">'
            b'<xs:import namespace="http://www.w3.org/1999/xlink" schemaLocation="xlink.xsd"/>'
            b'<xs:element name="links"><xs:complexType>'
            b'<xs:attributeGroup ref="xlink:simpleLink"/></xs:complexType></xs:element>'
            b"</xs:schema>",
            base_url=str(schemas / "made.xsd"),
        )
    )
    for locator in etree.fromstring(written("1827/p 2é#%")).iter(f"{METS}FLocat"):
        links = {str(key): str(text) for key, text in locator.attrib.items() if XLINK in str(key)}
        element = etree.Element("links", links)
        assert schema.validate(element), schema.error_log


NAMES = st.lists(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=4,
)


@given(names=NAMES, uses=st.sampled_from([Uses(), Uses("image", "htr"), Uses("IMG", "ALTO")]))
def test_pages_come_back_in_order_with_labels_and_odd_names(names: list[str], uses: Uses) -> None:
    read = read_mets(written(*names, uses=uses))
    assert [page.label for page in read] == names
    assert [unquote(page.image or "") for page in read] == [f"images/{name}.jpg" for name in names]
    assert [unquote(page.alto or "") for page in read] == [f"alto/{name}.xml" for name in names]
    assert all(re.fullmatch(r"[\x21-\x7e]+", page.image or "") for page in read)
    assert all(page.page_xml is None for page in read)


def test_transkribus() -> None:
    data = b"""<ns3:mets xmlns:ns2="http://www.w3.org/1999/xlink"
      xmlns:ns3="http://www.loc.gov/METS/"><ns3:fileSec><ns3:fileGrp ID="MASTER">
      <ns3:fileGrp ID="IMG"><ns3:file ID="IMG_1" MIMETYPE="image/jpeg">
      <ns3:FLocat LOCTYPE="OTHER" OTHERLOCTYPE="FILE" ns2:type="simple" ns2:href="0001_a.jpg"/>
      </ns3:file></ns3:fileGrp>
      <ns3:fileGrp ID="PAGEXML"><ns3:file ID="PAGEXML_1" MIMETYPE="application/xml">
      <ns3:FLocat ns2:href="page/0001_a.xml"/></ns3:file></ns3:fileGrp>
      <ns3:fileGrp ID="ALTO"><ns3:file ID="ALTO_1" MIMETYPE="application/xml">
      <ns3:FLocat ns2:href="alto/0001_a.xml"/></ns3:file></ns3:fileGrp>
      </ns3:fileGrp></ns3:fileSec>
      <ns3:structMap ID="TRP_STRUCTMAP" TYPE="MANUSCRIPT"><ns3:div ID="TRP_DOC_DIV">
      <ns3:div ID="PAGE_1" ORDER="1" TYPE="SINGLE_PAGE">
      <ns3:fptr><ns3:area FILEID="IMG_1"/></ns3:fptr>
      <ns3:fptr><ns3:area FILEID="PAGEXML_1"/></ns3:fptr>
      <ns3:fptr><ns3:area FILEID="ALTO_1"/></ns3:fptr>
      </ns3:div></ns3:div></ns3:structMap></ns3:mets>"""
    expected = MetsPage(None, "alto/0001_a.xml", "page/0001_a.xml", "0001_a.jpg")
    assert read_mets(data) == (expected,)


def test_escriptorium() -> None:
    data = b"""<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink">
      <fileSec><fileGrp USE="image"><file ID="image7"><FLocat xlink:href="b c.png"/></file>
      </fileGrp><fileGrp USE="export"><file ID="export7"><FLocat xlink:href="b.xml"/></file>
      <file ID="export9"><FLocat xlink:href="a.xml"/></file></fileGrp></fileSec>
      <structMap TYPE="physical"><div TYPE="document">
      <div TYPE="page"><fptr FILEID="export9"/></div>
      <div TYPE="page"><fptr FILEID="image7"/><fptr FILEID="export7"/></div>
      </div></structMap></mets>"""
    assert read_mets(data) == (
        MetsPage(None, "a.xml", None, None),
        MetsPage(None, "b.xml", None, "b c.png"),
    )


def digitised(groups: str, divisions: str, kind: str = "PHYSICAL") -> bytes:
    return f"""<m:mets xmlns:m="http://www.loc.gov/METS/" xmlns:x="http://www.w3.org/1999/xlink">
      <m:fileSec>{groups}</m:fileSec>
      <m:structMap TYPE="LOGICAL"><m:div TYPE="monograph"><m:fptr FILEID="pdf"/></m:div>
      </m:structMap><m:structMap TYPE="{kind}">{divisions}</m:structMap></m:mets>""".encode()


def group(use: str, name: str, href: str, media: str = "") -> str:
    said = f'MIMETYPE="{media}"' if media else ""
    return (
        f'<m:fileGrp USE="{use}"><m:file ID="{name}" {said}>'
        f'<m:FLocat LOCTYPE="URL" x:href="{href}"/></m:file></m:fileGrp>'
    )


def test_the_largest_image_and_the_page_order_of_a_digitised_book() -> None:
    groups = (
        group("THUMBS", "t", "https://a.example/t.jpg", "image/jpeg")
        + group("DEFAULT", "d", "https://a.example/d.jpg", "image/jpeg")
        + group("MAX", "x", "https://a.example/x.jpg", "image/jpeg")
        + group("FULLTEXT", "f", "https://a.example/f?format=alto", "text/xml")
        + group("DOWNLOAD", "pdf", "https://a.example/a.pdf", "application/pdf")
        + group("DEFAULT", "d2", "https://a.example/d2.jpg", "image/jpeg")
    )
    divisions = """<m:div TYPE="physSequence"><m:fptr FILEID="pdf"/>
      <m:div TYPE="page" ORDER="2" ORDERLABEL="f. 2r"><m:fptr FILEID="d2"/></m:div>
      <m:div TYPE="page" ORDER="1" ORDERLABEL="1" LABEL="f. 1r"><m:fptr FILEID="t"/>
      <m:fptr FILEID="d"/><m:fptr FILEID="f"/><m:fptr FILEID="x"/></m:div></m:div>"""
    assert read_mets(digitised(groups, divisions)) == (
        MetsPage("f. 1r", "https://a.example/f?format=alto", None, "https://a.example/x.jpg"),
        MetsPage("f. 2r", None, None, "https://a.example/d2.jpg"),
    )


def test_the_last_page_file_of_a_workspace() -> None:
    media = "application/vnd.prima.page+xml"
    groups = (
        group("OCR-D-IMG", "i", "OCR-D-IMG/1.tif", "image/tiff")
        + group("OCR-D-SEG", "s", "OCR-D-SEG/1.xml", media)
        + group("OCR-D-OCR", "o", "OCR-D-OCR/1.xml", media)
    )
    pointers = "".join(f'<m:fptr FILEID="{name}"/>' for name in "iso")
    divisions = f'<m:div TYPE="physSequence"><m:div TYPE="page">{pointers}</m:div></m:div>'
    found = read_mets(digitised(groups, divisions))
    assert found == (MetsPage(None, None, "OCR-D-OCR/1.xml", "OCR-D-IMG/1.tif"),)


def test_hrefs_that_lead_elsewhere_are_given_as_they_are() -> None:
    groups = group("IMG", "i", "../../etc/passwd.jpg")
    found = read_mets(digitised(groups, '<m:div><m:fptr FILEID="i"/></m:div>'))
    assert found == (MetsPage(None, None, None, "../../etc/passwd.jpg"),)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"<alto/>", BadXml, "not METS"),
        (b"<mets/>", BadXml, "names no page"),
        (digitised("", '<m:div><m:fptr FILEID="none"/></m:div>'), BadXml, "names no page"),
        (b"<mets", BadXml, "well-formed"),
        (b"<!DOCTYPE mets [<!ENTITY a 'b'>]><mets>&a;</mets>", UnsafeXml, "DOCTYPE"),
    ],
)
def test_what_is_no_mets_is_refused_by_name(data: bytes, kind: type[BadXml], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        read_mets(data, path="a/mets.xml")
    assert caught.value.path == "a/mets.xml"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a/P 1.JPG", "image/jpeg"),
        ("p.tiff", "image/tiff"),
        ("p.jp2", "image/jp2"),
        ("p", "application/octet-stream"),
    ],
)
def test_media_types(name: str, kind: str) -> None:
    assert media_type(name) == kind


@pytest.mark.parametrize(
    ("licence", "uri"),
    [
        ("CC-BY-4.0", "http://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "http://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0-1.0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        (
            "https://creativecommons.org/publicdomain/mark/1.0/",
            "http://creativecommons.org/publicdomain/mark/1.0/",
        ),
        (
            "https://rightsstatements.org/vocab/InC/1.0/",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        ("Licence Ouverte 2.0", None),
        ("https://www.etalab.gouv.fr/licence-ouverte-open-licence", None),
        (None, None),
    ],
)
def test_licences_that_have_a_uri(licence: str | None, uri: str | None) -> None:
    assert Description(licence=licence).licence_uri == uri


def test_every_kind_of_file_has_its_field() -> None:
    assert {*get_args(Kind), "label"} == set(MetsPage.__dataclass_fields__)
