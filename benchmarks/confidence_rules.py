"""Compare rules for a word's confidence: how well does each rank misread words below right ones?

    htr transcribe ../shared/corpora/val -r --keep-layout -o OUT
    python benchmarks/confidence_rules.py ../shared/corpora/val OUT

Words are aligned with the truth's line by line (Levenshtein over words, `loose` normalisation); a
word is right if it is equal to its counterpart. For each rule: AUC, the probability that a right
word has a higher confidence than a misread one (ties count half), and the share of all misread
words among the tenth of words with the lowest confidences.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from math import prod
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from htr.api import read_page
from htr.document.confidence import geometric_mean
from htr.document.page import Line, Word
from htr.document.text import normalise

RULES: dict[str, Callable[[list[float]], float]] = {
    "geometric mean": lambda values: geometric_mean((v, 1.0) for v in values) or 0.0,
    "arithmetic mean": lambda values: sum(values) / len(values),
    "harmonic mean": lambda values: len(values) / sum(1 / max(v, 1e-6) for v in values),
    "least": min,
    "product": prod,
}


def words(truth: Line, read: Line) -> Iterator[tuple[Word, bool]]:
    """Yield each word that was read and whether it is right."""
    wanted = normalise(truth.text, "loose").split()
    found = [normalise(word.text, "loose") for word in read.words]
    right = {
        block.b + offset
        for block in Levenshtein.opcodes(wanted, found).as_matching_blocks()
        for offset in range(block.size)
    }
    for index, word in enumerate(read.words):
        yield word, index in right


def auc(scores: np.ndarray, right: np.ndarray) -> float:
    """Return the area under the ROC curve, by ranks (Mann-Whitney U), ties counted half."""
    _values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    good, bad = int(right.sum()), int((~right).sum())
    return float((ranks[right].sum() - good * (good + 1) / 2) / (good * bad))


def main() -> None:
    """Print a table of the rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("read", type=Path)
    arguments = parser.parse_args()
    confidences: list[list[float]] = []
    flags: list[bool] = []
    for path in sorted(arguments.truth.rglob("*.xml")):
        ours = read_page(arguments.read / path.relative_to(arguments.truth))
        lines = {line.id: line for line in ours.lines}
        for truth in read_page(path).lines:
            if truth.text and truth.id in lines:
                for word, is_right in words(truth, lines[truth.id]):
                    values = [g.confidence for g in word.glyphs if g.confidence is not None]
                    confidences.append(values)
                    flags.append(is_right)
    right = np.array(flags)
    print(f"{len(right)} words, {(~right).mean():.1%} misread")
    print(f"{'rule':<18}{'AUC':>8}{'misread in the lowest tenth':>30}")
    for name, rule in RULES.items():
        scores = np.array([rule(values) for values in confidences])
        lowest = np.argsort(scores, kind="stable")[: len(scores) // 10]
        share = (~right[lowest]).sum() / (~right).sum()
        print(f"{name:<18}{auc(scores, right):>8.4f}{share:>30.1%}")


if __name__ == "__main__":
    main()
