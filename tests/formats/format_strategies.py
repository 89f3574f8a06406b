"""Pages as the model allows them, schemas that resolve offline, and small makers of XML."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st
from lxml import etree

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import (
    Direction,
    Glyph,
    ImageRef,
    Line,
    Page,
    Region,
    Space,
    Step,
    StepKind,
    Word,
)
from htr.document.text import clean, direction, graphemes
from htr.formats import AltoVersion

VERSIONS: tuple[AltoVersion, ...] = ("4.2", "4.3", "4.4")
KINDS: tuple[StepKind, ...] = ("layout", "recognition", "correction", "other")
DIRECTIONS: tuple[Direction, ...] = ("ltr", "rtl", "ttb", "btt")

_pixels = st.one_of(
    st.integers(-50, 5000).map(float),
    st.floats(0.001, 5000),
    st.integers(0, 50000).map(lambda tenth: tenth / 10),
)
_points = st.tuples(_pixels, _pixels)
_confidences = st.none() | st.floats(0, 1) | st.integers(0, 10000).map(lambda n: n / 10000)
_outlines = st.lists(_points, min_size=3, max_size=5).filter(lambda points: len(set(points)) > 2)
_polygons = st.one_of(
    _outlines.map(lambda points: Polygon(tuple(points))),
    _outlines.map(lambda points: Polygon((*points, points[0]))),
)
_boxes = st.lists(_points, min_size=2, max_size=2).map(Box.around)
_baselines = st.lists(_points, min_size=2, max_size=4).map(lambda points: Baseline(tuple(points)))

_TEXTS = (
    "&<>\"'",
    "e\u0305\u0332t",
    "שלום",
    "مرحبا",
    "👩\u200d🌾🏽",
    "\u0301a",
    "¬",
    "q\u0303",
    "]]>",
)
_texts = st.one_of(
    st.sampled_from(_TEXTS), st.text(min_size=1, max_size=5), st.sampled_from("aé\u0301")
)
_word_texts = _texts.map(lambda text: "".join(clean(text).split())).filter(bool)
_free_texts = st.text(max_size=12).map(clean)


@st.composite
def words(draw: st.DrawFn) -> Word:
    clusters = graphemes(draw(_word_texts))
    if draw(st.booleans()):
        glyphs = [
            Glyph(
                cluster, draw(st.none() | _boxes), draw(st.none() | _polygons), draw(_confidences)
            )
            for cluster in clusters
        ]
    else:
        glyphs = [Glyph(cluster) for cluster in clusters]
    space = st.none() | st.builds(Space, st.none() | _boxes, _confidences)
    others = draw(st.lists(_word_texts, max_size=2))
    box, sure = draw(st.none() | _boxes), draw(_confidences)
    return Word(tuple(glyphs), box, sure, draw(space), tuple(others))


@st.composite
def lines(draw: st.DrawFn, name: str) -> Line:
    found = draw(st.lists(words(), max_size=3))
    if found:
        last = found[-1]
        found[-1] = replace(last, space=None)
    return Line(
        id=name,
        baseline=draw(st.none() | _baselines),
        polygon=draw(st.none() | _polygons),
        words=tuple(found),
        confidence=draw(_confidences),
        kind=draw(st.sampled_from((None, "DefaultLine", "HeadingLine:title", 'a "b" & c'))),
        direction=draw(st.sampled_from(DIRECTIONS)),
        corrected=draw(st.booleans()),
    )


_steps = st.builds(
    Step,
    kind=st.sampled_from(KINDS),
    description=_free_texts,
    software=st.none() | _free_texts,
    version=st.none() | _free_texts,
    settings=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=8)), max_size=3).map(tuple),
    date=st.sampled_from((None, "2026", "2026-11-22", "2026-11-22T10:00:00.5+01:00")),
    agency=st.none() | _free_texts,
)


@st.composite
def pages(draw: st.DrawFn, *, inferred_direction: bool = False) -> Page:
    """Pages that keep the rules that the writer states; directions as the text has them, or any."""
    regions = []
    for number in range(draw(st.integers(0, 3))):
        names = [f"r{number}l{place}" for place in range(draw(st.integers(0, 2)))]
        regions.append(
            Region(
                id=f"r{number}",
                kind=draw(st.sampled_from((None, "MainZone", "MarginTextZone", "DefaultLine"))),
                polygon=draw(st.none() | _polygons),
                lines=tuple(
                    as_inferred(line) if inferred_direction else line
                    for line in (draw(lines(name)) for name in names)
                ),
            )
        )
    return Page(
        id="page",
        image=ImageRef(
            name=draw(st.sampled_from(("a.jpg", "sous dossier/é & è.tif", ""))),
            width=draw(st.integers(0, 10000)),
            height=draw(st.integers(0, 10000)),
            sha256=draw(st.none() | st.just("0f" * 32)),
        ),
        regions=tuple(regions),
        confidence=draw(_confidences),
        steps=tuple(draw(st.lists(_steps, max_size=2))),
    )


def as_inferred(line: Line) -> Line:
    return Line(
        line.id,
        line.baseline,
        line.polygon,
        line.words,
        line.confidence,
        line.kind,
        direction(line.text),
        line.corrected,
    )


class _Xlink(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, *context: Any) -> Any:  # noqa: ARG002
        path = self.folder / system_url.rpartition("/")[2]
        return cast("Any", self).resolve_filename(str(path), *context)  # not in the stubs


def alto_schema(folder: Path, version: str) -> etree.XMLSchema:
    parser = etree.XMLParser()
    parser.resolvers.add(_Xlink(folder))
    path = folder / f"alto-{version.replace('.', '-')}.xsd"
    return etree.XMLSchema(etree.parse(str(path), parser))
