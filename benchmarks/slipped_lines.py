"""How often `htr corpus check` finds a page on which every line has the next line's text.

Each page of a corpus is spoilt so in its turn, while the others stay right; beside that it is
counted what is found where nothing was spoilt. Prints a table.

    python -m benchmarks.slipped_lines ../shared/corpora/val
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from htr.corpus.cache import LineCache
from htr.corpus.findings import ReadLine
from htr.corpus.lines import Choice, page_lines
from htr.corpus.reading import compared, doubtful_pages, slipped
from htr.corpus.text_line import TextLine
from htr.engine import EngineSpec
from htr.engine.line_model import LineModel
from htr.engine.models import recogniser, segmenter
from htr.exchange.register import register


def main() -> None:
    """Spoil the pages of the folders that the command line names, one by one, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    model = LineModel(EngineSpec(recogniser(options.model), segmenter(None)))
    cache = LineCache()
    right: dict[str, list[ReadLine]] = {}
    spoilt: dict[str, list[ReadLine]] = {}
    for file in register(options.sources):
        lines = page_lines(file, Choice(), cache)
        if len(lines) < 2:
            continue
        readings = model.read([line.strip() for line in lines])
        right[file.name] = list(map(compared, lines, readings))
        spoilt[file.name] = list(map(compared, _shifted(lines), readings))
    _print(right, spoilt)


def _shifted(lines: Sequence[TextLine]) -> list[TextLine]:
    following = (*lines[1:], lines[0])
    return [line.with_text(other.text) for line, other in zip(lines, following, strict=True)]


def _print(right: dict[str, list[ReadLine]], spoilt: dict[str, list[ReadLine]]) -> None:
    by_rate = sum(name in _doubtful({**right, name: spoilt[name]}) for name in right)
    by_line = [name for name in right if list(slipped(spoilt[name]))]
    either = sum(
        name in by_line or name in _doubtful({**right, name: spoilt[name]}) for name in right
    )
    rows = (
        ("", "pages", "doubtful", "with lines elsewhere", "either"),
        ("spoilt", len(right), by_rate, len(by_line), either),
        (
            "as they are",
            len(right),
            len(_doubtful(right)),
            sum(bool(list(slipped(lines))) for lines in right.values()),
            len(_doubtful(right) | {name for name in right if list(slipped(right[name]))}),
        ),
    )
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def _doubtful(pages: dict[str, list[ReadLine]]) -> set[str]:
    return {page.page for page in doubtful_pages([line for own in pages.values() for line in own])}


if __name__ == "__main__":
    main()
