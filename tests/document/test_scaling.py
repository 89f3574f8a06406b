"""Scaling moves every coordinate and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Glyph, Line, Region, Space, Word
from htr.document.scaling import scaled

SQUARE = Polygon(((10, 20), (30, 20), (30, 40)))
WORD = Word(
    (Glyph("a", Box(1, 2, 3, 4), SQUARE, 0.5),), Box(1, 2, 3, 4), 0.5, Space(Box(3, 2, 5, 4))
)
LINE = Line("l", Baseline(((10, 40), (30, 40))), SQUARE, (WORD, Word((Glyph("b"),))), 0.7, "x")
REGIONS = (Region("r", "MainZone", SQUARE, (LINE, Line("bare"))), Region("empty"))


def test_every_coordinate_is_multiplied() -> None:
    (region, empty) = scaled(REGIONS, 2, 0.5)
    line, bare = region.lines
    double = Polygon(((20, 10), (60, 10), (60, 20)))
    assert (region.polygon, line.polygon, line.words[0].glyphs[0].polygon) == (double,) * 3
    assert line.baseline == Baseline(((20, 20), (60, 20)))
    box = Box(2, 1, 6, 2)
    assert (line.words[0].box, line.words[0].glyphs[0].box) == (box, box)
    assert line.words[0].space == Space(Box(6, 1, 10, 2))
    assert (line.text, line.confidence, line.kind) == ("a b", 0.7, "x")
    assert (bare, empty) == (Line("bare"), Region("empty"))


@given(st.sampled_from([0.25, 0.5, 2.0, 8.0]), st.sampled_from([0.125, 1.0, 4.0]))
def test_there_and_back_is_the_same(across: float, down: float) -> None:
    assert scaled(scaled(REGIONS, across, down), 1 / across, 1 / down) == REGIONS
