"""The text of lines in ALTO as it stands, and other text put in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, groupby, pairwise

from lxml import etree

from htr.corpus.words import keeps_places
from htr.document.text import graphemes
from htr.formats.safe_xml import children, local_name

_BOX = ("HPOS", "VPOS", "WIDTH", "HEIGHT")
_KEPT = ("ID", "STYLEREFS", "LANG", "CS")


def line_id(line: etree._Element) -> str:
    """Return a line's ID, empty if it has none."""
    return line.get("ID", "")


def text(line: etree._Element) -> str:
    """Return a line's text: its Strings, a space for each SP, and its hyphen."""
    return "".join(map(_content, _parts(line)))


def put(line: etree._Element, new: str, change: Callable[[str], str]) -> bool:
    """Give a line another text; return whether its words have lost their places by that.

    Whole words that a hyphen divides (SUBS_CONTENT) are changed on their own.
    """
    parts = _parts(line)
    for part in parts:
        if part.get("SUBS_CONTENT"):
            _set(part, "SUBS_CONTENT", change(part.get("SUBS_CONTENT", "")))
    if [local_name(part) for part in parts] == ["String"]:
        _set_word(parts[0], new)
        return False
    words = [
        list(word) for space, word in groupby(parts, lambda el: local_name(el) == "SP") if not space
    ]
    pieces = _shared_out(words, new)
    if pieces is None:
        _put_whole(line, parts, new)
        return True
    for part, piece in pieces:
        if local_name(part) == "HYP":
            _set(part, "CONTENT", piece)
        else:
            _set_word(part, piece)
    return False


def finish(root: etree._Element, change: Callable[[str], str]) -> None:
    """Do nothing: ALTO has no text outside of lines."""


def _parts(line: etree._Element) -> list[etree._Element]:
    return list(children(line, "String", "SP", "HYP"))


def _content(part: etree._Element) -> str:
    match local_name(part):
        case "SP":
            return " "
        case "HYP":
            return part.get("CONTENT", "-")
        case _:
            return part.get("CONTENT", "")


def _joined(word: Sequence[etree._Element]) -> str:
    """Return a word's text, white space within it as single spaces."""
    return " ".join("".join(map(_content, word)).split())


def _shared_out(
    words: Sequence[Sequence[etree._Element]], new: str
) -> list[tuple[etree._Element, str]] | None:
    """Return the Strings and hyphens that change, with their text; None if words lose places."""
    before = [_joined(word).split() for word in words]
    after = new.split()
    if not all(before) or not keeps_places([one for word in before for one in word], after):
        return None
    rest = iter(after)
    shares = [" ".join(next(rest) for _one in word) for word in before]
    found: list[tuple[etree._Element, str]] = []
    for word, share in zip(words, shares, strict=True):
        if share == _joined(word):
            continue
        ends = _ends(word, share)
        if ends is None:
            return None
        found += [
            (part, share[start:end])
            for part, (start, end) in zip(word, pairwise(ends), strict=True)
        ]
    return found


def _ends(word: Sequence[etree._Element], share: str) -> list[int] | None:
    """Return where a word's text is divided between its parts; None where that is not plain."""
    lengths = [len(_content(part)) for part in word]
    if sum(lengths) == len(share):
        return [0, *accumulate(lengths)]
    if len(word) == 1:
        return [0, len(share)]
    hyphen = lengths[-1]
    if local_name(word[-1]) == "HYP" and len(word) == 2 and 0 < hyphen < len(share):
        return [0, len(share) - hyphen, len(share)]
    return None


def _put_whole(line: etree._Element, parts: Sequence[etree._Element], new: str) -> None:
    """Make one String of a line's, as wide as the line."""
    kept = {name: value for name in _KEPT if (value := parts[0].get(name)) is not None}
    box = {name: value for name in _BOX if (value := line.get(name)) is not None}
    string = etree.Element(f"{{{etree.QName(line).namespace}}}String", {**kept, **box})
    string.set("CONTENT", new)
    string.tail = parts[-1].tail
    line.insert(line.index(parts[0]), string)
    for part in parts:
        line.remove(part)


def _set_word(string: etree._Element, new: str) -> None:
    """Give a String another text, and its letters theirs if they are as many; else they go."""
    old = string.get("CONTENT", "")
    if new == old:
        return
    string.set("CONTENT", new)
    if "CC" in string.attrib and len(graphemes(old)) != len(graphemes(new)):
        del string.attrib["CC"]
    glyphs = list(children(string, "Glyph"))
    # The schema has one code point in a Glyph; some programs write marks as Glyphs of their own.
    for letters in (graphemes(new), tuple(new)):
        if len(letters) == len(glyphs):
            for glyph, letter in zip(glyphs, letters, strict=True):
                _set(glyph, "CONTENT", letter[:1])
            return
    for glyph in glyphs:
        string.remove(glyph)


def _set(element: etree._Element, name: str, value: str) -> None:
    if element.get(name) != value:
        element.set(name, value)
