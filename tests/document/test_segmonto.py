"""Kinds of regions and lines in SegmOnto's words: known ones mapped, others left, never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.document.page import Line, Region
from htr.document.segmonto import _LINES, _OWN_LINES, _OWN_ZONES, _ZONES, line_type, mapped, zone

KINDS = st.one_of(
    st.sampled_from([*_ZONES, *_LINES, *_OWN_ZONES, *_OWN_LINES]),
    st.text(max_size=12),
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("paragraph", "MainZone"),
        ("marginalia", "MarginTextZone"),
        ("page-number", "NumberingZone:page"),
        ("Page Number", "NumberingZone:page"),
        ("catch-word", "QuireMarksZone:catchword"),
        ("TableRegion", "TableZone"),
        ("Main", "MainZone"),
        ("Illustration", "GraphicZone:illustration"),
        ("mainzone", "MainZone"),
        ("MainZone:column#1", "MainZone:column#1"),
        ("Col_7", "Col_7"),
        ("signature", "signature"),
        (None, None),
    ],
)
def test_zones(kind: str | None, expected: str | None) -> None:
    assert zone(kind) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("default", "DefaultLine"),
        ("heading", "HeadingLine"),
        ("HeadingLine:rubric", "HeadingLine:rubric"),
        ("First_line", "First_line"),
        (None, None),
    ],
)
def test_lines(kind: str | None, expected: str | None) -> None:
    assert line_type(kind) == expected


@given(KINDS)
def test_mapping_twice_is_mapping_once(kind: str) -> None:
    assert zone(zone(kind)) == zone(kind)
    assert line_type(line_type(kind)) == line_type(kind)


@given(KINDS)
def test_what_is_mapped_is_segmontos_and_the_rest_is_untouched(kind: str) -> None:
    for result, own in ((zone(kind), _OWN_ZONES), (line_type(kind), _OWN_LINES)):
        assert result == kind or str(result).partition(":")[0] in own


def test_regions_are_mapped_with_their_lines() -> None:
    lines = (Line("l1", kind="heading"), Line("l2", kind="Col_1"))
    (region,) = mapped([Region("r", "marginalia", lines=lines)])
    assert region.kind == "MarginTextZone"
    assert [line.kind for line in region.lines] == ["HeadingLine", "Col_1"]
    assert [line.id for line in region.lines] == ["l1", "l2"]
