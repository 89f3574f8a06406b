"""The content stream of a page: its image, and the text that lies invisibly over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from htr.exchange.pdf.font import WIDTH, Codes
from htr.exchange.pdf.placement import PlacedLine, Sheet

IMAGE = "/Scan"
FONT = "/Text"
# Columns a, b, c, d of the text matrix by quarter turns clockwise.
_TURNS = ("1 0 0 1", "0 -1 1 0", "-1 0 0 -1", "0 1 -1 0")
# What draws an image upright, by its EXIF orientation: a, b, c, d, e, f on a page of 1 by 1.
_UPRIGHT = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_LEAST = 1.0  # per cent


def content(
    sheet: Sheet, lines: Iterable[PlacedLine], codes: Codes, *, orientation: int = 1
) -> bytes:
    """Return a page's content: the image by its EXIF orientation (1..8), then the text.

    The text is rendered in mode 3, which leaves no mark (ISO 32000-1, 9.3.6).
    """
    a, b, c, d, e, f = _UPRIGHT[orientation]
    w, h = sheet.width, sheet.height
    matrix = " ".join(map(_number, (a * w, b * h, c * w, d * h, e * w, f * h)))
    image = f"q {matrix} cm {IMAGE} Do Q"
    text = "\n".join(part for line in lines for part in _line(line, codes))
    return f"{image}\nBT 3 Tr\n{text}\nET\n".encode("ascii") if text else image.encode("ascii")


def _line(line: PlacedLine, codes: Codes) -> Iterator[str]:
    yield f"{FONT} {_number(line.size)} Tf"
    for word in line.words:
        natural = len(word.clusters) * line.size * WIDTH / 1000
        stretch = 100 * word.way / natural
        if abs(stretch) < _LEAST:  # of no width, and yet it must be found
            stretch = _LEAST
        yield f"{_number(stretch)} Tz {_TURNS[line.turns]} {_number(word.x)} {_number(word.y)} Tm"
        yield f"<{codes.encode(word.clusters)}> Tj"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
