"""Modified Kneser-Ney smoothing: by hand, against the equations written out, and as it must be."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htr.engine.language.automaton import LanguageModel
from htr.engine.language.ngrams import END, LETTERS, START, UNKNOWN
from htr.training.language.counts import count, letters_of, longest_order
from htr.training.language.kneser_ney import estimate

_lines = st.lists(st.text("abé ", min_size=0, max_size=8), min_size=1, max_size=6)


def probability(model: LanguageModel, context: Sequence[int], symbol: int) -> float:
    """What the automaton says of a symbol after others."""
    state = np.array([0])
    for before in context:
        state, _factor = model.step(state, np.array([before]))
    return float(model.step(state, np.array([symbol]))[1][0])


def test_a_line_of_two_letters_by_hand() -> None:
    model = LanguageModel(estimate(count(["ab"], "ab", 2), "ab"))
    a, b = LETTERS, LETTERS + 1
    # Three symbols were seen once, each after one other: (1 - 0.5) / 3 each, and a half is left
    # for all four that there are, of which the unknown letter is one.
    alone = 0.5 / 3 + 0.5 / 4
    assert probability(model, [], a) == pytest.approx(alone)
    assert probability(model, [], UNKNOWN) == pytest.approx(0.5 / 4)
    assert probability(model, [a], b) == pytest.approx((1 - 0.5) / 1 + 0.5 * alone)
    assert probability(model, [a], a) == pytest.approx(0.5 * alone)
    assert probability(model, [START], a) == pytest.approx(0.5 + 0.5 * alone)
    assert probability(model, [b], END) == pytest.approx(0.5 + 0.5 * alone)


class Equations:
    """Interpolated modified Kneser-Ney as Chen and Goodman write it, n-gram by n-gram."""

    def __init__(self, lines: Sequence[str], letters: str, order: int) -> None:
        self.order = order
        self.symbols = [END, UNKNOWN, *range(LETTERS, LETTERS + len(letters))]
        rows = [[START, *(LETTERS + letters.index(x) for x in line), END] for line in lines]
        raw = [
            Counter(
                tuple(row[at : at + length])
                for row in rows
                for at in range(len(row) - length + 1)
                if row[at : at + length] != [START]
            )
            for length in range(1, order + 1)
        ]
        self.counts: list[Counter[tuple[int, ...]]] = []
        for length in range(1, order + 1):
            if length == order:
                self.counts.append(raw[-1])
                continue
            before = Counter(gram[1:] for gram in raw[length])
            first = {gram: n for gram, n in raw[length - 1].items() if gram[0] == START}
            self.counts.append(Counter({**before, **first}))

    def discount(self, length: int, number: int) -> float:
        having = Counter(self.counts[length - 1].values())
        n = [having[value] for value in range(5)]
        usual = [0.0, 0.5, 1.0, 1.5]
        if not all(n[1:]):
            return usual[min(number, 3)]
        y = n[1] / (n[1] + 2 * n[2])
        found = [0.0, *(k - (k + 1) * y * n[k + 1] / n[k] for k in (1, 2, 3))]
        right = all(0 < found[k] < k for k in (1, 2, 3))
        return (found if right else usual)[min(number, 3)]

    def __call__(self, context: tuple[int, ...], symbol: int) -> float:
        length = len(context) + 1
        shorter = self(context[1:], symbol) if context else 1 / len(self.symbols)
        known = {g[-1]: n for g, n in self.counts[length - 1].items() if g[:-1] == context}
        total = sum(known.values())
        if not total:
            return shorter
        number = known.get(symbol, 0)
        left = sum(self.discount(length, n) for n in known.values()) / total
        return max(0.0, number - self.discount(length, number)) / total + left * shorter


@settings(max_examples=40, deadline=None)
@given(lines=_lines, order=st.integers(1, 4), data=st.data())
def test_probabilities_are_those_of_the_equations(
    lines: list[str], order: int, data: st.DataObject
) -> None:
    letters = letters_of(lines)
    model = LanguageModel(estimate(count(lines, letters, order), letters))
    by_equations = Equations(lines, letters, order)
    context = data.draw(st.lists(st.sampled_from(by_equations.symbols[1:]), max_size=order - 1))
    for symbol in by_equations.symbols:
        found = probability(model, context, symbol)
        assert found == pytest.approx(by_equations(tuple(context), symbol), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(lines=_lines, order=st.integers(1, 5), prune=st.integers(1, 3), data=st.data())
def test_probabilities_after_any_context_add_up_to_one(
    lines: list[str], order: int, prune: int, data: st.DataObject
) -> None:
    letters = letters_of(lines)
    least = (1, 1, *[prune] * 3)[:order]
    ngrams = estimate(count(lines, letters, order), letters, least)
    model = LanguageModel(ngrams)
    symbols = [symbol for symbol in range(ngrams.size) if symbol != START]
    context = data.draw(st.lists(st.sampled_from([START, *symbols]), max_size=6))
    total = sum(probability(model, context, symbol) for symbol in symbols)
    assert total == pytest.approx(1, abs=1e-9)


def test_pruning_leaves_out_rare_long_ngrams_only() -> None:
    lines = ["le registre", "le register", "la mairie"] * 2 + ["zut"]
    letters = letters_of(lines)
    everything, pruned = (
        estimate(count(lines, letters, 5), letters, least) for least in ((), (1, 1, 1, 2, 2))
    )
    assert len(pruned.symbols) < len(everything.symbols)
    for length in range(3):
        assert sum(levels(pruned)[: length + 1]) == sum(levels(everything)[: length + 1])


def levels(ngrams: object) -> list[int]:
    children = ngrams.children  # type: ignore[attr-defined]
    found, start, stop = [], 0, 1
    while stop <= len(children) and start < stop:
        found.append(int(children[start:stop].sum()))
        start, stop = stop, stop + found[-1]
    return found


def test_rare_letters_are_left_to_the_unknown_one() -> None:
    assert letters_of(["aab", "b§"], 2) == "ab"
    counted = count(["a§a"], "a", 1)
    assert dict(
        zip(*(part.tolist() for part in (counted[0].ngrams, counted[0].counts)), strict=True)
    ) == {
        END: 1,
        UNKNOWN: 1,
        LETTERS: 2,
    }


def test_ngrams_fit_a_number() -> None:
    letters = "".join(map(chr, range(300, 405)))
    order = longest_order(letters)
    assert (LETTERS + len(letters)) ** order < 2**63 <= (LETTERS + len(letters)) ** (order + 1)
