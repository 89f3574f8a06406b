"""ALTO 1 to 4 into a Page: the files of kraken, eScriptorium, Transkribus, ABBYY and our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from lxml import etree

from htr.document.geometry import Baseline, Box, Polygon
from htr.document.page import Direction, Glyph, ImageRef, Line, Page, Region, Space, Word
from htr.document.text import clean, direction, graphemes
from htr.errors import BadXml
from htr.formats import values
from htr.formats.alto_steps import steps
from htr.formats.header import image_sha256
from htr.formats.ids import with_ids
from htr.formats.order import ordered
from htr.formats.safe_xml import PathLike, child, child_text, children, local_name
from htr.formats.values import PIXELS, Scale, confidence, number
from htr.formats.words import aligned, plain_words
from htr.i18n import _

CONFIDENCES = "urn:htr:confidence:1"
READING = "reading"  # the purpose of an alternative that is another reading of the word
# Reading order of the page's spaces; the schema has all margins before the print space.
_SPACES = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")
_TAGS = ("LayoutTag", "StructureTag", "RoleTag", "OtherTag")


@dataclass(frozen=True, slots=True)
class _File:
    """What every element's reading needs to know of the whole file."""

    scale: Scale
    tags: Mapping[str, etree._Element]
    confidences: Mapping[str, etree._Element]
    letters: bool


def read_alto(
    root: etree._Element,
    *,
    path: PathLike | None = None,
    image_size: tuple[int, int] | None = None,
    letters: bool = True,
) -> Page:
    """Return the first page of an ALTO file's root element, in pixels.

    Without `letters`, words come with their text, boxes and confidences, and of their letters no
    more than the text, which takes a third of the time.
    Raises BadXml if there is no page, or if the file counts in mm10 or inch1200 and `image_size`
    (width and height in pixels) is not given, or the file does not say how large its page is.
    """
    element = child(child(root, "Layout"), "Page")
    if element is None:
        raise BadXml(
            _("The ALTO file describes no page."),
            path=path,
            hint=_("Copy or export the file again from where it came from."),
        )
    description = child(root, "Description")
    source = child(description, "sourceImageInformation")
    size, scale = _size(element, description, path, image_size)
    file = _File(scale, _tags(root), _confidences(root), letters)
    spaces = sorted(children(element, *_SPACES), key=lambda el: _SPACES.index(local_name(el)))
    regions = [region for space in spaces for region in _regions(space, file)]
    page = Page(
        id=element.get("ID", ""),
        image=ImageRef(
            _file_name(child_text(source, "fileName") or ""), *size, sha256=image_sha256(source)
        ),
        regions=ordered(regions, _order(root)),
        confidence=confidence(element.get("PC")),
        steps=tuple(steps(description)),
    )
    return with_ids(page)


def _size(
    page: etree._Element,
    description: etree._Element | None,
    path: PathLike | None,
    image_size: tuple[int, int] | None,
) -> tuple[tuple[int, int], Scale]:
    """Return the page's size in pixels and the file's scale."""
    space = child(page, "PrintSpace")
    width, height = (
        number(page.get(name)) or (number(space.get(name)) if space is not None else None) or 0.0
        for name in ("WIDTH", "HEIGHT")
    )
    unit = (child_text(description, "MeasurementUnit") or "pixel").strip()
    if unit == "pixel":
        known = (round(width), round(height))
        return (image_size if image_size and not all(known) else known), PIXELS
    if image_size is None or not width or not height:
        raise BadXml(
            _("The ALTO file counts in {unit} and not in pixels.").format(unit=unit),
            path=path,
            hint=_("Put the page's image beside it, or export it with pixel as the unit."),
        )
    return image_size, Scale(image_size[0] / width, image_size[1] / height)


def _file_name(text: str) -> str:
    # White space around a name on a line of its own is indentation; else it is the name's own.
    return text.strip() if "\n" in text else text


def _tags(root: etree._Element) -> dict[str, etree._Element]:
    return {tag.get("ID", ""): tag for tag in children(child(root, "Tags"), *_TAGS)}


def _confidences(root: etree._Element) -> dict[str, etree._Element]:
    """Return our own record of confidences, by line ID; the writer's docstring says what it is."""
    tags = child(root, "Tags")
    lines = () if tags is None else tags.iter(f"{{{CONFIDENCES}}}line")
    return {line.get("ref", ""): line for line in lines}


def _order(root: etree._Element) -> list[str]:
    """Return the IDs in the order of the first OrderedGroup: of several orders, the first."""
    reading_order = child(root, "ReadingOrder")
    groups = [] if reading_order is None else list(reading_order.iter("{*}OrderedGroup"))
    if not groups:
        return []
    return [name for part in groups[0].iter("{*}*") for name in part.get("REF", "").split()]


def _regions(parent: etree._Element, file: _File) -> Iterator[Region]:
    """Return the regions in a space or block, one for each block that holds no other."""
    for block in children(parent, "TextBlock", "Illustration", "GraphicalElement", "ComposedBlock"):
        name = local_name(block)
        inner = list(_regions(block, file)) if name == "ComposedBlock" else []
        if inner:
            yield from inner
            continue
        kind = _kind(block, ("block", "region"), file)
        if name != "TextBlock":
            kind = block.get("TYPE") or kind or name
        yield Region(
            id=block.get("ID", ""),
            kind=kind,
            polygon=_polygon(block, file.scale),
            lines=tuple(_line(line, block, file) for line in children(block, "TextLine")),
        )


def _kind(element: etree._Element, names: tuple[str, ...], file: _File) -> str | None:
    """Return the label of the tag that says what an element is, or None."""
    tags = [file.tags[ref] for ref in element.get("TAGREFS", "").split() if ref in file.tags]
    for tag in tags:
        said = f"{tag.get('TYPE', '')} {tag.get('DESCRIPTION', '')}".split()
        if any(word.lower() in names for word in said):
            return tag.get("LABEL") or None
    others = (tag for tag in tags if tag.get("TYPE") not in ("language", "split"))
    return next((label for tag in others if (label := tag.get("LABEL"))), None)


def _polygon(element: etree._Element, scale: Scale) -> Polygon | None:
    outline = child(child(element, "Shape"), "Polygon")
    shape = None
    if outline is not None:
        shape = values.polygon(values.points(outline.get("POINTS"), scale))
    return shape or values.box_polygon(values.box(element, scale))


def _line(element: etree._Element, block: etree._Element, file: _File) -> Line:
    polygon = _polygon(element, file.scale)
    box = values.box(element, file.scale)
    extent = box or (polygon.box if polygon else None)
    baseline = _baseline(element.get("BASELINE"), extent, file.scale)
    if baseline is not None and child(element, "Shape") is None and box == baseline.box:
        polygon = None  # a box around no more than the baseline says nothing of the letters
    own = file.confidences.get(element.get("ID", ""))
    words = _words(element, file, own)
    line = Line(
        id=element.get("ID", ""),
        baseline=baseline,
        polygon=polygon,
        words=words,
        confidence=None if own is None else confidence(own.get("value")),
        kind=_kind(element, ("line",), file),
        corrected=any(
            part.get("CS") in ("true", "1")
            for part in (block, element, *children(element, "String"))
        ),
    )
    return replace(line, direction=_direction(element, block, line.text))


def _baseline(text: str | None, box: Box | None, scale: Scale) -> Baseline | None:
    """Return a polyline (ALTO 4.2 and later), or a level line at one height (before)."""
    height = number(text)
    if height is not None:
        y = height * scale.y
        return None if box is None else Baseline(((box.left, y), (box.right, y)))
    points = values.points(text, scale)
    return Baseline(points) if len(points) > 1 else None


def _direction(element: etree._Element, block: etree._Element, text: str) -> Direction:
    said = element.get("BASEDIRECTION") or block.get("BASEDIRECTION")
    return next((known for known in get_args(Direction) if known == said), direction(text))


def _words(element: etree._Element, file: _File, own: etree._Element | None) -> tuple[Word, ...]:
    words: list[Word] = []
    scale = file.scale
    known = iter(_space_confidences(element, own))
    for part in children(element, "String", "SP", "HYP"):
        match local_name(part):
            case "SP":
                _end_word(words, Space(values.box(part, scale), next(known, None)))
            case "HYP":
                _hyphenate(words, part, scale)
            case _:
                content = clean(part.get("CONTENT", ""))
                if content[:1].isspace():
                    _end_word(words, Space())
                words += _string(part, content, file)
                if content[-1:].isspace():
                    _end_word(words, Space())
    return (*words[:-1], replace(words[-1], space=None)) if words else ()


def _space_confidences(
    element: etree._Element, own: etree._Element | None
) -> Sequence[float | None]:
    """Return what our own record says of a line's spaces; nothing if it has other ones by now."""
    if own is None:
        return ()
    found = [confidence(text) for text in own.get("spaces", "").split()]
    return found if len(found) == sum(1 for _space in children(element, "SP")) else ()


def _end_word(words: list[Word], space: Space) -> None:
    if words and words[-1].space is None:
        last = words[-1]
        # Sooner than `replace`.
        words[-1] = Word(last.glyphs, last.box, last.confidence, space, last.alternatives)


def _string(element: etree._Element, content: str, file: _File) -> tuple[Word, ...]:
    parts = content.split()
    if len(parts) != 1:  # a box and a confidence of several words are none of theirs
        return plain_words(content)
    glyphs = _glyphs(element, parts[0], file.scale) if file.letters else []
    box = values.box(element, file.scale)
    others = tuple(_alternatives(element))
    word = Word(aligned(parts[0], glyphs), box, confidence(element.get("WC")), None, others)
    return (word,)


def _alternatives(element: etree._Element) -> Iterator[str]:
    """Yield other readings of a word, but none that say that they have another purpose."""
    for other in children(element, "ALTERNATIVE"):
        if other.text and other.get("PURPOSE", READING) == READING:
            yield clean(other.text)


def _glyphs(element: etree._Element, text: str, scale: Scale) -> list[Glyph]:
    return [
        Glyph(
            text=glyph.get("CONTENT", ""),
            box=values.box(glyph, scale),
            polygon=values.polygon(values.points(_points(glyph), scale)),
            confidence=confidence(glyph.get("GC")),
        )
        for glyph in children(element, "Glyph")
    ] or _from_cc(text, element.get("CC", ""))


def _points(element: etree._Element) -> str | None:
    outline = child(child(element, "Shape"), "Polygon")
    return None if outline is None else outline.get("POINTS")


def _from_cc(text: str, code: str) -> list[Glyph]:
    """Return glyphs of the confidences in CC, a digit a character: 0 is sure, 9 is not."""
    digits = [int(digit) for digit in code if digit in "0123456789"]
    clusters = graphemes(text)
    if len(digits) != len(clusters):
        return []
    return [
        Glyph(cluster, confidence=round(1 - digit / 9, 4))
        for cluster, digit in zip(clusters, digits, strict=True)
    ]


def _hyphenate(words: list[Word], element: etree._Element, scale: Scale) -> None:
    """Append a HYP to the last word, as a glyph with its box."""
    text = clean(element.get("CONTENT", "-")).strip()
    if not text:
        return
    box = values.box(element, scale)
    last = words.pop() if words else Word((), box)
    words.append(
        Word(
            glyphs=(*last.glyphs, *(Glyph(cluster, box) for cluster in graphemes(text))),
            box=Box.union((last.box, box)) if last.box and box else last.box,
            confidence=last.confidence,
        )
    )
