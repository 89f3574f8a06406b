"""Ground truth held against what a model reads: lines in the wrong place, pages that are wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image
from rapidfuzz.distance import Levenshtein

from htr.corpus.findings import DoubtfulPage, Finding, ReadLine
from htr.corpus.measures import bad_pages, needed_steps
from htr.corpus.statistics import group_of
from htr.corpus.text_line import TextLine
from htr.document.text import normalise
from htr.i18n import _, ngettext

_WORST = 5
_FEWEST = 100  # characters of a page
_WRONG = 0.7  # of a line's characters, from where its reading is another text
_ALIKE = 0.4
_SHORTEST = 8  # characters: shorter texts are like one another by chance


class Reader(Protocol):
    """What reads lines that are cut out (`htr.engine.line_model.LineModel`)."""

    @property
    def alphabet(self) -> Set[str]:
        """The characters that it can read."""

    def read(self, strips: Sequence[Image]) -> list[str]:
        """Return what stands on each strip."""

    def steps(self, strip: Image) -> int:
        """Return how many time steps there are for a strip."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """The lines of a page as a model reads them, and what it finds wrong with them."""

    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...]


def read_page(lines: Sequence[TextLine], reader: Reader) -> PageReading:
    """Return what a model reads on the lines of a page, which lines do not fit or are elsewhere."""
    strips = [line.strip() for line in lines]
    read = tuple(
        compared(line, reading) for line, reading in zip(lines, reader.read(strips), strict=True)
    )
    short = (
        _too_short(line, steps)
        for line, strip in zip(lines, strips, strict=True)
        if (steps := reader.steps(strip)) < needed_steps(line.text)
    )
    return PageReading(read, (*short, *slipped(read)))


def doubtful_pages(lines: Sequence[ReadLine]) -> tuple[DoubtfulPage, ...]:
    """Return the pages that are read far worse than is usual, the worst first.

    Pages with fewer than a hundred characters say too little.
    """
    pages: defaultdict[str, list[ReadLine]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    rates = {
        name: error_rate(own) or 0.0
        for name, own in pages.items()
        if sum(len(line.truth) for line in own) >= _FEWEST
    }
    bad = bad_pages({name: (group_of(name, "collection"), rate) for name, rate in rates.items()})
    found = [
        DoubtfulPage(
            name,
            rates[name],
            usual,
            tuple(sorted(pages[name], key=lambda line: (-line.cer, line.line))[:_WORST]),
        )
        for name, usual in bad.items()
    ]
    return tuple(sorted(found, key=lambda page: (-page.cer, page.page)))


def error_rate(lines: Sequence[ReadLine]) -> float | None:
    """Return the character error rate of lines together; None where there is no text."""
    length = sum(len(_folded(line.truth)) for line in lines)
    return sum(_distance(line.truth, line.reading) for line in lines) / length if length else None


def compared(line: TextLine, reading: str) -> ReadLine:
    """Return a line of truth beside what was read on it."""
    length = max(1, len(_folded(line.text)))
    cer = _distance(line.text, reading) / length
    return ReadLine(line.page, line.id, line.text, reading, cer, line.image)


def _too_short(line: TextLine, steps: int) -> Finding:
    note = ngettext(
        "{n} step of the network for a text that needs {needed}",
        "{n} steps of the network for a text that needs {needed}",
        steps,
    ).format(n=steps, needed=needed_steps(line.text))
    return Finding("fit", line.page, line.id, note, line.text, line.image)


def slipped(lines: Sequence[ReadLine]) -> Iterator[Finding]:
    """Yield the lines on which stands what is the text of another line of the page."""
    for line in lines:
        if line.cer < _WRONG or len(line.reading) < _SHORTEST:
            continue
        others = [other for other in lines if other is not line and len(other.truth) >= _SHORTEST]
        nearest = min(others, key=lambda other: _share(other.truth, line.reading), default=None)
        if nearest is not None and _share(nearest.truth, line.reading) < _ALIKE:
            note = _("the image shows the text of line {line}: {text}").format(
                line=nearest.line or "?", text=nearest.truth
            )
            yield Finding("elsewhere", line.page, line.line, note, line.truth, line.picture)


def _share(truth: str, reading: str) -> float:
    return _distance(truth, reading) / max(1, len(_folded(truth)))


def _distance(truth: str, reading: str) -> int:
    return Levenshtein.distance(_folded(truth), _folded(reading))


def _folded(text: str) -> str:
    # Conventions of transcription (kinds of quotes, of dashes) make no truth wrong.
    return normalise(text, "loose")
