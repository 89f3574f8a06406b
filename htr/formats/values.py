"""Numbers, points and boxes as ALTO and PAGE write them; unreadable ones are None, never 0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from math import isfinite
from typing import TypeGuard

from lxml import etree

from htr.document.geometry import Box, Point, Polygon

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_MOST_DIGITS = 20  # of one number or several: none is beyond a float
_EXACT = Context(prec=60)  # of pixels, sums and differences stay exact


@dataclass(frozen=True, slots=True)
class Scale:
    """How many pixels one unit of the file is, across and down."""

    x: float = 1.0
    y: float = 1.0


PIXELS = Scale()


def _is_count(text: str | None) -> TypeGuard[str]:
    """Return whether a text is a few digits and nothing else: such need no closer look."""
    return text is not None and text.isdecimal() and text.isascii() and len(text) < _MOST_DIGITS


def number(text: str | None) -> float | None:
    """Return the finite number that a text stands for, or None."""
    if _is_count(text):
        return float(text)
    match = _NUMBER.fullmatch((text or "").strip())
    value = float(match[0]) if match else None
    return value if value is not None and isfinite(value) else None


def confidence(text: str | None) -> float | None:
    """Return the confidence that a text stands for, or None if it is no number in 0..1."""
    value = number(text)
    return value if value is not None and 0 <= value <= 1 else None


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number: `12`, `12.5`."""
    return repr(float(value)).removesuffix(".0")


def extent_text(low: float, high: float) -> str:
    """Return `high - low` exactly, so that `low` plus it reads back as `high`."""
    difference = _EXACT.subtract(Decimal(repr(float(high))), Decimal(repr(float(low))))
    text = format(difference, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def points(text: str | None, scale: Scale = PIXELS) -> tuple[Point, ...]:
    """Return the points of `x,y x,y`, `x y x y` or `(x,y) (x,y)` in pixels.

    Empty where a coordinate lacks its partner or is beyond any number's range.
    """
    spaced = (text or "").replace(",", " ")
    digits = spaced.replace(" ", "")
    plain = digits.isdecimal() and digits.isascii()  # as nearly all are: they split sooner
    numbers = list(map(float, spaced.split() if plain else _NUMBER.findall(text or "")))
    if len(numbers) % 2 or not all(map(isfinite, numbers)):
        return ()
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return tuple(pairs) if scale == PIXELS else tuple((x * scale.x, y * scale.y) for x, y in pairs)


def points_text(sequence: tuple[Point, ...]) -> str:
    """Return points as `x y x y`, the form that ALTO's other readers all take."""
    return " ".join(number_text(value) for point in sequence for value in point)


def polygon(corners: tuple[Point, ...]) -> Polygon | None:
    """Return the outline through corners, as they are given; None if fewer than three differ."""
    return Polygon(corners) if len(set(corners)) > 2 else None


def box_polygon(box: Box | None) -> Polygon | None:
    """Return a box's outline, clockwise from the top left; None if it has no area."""
    if box is None or box.width <= 0 or box.height <= 0:
        return None
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return Polygon(((left, top), (right, top), (right, bottom), (left, bottom)))


def box(element: etree._Element, scale: Scale = PIXELS) -> Box | None:
    """Return the box of an ALTO element's HPOS, VPOS, WIDTH and HEIGHT in pixels, or None."""
    places = [element.get(name, "") for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    if all(places) and _is_count("".join(places)):  # which tells it of each, and is soon done
        left, top, width, height = map(int, places)
        return Box(
            left * scale.x, top * scale.y, (left + width) * scale.x, (top + height) * scale.y
        )
    across = _span(places[0], places[2], scale.x)
    down = _span(places[1], places[3], scale.y)
    if across is None or down is None:
        return None
    return Box(across[0], down[0], across[1], down[1])


def _span(start: str, size: str, scale: float) -> tuple[float, float] | None:
    low, length = number(start), number(size)
    if low is None or length is None or length < 0:
        return None
    high = float(_EXACT.add(_decimal(start, low), _decimal(size, length)))
    return low * scale, high * scale


def _decimal(text: str, value: float) -> Decimal:
    # A text with an exponent may hold one that no Decimal can; its float has only sane ones.
    return Decimal(repr(value)) if "e" in text.lower() else Decimal(text.strip())
