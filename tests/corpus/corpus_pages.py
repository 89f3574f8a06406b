"""Small corpora on the disk: pages of ALTO with images, as people and as htr make them."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Step, Word
from htr.exchange.register import PageFile, register
from htr.formats import write_alto
from htr.pipeline.job import SOFTWARE

WIDTH, PITCH = 400, 60


def words(text: str) -> tuple[Word, ...]:
    parts = text.split()
    return tuple(
        Word(tuple(map(Glyph, part)), space=Space() if number < len(parts) else None)
        for number, part in enumerate(parts, start=1)
    )


def line(number: int, text: str, *, corrected: bool = False, width: int = WIDTH - 40) -> Line:
    top = 10 + number * PITCH
    return Line(
        f"l{number}",
        Baseline(((20, top + 30), (20 + width, top + 30))),
        Polygon(((20, top), (20 + width, top), (20 + width, top + 40), (20, top + 40))),
        words(text),
        corrected=corrected,
    )


def page(texts: Sequence[str | Line], image: str, *, read_by_htr: bool = False) -> Page:
    lines = tuple(
        line(number, text) if isinstance(text, str) else text for number, text in enumerate(texts)
    )
    size = (WIDTH, max(1, len(lines)) * PITCH + 20)
    zone = Polygon(((0, 0), (size[0] - 1, 0), (size[0] - 1, size[1] - 1), (0, size[1] - 1)))
    steps = (Step("recognition", "read", SOFTWARE, "1"),) if read_by_htr else ()
    return Page("p", ImageRef(image, *size), (Region("r1", "MainZone", zone, lines),), steps=steps)


def write(folder: Path, name: str, content: Page, *, image: bool = True) -> Path:
    """Write a page and its image below a folder; the page's ink tells each line from the others."""
    path = folder / f"{name}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_alto(content))
    if image:
        picture = Image.new("L", (content.image.width, content.image.height), 255)
        draw = ImageDraw.Draw(picture)
        for number, one in enumerate(content.lines):
            if one.polygon is not None:
                left, top = (int(value) for value in one.polygon.points[0])
                draw.rectangle((left + 5, top + 10, left + 30 + 5 * number, top + 28), fill=number)
        picture.save(path.parent / content.image.name)
    return path


def corpus(folder: Path, pages: dict[str, Sequence[str | Line]]) -> tuple[PageFile, ...]:
    """Write pages by name with the texts of their lines, and return them."""
    for name, texts in pages.items():
        write(folder, name, page(texts, f"{name.rpartition('/')[2]}.png"))
    return register([folder])
