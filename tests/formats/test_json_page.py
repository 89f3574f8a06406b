"""JSON holds everything a page holds, and what is not such JSON is refused by place."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from format_strategies import pages
from hypothesis import HealthCheck, given, settings
from test_alto_writer import GOLDEN, page_of, sample, word

from htr.document.page import Glyph, ImageRef, Line, Page, Word
from htr.errors import InputError
from htr.formats import read
from htr.formats.json_page import read_json, write_json


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages())
def test_pages_read_back_equal(page: Page) -> None:
    assert read_json(write_json(page)) == page


def test_golden_file() -> None:
    assert write_json(sample()).decode() == (GOLDEN / "page.json").read_text(encoding="utf-8")
    assert read_json((GOLDEN / "page.json").read_bytes()) == sample()


def test_what_no_other_format_can_say_is_kept() -> None:
    glyphs = (Glyph("ab\x00"), Glyph("\ud800"), Glyph(""))
    page = Page("", ImageRef("\\ \n", -1, 0), page_of(Line("", words=(Word(glyphs),))).regions)
    assert read_json(write_json(page)) == page


def test_lines_and_words_carry_their_text() -> None:
    document = json.loads(write_json(page_of(Line("l", words=(word("été"), word("."))))))
    (line,) = document["page"]["regions"][0]["lines"]
    assert line["text"] == "été."
    assert [found["text"] for found in line["words"]] == ["été", "."]
    assert "confidence" not in line


def test_a_text_that_was_changed_is_not_read() -> None:
    page = page_of(Line("l", words=(word("a"),)))
    assert (
        read_json(write_json(page).replace(b'"text": "a",\n      "w', b'"text": "b", "w')) == page
    )


WRONG = {
    "page": '{"format": "htr-page", "version": 1}',
    "page.id": '{"format": "htr-page", "version": 1, "page": {"id": 7}}',
    "page.image": '{"format": "htr-page", "version": 1, "page": {"id": "", "image": []}}',
    "format": "[]",
    "version": '{"format": "htr-page", "version": 2}',
    "not JSON": "{",
}


@pytest.mark.parametrize("place", WRONG)
def test_what_is_wrong_is_said(place: str) -> None:
    with pytest.raises(InputError, match=rf"p\.json: .*{place}"):
        read_json(WRONG[place].encode(), path="p.json")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("confidence",), "0.5"),
        (("confidence",), True),
        (("confidence",), 10**400),
        (("regions", 0, "lines", 0, "direction"), "up"),
        (("regions", 0, "lines", 0, "direction"), []),
        (("regions", 0, "lines", 0, "corrected"), 0),
        (("regions", 0, "lines", 0, "words"), {}),
        (("regions", 0, "polygon", "points", 0), [1]),
        (("regions", 0, "polygon", "points", 0), [1, None]),
        (("image", "width"), 1.5),
        (("steps", 0, "settings", 0), ["name"]),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_by_its_place(
    path: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(write_json(sample()))
    holder = document["page"]
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    with pytest.raises(InputError) as raised:
        read_json(json.dumps(document).encode())
    assert f"page{place}" in raised.value.message


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    data = write_json(replace(page_of(), confidence=0.5)).replace(b"0.5", number.encode())
    with pytest.raises(InputError):
        read_json(data)


def test_bytes_that_are_no_text_and_great_depth() -> None:
    for data in (b"\xff\xfe\xff", b"", b"[" * 100_000, b'{"format": "htr-page", "version": 1e400}'):
        with pytest.raises(InputError):
            read_json(data)


@pytest.mark.corpora
def test_real_registers(corpora: Path) -> None:
    for path in sorted((corpora / "test").rglob("*.xml"))[::20]:
        page = read(path.read_bytes(), path=path)
        assert read_json(write_json(page)) == page
