"""Small pages for the tests of `htr.training`, and the ALTO files that hold them."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word

WIDTH, HEIGHT = 1000, 1000
PITCH = 50


def words(text: str) -> tuple[Word, ...]:
    parts = text.split(" ")
    return tuple(
        Word(tuple(map(Glyph, part)), space=Space() if at < len(parts) - 1 else None)
        for at, part in enumerate(parts)
    )


def line(
    name: str, text: str, y: float, left: float = 100, right: float = 900, *, outline: bool = True
) -> Line:
    """A level line with its baseline at `y`, 40 px high where it has an outline."""
    corners = ((left, y - 30), (right, y - 30), (right, y + 10), (left, y + 10))
    return Line(
        name,
        Baseline(((left, y), (right, y))),
        Polygon(corners) if outline else None,
        words(text),
    )


def placeless(name: str, text: str) -> Line:
    return Line(name, words=words(text))


def page(*lines: Line, confidence: float | None = None, size: int = WIDTH) -> Page:
    return Page("page", ImageRef("page.png", size, size), (Region("r", lines=lines),), confidence)


def column(*texts: str, prefix: str = "l", shift: float = 0) -> tuple[Line, ...]:
    """Lines one below the other, 50 px apart, all `shift` px further down."""
    return tuple(
        line(f"{prefix}{at}", text, 100 + PITCH * at + shift) for at, text in enumerate(texts)
    )


def write_alto(path: Path, *texts: str, prefix: str = "l") -> Path:
    """Write a page of level lines as ALTO 4."""
    lines = "".join(
        f'<TextLine ID="{prefix}{at}" BASELINE="100 {y} 900 {y}"'
        f' HPOS="100" VPOS="{y - 30}" WIDTH="800" HEIGHT="40">'
        f'<Shape><Polygon POINTS="100 {y - 30} 900 {y - 30} 900 {y + 10} 100 {y + 10}"/></Shape>'
        f'<String CONTENT={quoteattr(text)} HPOS="100" VPOS="{y - 30}" WIDTH="800" HEIGHT="40"/>'
        "</TextLine>"
        for at, text in enumerate(texts)
        for y in [100 + PITCH * at]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>'
        "<MeasurementUnit>pixel</MeasurementUnit><sourceImageInformation>"
        "<fileName>page.png</fileName></sourceImageInformation></Description>"
        f'<Layout><Page ID="p" PHYSICAL_IMG_NR="0" WIDTH="{WIDTH}" HEIGHT="{HEIGHT}">'
        f'<PrintSpace HPOS="0" VPOS="0" WIDTH="{WIDTH}" HEIGHT="{HEIGHT}">'
        '<TextBlock ID="b" HPOS="0" VPOS="0" WIDTH="1000" HEIGHT="1000">'
        f"{lines}</TextBlock></PrintSpace></Page></Layout></alto>",
        encoding="utf-8",
    )
    return path
