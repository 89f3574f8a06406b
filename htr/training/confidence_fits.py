"""Fits of confidences to what was right: a temperature, a logistic map of glyphs, a rule for words.

All maximise the likelihood of right and wrong on held-out lines, with a little pull towards the
network's own confidences, so that a few lines cannot lead far away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from htr.document.confidence import WordRule, evidence
from htr.document.page import Line
from htr.evaluation.judging import Judged, Verdicts

Doubles: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_TEMPERATURES = (0.3, 5.0)
_STEP = 0.02  # how near the logarithm of the temperature is sought
_LEAST = 1e-6
_PULL = 10.0  # as much as some ten judgements
_DIGITS = 5


def temperature(judged_at: Callable[[float], Sequence[Judged]]) -> float:
    """Return the temperature at which glyphs' confidences are likeliest, by what is judged at each.

    `judged_at` returns the glyphs, judged, with their confidences at a temperature.
    """
    low, high = np.log(_TEMPERATURES)
    found = minimize_scalar(
        lambda value: _loss(*_columns(judged_at(float(np.exp(value))))),
        bounds=(low, high),
        method="bounded",
        options={"xatol": _STEP},
    )
    return round(float(np.exp(found.x)), 3)


def glyph_map(judged: Sequence[Judged]) -> tuple[float, float]:
    """Return slope and offset by which glyphs' log-odds become those of being right."""
    confidences, right = _columns(judged)
    known = np.column_stack([np.ones_like(confidences), np.log(confidences / (1 - confidences))])
    offset, slope = logistic(known, right, np.array([0.0, 1.0]))
    return round(float(slope), _DIGITS), round(float(offset), _DIGITS)


def word_rule(lines: Iterable[tuple[Line, Verdicts]]) -> WordRule | None:
    """Return the rule of words' confidences, from lines and what is right there; None of none."""
    known: list[tuple[float, ...]] = []
    right: list[bool] = []
    for line, verdicts in lines:
        told = evidence(line)
        for word in verdicts.words:
            if (one := told[word.word]) is not None:
                known.append((1.0, *one))
                right.append(word.right)
    if not known:
        return None
    prior = np.zeros(len(fields(WordRule)))
    prior[1] = 1.0  # the product itself
    weights = logistic(np.array(known), np.array(right), prior)
    return WordRule(*(round(float(weight), _DIGITS) for weight in weights))


def logistic(known: Doubles, right: Flags, prior: Doubles) -> Doubles:
    """Return the weights (K,) of a logistic regression of `right` (N,) on `known` (N, K).

    The weights are pulled towards a prior.
    """

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        odds = known @ weights
        apart = weights - prior
        value = np.logaddexp(0, np.where(right, -odds, odds)).sum() + _PULL * (apart**2).sum()
        shares = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        return float(value), known.T @ (shares - right) + 2 * _PULL * apart

    found = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def _columns(judged: Sequence[Judged]) -> tuple[Doubles, Flags]:
    confidences = np.array([one.confidence for one in judged], np.float64)
    right = np.array([one.right for one in judged], np.bool_)
    return np.clip(confidences, _LEAST, 1 - _LEAST), right


def _loss(confidences: Doubles, right: Flags) -> float:
    return float(-np.log(np.where(right, confidences, 1 - confidences)).mean())
