"""The text of lines in PAGE as it stands, and other text put in its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from math import inf

from lxml import etree

from htr.corpus.words import keeps_places
from htr.document.text import graphemes
from htr.formats.safe_xml import children
from htr.formats.values import number

_SPAN = re.compile(r"(\boffset\s*:\s*)(\d+)(\s*;\s*length\s*:\s*)(\d+)")


def line_id(line: etree._Element) -> str:
    """Return a line's id, empty if it has none."""
    return line.get("id", "")


def text(line: etree._Element) -> str:
    """Return a line's likeliest text, or that of its words where it has none of its own."""
    own = _likeliest(line)
    if own is not None:
        return _text(own)
    return " ".join(filter(None, map(_word_text, children(line, "Word"))))


def put(line: etree._Element, new: str, change: Callable[[str], str]) -> bool:
    """Give a line another text; return whether its words have lost their places by that.

    Its other readings are changed on their own, and what Transkribus marks in its text by offset
    and length is moved along.
    """
    old, own = text(line), _likeliest(line)
    _move_spans(line, old, new)
    words = list(children(line, "Word"))
    spelt = [word for word in words if _word_text(word)]
    before, after = [_word_text(word) for word in spelt], new.split()
    agree = before == old.split()
    lost = bool(words) and agree and not keeps_places(before, after)
    if own is None and lost:
        own = _added(line)
    for equivalent in children(line, "TextEquiv"):
        _set_text(equivalent, new if equivalent is own else change(_text(equivalent)))
    if lost:
        _drop(line, words)
        return True
    for word, share in zip(spelt, after if agree else map(change, before), strict=True):
        _set_word(word, share, change)
    return False


def finish(root: etree._Element, change: Callable[[str], str]) -> None:
    """Change the text that regions repeat of their lines, line by line."""
    for equivalent in root.iter("{*}TextEquiv"):
        parent = equivalent.getparent()
        name = "" if parent is None else str(etree.QName(parent).localname)
        if name.endswith("Region") or name == "TableCell":
            lines = _text(equivalent).split("\n")
            _set_text(equivalent, "\n".join(map(change, lines)))


def _likeliest(element: etree._Element) -> etree._Element | None:
    """Return the TextEquiv of the lowest index, or the first."""

    def rank(equivalent: etree._Element) -> float:
        index = number(equivalent.get("index"))
        return inf if index is None else index

    return min(children(element, "TextEquiv"), key=rank, default=None)


def _holders(equivalent: etree._Element) -> Iterator[etree._Element]:
    return children(equivalent, "Unicode", "PlainText")


def _text(equivalent: etree._Element) -> str:
    return next((holder.text for holder in _holders(equivalent) if holder.text), "") or ""


def _word_text(word: etree._Element) -> str:
    own = _likeliest(word)
    if own is not None:
        return " ".join(_text(own).split())
    letters = (_likeliest(glyph) for glyph in children(word, "Glyph"))
    return "".join(_text(letter) for letter in letters if letter is not None)


def _set_text(equivalent: etree._Element, new: str) -> None:
    for holder in _holders(equivalent):
        if holder.text and holder.text != new:
            holder.text = new


def _added(line: etree._Element) -> etree._Element:
    """Return a TextEquiv that a line gets, after its words and before its style, if it has one."""
    namespace = etree.QName(line).namespace
    equivalent = etree.Element(f"{{{namespace}}}TextEquiv")
    etree.SubElement(equivalent, f"{{{namespace}}}Unicode").text = text(line)
    last = list(children(line, "Coords", "Baseline", "Word"))[-1:]
    line.insert(line.index(last[0]) + 1 if last else 0, equivalent)
    return equivalent


def _drop(line: etree._Element, words: Sequence[etree._Element]) -> None:
    for word in words:
        line.remove(word)


def _set_word(word: etree._Element, new: str, change: Callable[[str], str]) -> None:
    """Give a Word another text, and its letters theirs if they are as many; else they go."""
    old, own = _word_text(word), _likeliest(word)
    if new == old:
        return
    glyphs = list(children(word, "Glyph"))
    letters = next((one for one in (graphemes(new), tuple(new)) if len(one) == len(glyphs)), None)
    if own is None and letters is None:
        own = _added(word)
    for equivalent in children(word, "TextEquiv"):
        _set_text(equivalent, new if equivalent is own else change(_text(equivalent)))
    if letters is None:
        _drop(word, glyphs)
        return
    for glyph, letter in zip(glyphs, letters, strict=True):
        found = _likeliest(glyph)
        if found is not None:
            _set_text(found, letter)


def _move_spans(line: etree._Element, old: str, new: str) -> None:
    custom = line.get("custom", "")
    if not _SPAN.search(custom):
        return
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()

    def moved(place: int) -> int:
        for tag, before, end, after, _end in codes:
            if place < end:
                return after + (place - before if tag == "equal" else 0)
        return len(new)

    def span(match: re.Match[str]) -> str:
        start, end = int(match[2]), int(match[2]) + int(match[4])
        first = moved(start)
        return f"{match[1]}{first}{match[3]}{max(0, moved(end) - first)}"

    shifted = _SPAN.sub(span, custom)
    if shifted != custom:
        line.set("custom", shifted)
