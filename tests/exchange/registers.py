"""A small register on the disk, for what exports it whole."""

from pathlib import Path

from PIL import Image

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.exchange.register import PageFile, register
from htr.formats import write_alto

SIZE = (60, 40)


def page(name: str, image: str) -> Page:
    words = (Word((Glyph("L'an"),), space=Space()), Word((Glyph(name),), confidence=0.5))
    line = Line(
        "l1",
        Baseline(((5, 20), (50, 21))),
        Polygon(((5, 10), (50, 10), (50, 22), (5, 22))),
        words,
        0.75,
        "DefaultLine",
    )
    zone = Polygon(((2, 2), (58, 2), (58, 38), (2, 38)))
    regions = (Region("r1", "MainZone", zone, (line,)),)
    return Page("page", ImageRef(image, *SIZE), regions)


def made(folder: Path, suffix: str = ".jpg") -> tuple[PageFile, ...]:
    """Return a register of two pages with odd names below `folder/alto`, images in `scans`."""
    for name in ("p1", "1827 é/p 2#%"):
        image = folder / "scans" / f"{name}{suffix}"
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", SIZE, "white").save(image)
        path = folder / "alto" / f"{name}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (name.count("/") + 1)
        path.write_bytes(write_alto(page(name.split("/")[-1], f"{up}scans/{name}{suffix}")))
    return register([folder / "alto"])


def broken(folder: Path) -> tuple[PageFile, ...]:
    """Return the register with a third page, whose image is not there."""
    made(folder)
    (folder / "alto" / "p3.xml").write_bytes(write_alto(page("p3", "none.jpg")))
    return register([folder / "alto"])
