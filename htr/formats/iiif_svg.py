"""Outlines and baselines as SVG, the selectors of IIIF annotations; others' read as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from lxml import etree

from htr.document.geometry import Baseline, Point, Polygon
from htr.errors import BadXml
from htr.formats.safe_xml import local_name, parse
from htr.formats.values import number, number_text, points, polygon

_SVG = "http://www.w3.org/2000/svg"
# The stubs do not know that the default namespace's prefix is None.
_PREFIXES: Any = {None: _SVG}
_STEPS = re.compile(r"([MLHVCSQTAZmlhvcsqtaz])([^MLHVCSQTAZmlhvcsqtaz]*)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
# How many numbers each command takes; the last two are where it ends (SVG 1.1, section 8.3).
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}


def write_svg(outline: Polygon | None, baseline: Baseline | None) -> str:
    """Return an `svg` element with a closed path for the outline, an open one for the baseline.

    Both are paths, absolute: viewers (Mirador) draw no other shape.
    """
    root = etree.Element(f"{{{_SVG}}}svg", nsmap=_PREFIXES)
    if outline is not None:
        etree.SubElement(root, f"{{{_SVG}}}path", d=f"{_path(outline.points)} Z", fill="none")
    if baseline is not None:
        etree.SubElement(root, f"{{{_SVG}}}path", d=_path(baseline.points), fill="none")
    return etree.tostring(root, encoding="unicode")


def read_svg(text: str) -> tuple[Polygon | None, Baseline | None]:
    """Return the first outline and the first open line that an `svg` element holds.

    Curves are taken as straight to where they end. (None, None) where it is no safe SVG.
    """
    try:
        root = parse(text.encode("utf-8", "replace"))
    except BadXml:
        return None, None
    outline: Polygon | None = None
    baseline: Baseline | None = None
    for found, closed in _shapes(root):
        if closed:
            outline = outline or polygon(found)
        elif baseline is None and len(found) > 1:
            baseline = Baseline(found)
    return outline, baseline


def _path(sequence: tuple[Point, ...]) -> str:
    return "M " + " L ".join(f"{number_text(x)} {number_text(y)}" for x, y in sequence)


def _shapes(root: etree._Element) -> Iterator[tuple[tuple[Point, ...], bool]]:
    """Return the points of each shape, and whether it is closed."""
    for element in root.iter("{*}*"):
        match local_name(element):
            case "path":
                data = element.get("d", "")
                yield tuple(_walk(data)), data.rstrip().endswith(("Z", "z"))
            case "polygon" | "polyline" as name:
                yield points(element.get("points")), name == "polygon"
            case "rect":
                yield _corners(element), True


def _walk(data: str) -> Iterator[Point]:
    """Return the points at which the steps of a path's first run end."""
    x = y = 0.0
    for place, (command, rest) in enumerate(_STEPS.findall(data)):
        kind = command.upper()
        if kind == "Z" or (kind == "M" and place):
            return
        numbers = [float(match) for match in _NUMBER.findall(rest)]
        size = _ARITY[kind]
        for start in range(0, len(numbers) - size + 1, size):
            step = numbers[start : start + size]
            across = x if command.islower() else 0.0
            down = y if command.islower() else 0.0
            if kind == "H":
                x = across + step[0]
            elif kind == "V":
                y = down + step[0]
            else:
                x, y = across + step[-2], down + step[-1]
            if not (isfinite(x) and isfinite(y)):
                return
            yield x, y


def _corners(element: etree._Element) -> tuple[Point, ...]:
    x, y = (number(element.get(name)) or 0.0 for name in ("x", "y"))
    width, height = (number(element.get(name)) or 0.0 for name in ("width", "height"))
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
