"""Files that attack, and files that are something else, are refused with their name."""

import tracemalloc
from pathlib import Path

import pytest

from htr.errors import BadXml, UnsafeXml
from htr.formats import is_page, read, read_header

DESCRIPTION = (
    "<Description><sourceImageInformation><fileName>{}</fileName></sourceImageInformation>"
)
BODY = f"<alto>{DESCRIPTION}</Description><Layout><Page ID='p'/></Layout></alto>"
LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))

ATTACKS = {
    "external entity": "<!DOCTYPE alto [<!ENTITY x SYSTEM '{secret}'>]>" + BODY.format("&x;"),
    "external entity in UTF-16": "<?xml version='1.0' encoding='UTF-16'?>"
    "<!DOCTYPE alto [<!ENTITY x SYSTEM '{secret}'>]>" + BODY.format("&x;"),
    "billion laughs": f"<!DOCTYPE alto [<!ENTITY l0 'ha'>{LAUGHS}]>" + BODY.format("&l11;"),
    "laughs in an attribute": f"<!DOCTYPE alto [<!ENTITY l0 'ha'>{LAUGHS}]><alto a='&l11;'/>",
    "quadratic blowup": f"<!DOCTYPE alto [<!ENTITY a '{'a' * 50_000}'>]>"
    + BODY.format("&a;" * 50_000),
    "parameter entity": "<!DOCTYPE alto [<!ENTITY % x SYSTEM '{secret}'> %x;]>" + BODY.format("x"),
    "external DTD": "<!DOCTYPE alto SYSTEM '{secret}'>" + BODY.format("x"),
    "plain DOCTYPE": "<!DOCTYPE alto>" + BODY.format("x"),
    "after a comment": "<!-- a --><?b c?>\n<!DOCTYPE alto>" + BODY.format("x"),
    "another root": "<!DOCTYPE html><html/>",
}


@pytest.fixture(params=list(ATTACKS))
def attack(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    secret = tmp_path / "secret.txt"
    secret.write_text("<!ENTITY y 'the secret'>")
    text = ATTACKS[request.param].replace("{secret}", secret.as_uri())
    return text.encode("utf-16" if "UTF-16" in request.param else "utf-8-sig")


def test_attacks_are_refused_before_they_take_memory(attack: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UnsafeXml, match=r"evil.xml: .*DOCTYPE") as caught:
            read(attack, path="evil.xml")
        assert tracemalloc.get_traced_memory()[1] < 2 * len(attack) + 1_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.hint
    assert "secret" not in str(caught.value)


def test_attacks_have_no_header(attack: bytes, tmp_path: Path) -> None:
    path = tmp_path / "evil.xml"
    path.write_bytes(attack)
    assert read_header(path) is None
    with pytest.raises(UnsafeXml, match=r"evil\.xml"):
        is_page(path)


def test_the_same_file_without_its_doctype_is_read() -> None:
    assert read(BODY.format("x").encode()).image.name == "x"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"hello",
        b"\x00" * 64,
        b"\xff\xd8\xff\xe0 not xml",
        BODY.format("x").encode()[:-9],
        BODY.format("&nbsp;").encode(),
        BODY.format("\x01").encode(),
        BODY.format("é").encode("latin-1"),
        b"<?xml version='1.0' encoding='klingon'?><alto/>",
        b"<alto/><alto/>",
        b"<a>" * 5000,
    ],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(BadXml, match=r"page\.xml: ") as caught:
        read(data, path="page.xml")
    assert caught.value.hint
    assert not isinstance(caught.value, UnsafeXml)


def test_the_line_of_the_damage_is_named() -> None:
    with pytest.raises(BadXml, match="line 3"):
        read(b"<alto>\n<Layout>\n</Page>\n</alto>")


@pytest.mark.parametrize("data", [b"\n\n<html/>", b"\n\n<x:TEI xmlns:x='urn:tei'/>"])
def test_another_root_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(BadXml, match=r"page.xml: .*line 3.*<(html|TEI)>.*<alto>.*<PcGts>"):
        read(data, path=Path("page.xml"))


def test_comments_and_instructions_are_passed_over() -> None:
    text = BODY.format("a<!-- b -->c<?d e?>f").replace("<Page", "<!-- x --><?y z?><Page")
    assert read(text.encode()).image.name == "acf"
