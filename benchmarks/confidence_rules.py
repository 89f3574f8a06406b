"""Compare rules for confidences: how well do they rank, and foretell, what was read wrong?

    htr transcribe ../shared/corpora/val -r --keep-layout -o OUT
    python benchmarks/confidence_rules.py ../shared/corpora/val OUT

Words are aligned with the truth's line by line (Levenshtein over words, `loose` normalisation); a
word is right if it is equal to its counterpart. For each rule over a word's glyphs:
AUC, the probability that a right word has a higher confidence than a misread one (ties count
half); `found`, the share of all misread words among the tenth of words with the lowest
confidences; ECE, the expected calibration error over ten bins of equally many words: how far
confidence and share of right words lie apart. For lines, over glyphs and spaces: Spearman's rank
correlation of confidence and accuracy (1 - CER).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from math import prod
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.stats import spearmanr

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


def calibration_error(scores: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error over ten bins of equally many words."""
    bins = np.array_split(np.argsort(scores, kind="stable"), 10)
    gaps = [abs(scores[members].mean() - right[members].mean()) for members in bins]
    return float(np.average(gaps, weights=[len(members) for members in bins]))


def accuracy(truth: Line, read: Line) -> float:
    """Return 1 - CER of a line."""
    wanted, found = normalise(truth.text, "loose"), normalise(read.text, "loose")
    return 1 - Levenshtein.distance(wanted, found) / len(wanted)


def line_confidences(line: Line) -> list[float]:
    """Return the confidences of a line's glyphs and spaces."""
    glyphs = [glyph.confidence for word in line.words for glyph in word.glyphs]
    spaces = [word.space.confidence for word in line.words if word.space]
    return [value for value in (*glyphs, *spaces) if value is not None]


def lines(truth: Path, read: Path) -> Iterator[tuple[Line, Line]]:
    """Yield the lines of all pages that have text, with what was read there."""
    for path in sorted(truth.rglob("*.xml")):
        ours = {line.id: line for line in read_page(read / path.relative_to(truth)).lines}
        for line in read_page(path).lines:
            if normalise(line.text, "loose") and line.id in ours and ours[line.id].words:
                yield line, ours[line.id]


def main() -> None:
    """Print a table of the rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("read", type=Path)
    arguments = parser.parse_args()
    pairs = list(lines(arguments.truth, arguments.read))
    flagged = [pair for truth, read in pairs for pair in words(truth, read)]
    glyphs = [
        [g.confidence for g in word.glyphs if g.confidence is not None] for word, _ in flagged
    ]
    right = np.array([is_right for _word, is_right in flagged])
    accuracies = [accuracy(truth, read) for truth, read in pairs]
    print(f"{len(right)} words, {(~right).mean():.1%} misread; {len(pairs)} lines")
    print(f"{'rule':<18}{'AUC':>8}{'found':>8}{'ECE':>8}{'lines':>8}")
    for name, rule in RULES.items():
        scores = np.array([rule(values) for values in glyphs])
        lowest = np.argsort(scores, kind="stable")[: len(scores) // 10]
        found = (~right[lowest]).sum() / (~right).sum()
        by_line = spearmanr([rule(line_confidences(read)) for _truth, read in pairs], accuracies)
        print(
            f"{name:<18}{auc(scores, right):>8.3f}{found:>8.1%}"
            f"{calibration_error(scores, right):>8.3f}{by_line.statistic:>8.3f}"
        )


if __name__ == "__main__":
    main()
