"""Models of letters asked label by label, several of them as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from htr.engine.language.arrays import Doubles, Ints

_NONE = -1  # where a label stands for fewer letters than another


class LetterModel(Protocol):
    """An automaton over letters: states are numbers from 0 up to, but not including, `states`."""

    start: int
    states: int

    def symbol(self, letter: str) -> int:
        """Return the symbol that stands for a letter."""
        ...

    def step(self, states: Ints, symbols: Ints) -> tuple[Ints, Doubles]:
        """Return the states (K,) that symbols (K,) lead to from states (K,), and the factors."""
        ...

    def end(self, states: Ints) -> Doubles:
        """Return the factors by which texts weigh that end at these states (any shape)."""
        ...


class Scorer:
    """What models say of a network's labels; none at all say that every text is as likely.

    A state holds the states of all models, as digits of a number.
    """

    def __init__(self, models: Sequence[LetterModel], texts: Mapping[int, str]) -> None:
        """Take models and what each label stands for: one letter or more, in the text's order."""
        self._models = tuple(models)
        self._tables = [_table(model, texts) for model in self._models]
        self._places = np.cumprod([1, *(model.states for model in self._models)])
        self.start = int(sum(self._places[:-1] * [model.start for model in self._models]))

    def step(self, states: Ints, labels: Ints) -> tuple[Ints, Doubles]:
        """Return the states (K,) that labels (K,) lead to from states (K,), and the factors."""
        following, factors = np.zeros_like(states), np.ones(len(states))
        for number, (model, table) in enumerate(zip(self._models, self._tables, strict=True)):
            here = self._state(states, number)
            for symbols in table[:, labels]:
                here, gained = _stepped(model, here, symbols)
                factors *= gained
            following += here * self._places[number]
        return following, factors

    def end(self, states: Ints) -> Doubles:
        """Return the factors by which texts weigh that end at these states (any shape)."""
        factors = np.ones(states.shape)
        for number, model in enumerate(self._models):
            factors *= model.end(self._state(states, number))
        return factors

    def _state(self, states: Ints, number: int) -> Ints:
        digits: Ints = states % self._places[number + 1] // self._places[number]
        return digits


def _table(model: LetterModel, texts: Mapping[int, str]) -> Ints:
    """Return the symbols of each label's letters, a row for the first ones, the second ones ..."""
    table = np.full(
        (max(map(len, texts.values()), default=1), max(texts, default=0) + 1), _NONE, np.int64
    )
    for label, text in texts.items():
        table[: len(text), label] = [model.symbol(letter) for letter in text]
    return table


def _stepped(model: LetterModel, states: Ints, symbols: Ints) -> tuple[Ints, Doubles]:
    asked = symbols != _NONE
    if asked.all():
        return model.step(states, symbols)
    following, factors = states.copy(), np.ones(len(states))
    following[asked], factors[asked] = model.step(states[asked], symbols[asked])
    return following, factors
