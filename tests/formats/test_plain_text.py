"""Plain text keeps lines, regions and pages, and makes split words whole where it is asked to."""

from dataclasses import replace

import pytest
from format_strategies import pages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_alto_writer import GOLDEN, IMAGE, page_of, sample

from htr.document.page import Line, Page, Region
from htr.document.text import join_hyphens
from htr.formats.plain_text import write_text
from htr.formats.words import plain_words


def lined(*regions: list[str]) -> Page:
    return Page(
        "p",
        IMAGE,
        tuple(
            Region("r", lines=tuple(Line("l", words=plain_words(text)) for text in texts))
            for texts in regions
        ),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(pages(), min_size=1, max_size=3))
def test_lines_regions_and_pages_can_be_read_from_it(found: list[Page]) -> None:
    texts = [
        [[line.text for line in region.lines if line.text] for region in page.regions]
        for page in found
    ]
    read = [
        [region.strip("\n").split("\n") for region in page.split("\n\n") if region.strip("\n")]
        for page in write_text(found).decode().split("\f")
    ]
    assert read == [[region for region in page if region] for page in texts]


_lines = st.lists(st.sampled_from(["a", "de-", "b- c-", "vant", "Lin", "-", "x¬", ""]), max_size=6)


@given(lines=_lines)
def test_joined_lines_say_what_join_hyphens_says(lines: list[str]) -> None:
    text = write_text([lined(lines)], join_hyphens=True).decode()
    assert " ".join(text.split()) == join_hyphens(lines)
    assert len(text.splitlines()) <= len(lines)


def test_split_words_stand_whole_where_they_begin() -> None:
    page = lined(
        ["par de-", "vant nous Saint-", "Étienne et dé¬", "cédé", "3-"], ["quatre-"], ["b"]
    )
    assert write_text([page], join_hyphens=True).decode() == (
        "par devant\nnous Saint-\nÉtienne et décédé\n3-\n\nquatre-\n\nb\n"
    )
    assert write_text([page]).decode().startswith("par de-\nvant nous")


@pytest.mark.parametrize(("count", "text"), [(0, ""), (1, ""), (3, "\f\f")])
def test_pages_without_text_stay(count: int, text: str) -> None:
    assert write_text([page_of()] * count).decode() == text


def test_golden_file() -> None:
    other = replace(sample(), regions=sample().regions[1:])
    assert write_text([sample(), other]).decode() == (
        (GOLDEN / "register.txt").read_text(encoding="utf-8")
    )


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert write_text([lined(["a\ud800"])]) == b"a?\n"
