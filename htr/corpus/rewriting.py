"""Text put in the place of text in ALTO and PAGE, whatever program wrote them, and nothing else.

A line's text is changed as a whole, so that a change may look at, or reach over, several words. Its
words keep their places, confidences and letters where each word of the new text has one of the old
in its place. Where words were joined, divided or dropped, the line goes on without places of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lxml import etree

from htr.corpus import alto_text, page_text
from htr.formats.safe_xml import local_name

Change: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """A line's text before and after; `words_lost` where its words have no places any more."""

    line: str
    before: str
    after: str
    words_lost: bool = False


class _Form(Protocol):
    def line_id(self, line: etree._Element, /) -> str: ...
    def text(self, line: etree._Element, /) -> str: ...
    def put(self, line: etree._Element, new: str, change: Change, /) -> bool: ...
    def finish(self, root: etree._Element, change: Change, /) -> None: ...


def texts(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each line of a page as the file has them, in its order."""
    form = _form(root)
    for line in root.iter("{*}TextLine"):
        yield form.line_id(line), form.text(line)


def rewrite(root: etree._Element, change: Change) -> tuple[Edit, ...]:
    """Put what `change` makes of each line's text into a page's tree; return what has changed."""
    form = _form(root)
    edits = []
    for line in root.iter("{*}TextLine"):
        before = form.text(line)
        after = change(before)
        if after != before:
            lost = form.put(line, after, change)
            edits.append(Edit(form.line_id(line), before, after, lost))
    form.finish(root, change)
    return tuple(edits)


def _form(root: etree._Element) -> _Form:
    return alto_text if local_name(root) == "alto" else page_text
