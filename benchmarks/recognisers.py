"""Compare recognisers: CER by collection with the truth's layout, lines a second, size.

    python benchmarks/recognisers.py french-registers-1 other.mlmodel --pages ../shared/corpora/val

Lines are cut out of the pages once and read by each model in turn, by the best label at each step,
without a language model; texts are compared with `--normalise loose`. The rate is the best of three
readings of the first 500 lines, each model in each round; networks given as a specification in VGSL
are made with random weights and measured for their rate and size alone.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htr.corpus.cache import LineCache
from htr.corpus.lines import Choice, read_lines
from htr.corpus.text_line import TextLine
from htr.document.metrics import EditCounts
from htr.document.text import normalise
from htr.engine.models import recogniser
from htr.engine.reading import LineReader
from htr.evaluation.evaluate import compare
from htr.training import network

_ROUNDS = 3
_TIMED = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network with its name; without weights it cannot be asked to read."""

    name: str
    model: Any
    trained: bool

    @property
    def size(self) -> float:
        """Its weights in millions."""
        return float(sum(weights.numel() for weights in self.model.parameters()) / 1e6)

    def reader(self) -> LineReader:
        """Return what reads strips with it."""
        self.model.nn.eval()
        return LineReader(self.model, lambda _image, lines: [None] * len(lines))


def candidate(name: str) -> Candidate:
    """Return the network of a model's name or file, or of a specification."""
    if name.startswith("["):
        return Candidate(name, network.from_spec(name, map(chr, range(33, 142))), trained=False)
    return Candidate(Path(name).stem, network.load(recogniser(name)), trained=True)


def error_rates(one: Candidate, lines: Sequence[TextLine]) -> dict[str, EditCounts]:
    """Return the edits by collection, and of all together under an empty name."""
    counts: dict[str, EditCounts] = defaultdict(EditCounts)
    readings = one.reader().read_strips([line.strip() for line in lines])
    for line, reading in zip(lines, readings, strict=True):
        text = normalise("".join(reading.characters), "loose")
        edits = compare(line.text, text)[0].characters
        for name in ("", line.collection):
            counts[name] += edits
    return counts


def rates(candidates: Sequence[Candidate], lines: Sequence[TextLine]) -> list[float]:
    """Return the lines a second of each candidate: the best of some rounds, turn by turn."""
    strips = [line.strip() for line in lines[:_TIMED]]
    readers = [one.reader() for one in candidates]
    best = [0.0] * len(readers)
    for _round in range(_ROUNDS):
        for place, reader in enumerate(readers):
            start = time.perf_counter()
            reader.read_strips(strips)
            best[place] = max(best[place], len(strips) / (time.perf_counter() - start))
    return best


def main() -> None:
    """Print the comparison as a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", help="names, files, or specifications in VGSL")
    parser.add_argument("--pages", type=Path, default=Path("../shared/corpora/val"))
    given = parser.parse_args()
    lines = list(read_lines([given.pages], Choice(normalisation="loose"), LineCache()))
    candidates = [candidate(name) for name in given.models]
    counts = [error_rates(one, lines) if one.trained else {} for one in candidates]
    names = [one.name for one in candidates]
    collections = ["", *sorted({line.collection for line in lines})]
    rows = [
        [name or "all", *(_percent(found.get(name)) for found in counts)] for name in collections
    ]
    rows.append(["lines a second", *(f"{rate:.0f}" for rate in rates(candidates, lines))])
    rows.append(["weights, millions", *(f"{one.size:.2f}" for one in candidates)])
    print("| |", " | ".join(names), "|")
    print("|", " | ".join(["---"] * (len(names) + 1)), "|")
    for row in rows:
        print("|", " | ".join(row), "|")


def _percent(counts: EditCounts | None) -> str:
    return "" if counts is None or counts.rate is None else f"{counts.rate:.1%}"


if __name__ == "__main__":
    main()
