"""What more lines would bring, by the curve of error rates of models that learned from fewer.

The curve is a power law above a floor, error(n) = c * (f + (1 - f) * (1 + n / k) ** -a): Hestness
et al., Deep learning scaling is predictable, empirically (2017), with a base model that is worth k
lines of the hand before the first of them is learned (Hernandez et al., Scaling laws for transfer,
2021). It always falls. Three or four points do not fix it, so the answer is Bayesian: many curves
are drawn from what is usual for f, k and a, and weighed by how well they run through the points.
How far a point may be off is known from drawing the pages anew (`htr.evaluation.bootstrap`), all
points alike, and from how much two trainings on the same lines differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import chdtri

from htr.document.metrics import EditCounts
from htr.evaluation.bootstrap import (
    FEWEST_PAGES,
    LEVEL,
    Floats,
    Interval,
    rate_interval,
    resampled,
)
from htr.training.outcome import CurvePoint

FEWEST_POINTS = 3
_FEWEST_ERRORS = 20
_READS_NOTHING = 0.9  # CER from which on a model has not begun to read: no curve holds there
_TRAINING_NOISE = 0.04  # standard deviation of log CER between trainings on the same lines
_CURVES = 40_000
_KEPT = 4_000
_UNSTEADY = 0.01  # probability of points so far off, below which the curve is given up
# What is usual: medians and spreads (of the logarithm), and a Beta distribution for the floor.
_EXPONENT = (0.4, 0.6)
_WORTH = (50.0, 1.2)  # lines
_FLOOR = (1.0, 4.0)


class Silence(StrEnum):
    """Why nothing can be said of more lines."""

    FEW_POINTS = "few points"
    FEW_PAGES = "few pages"
    FEW_ERRORS = "few errors"
    UNSTEADY = "unsteady"


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """Curves that run through the points, all equally likely, and the points themselves.

    `lines` and `cer` are those of the last point, from which predictions go on; `points` are pairs
    of lines and CER.
    """

    lines: int
    cer: float
    points: tuple[tuple[int, Interval], ...]
    exponents: Floats
    worths: Floats
    floors: Floats

    def at(self, lines: float) -> Interval:
        """Return the CER that a model would come to with so many lines in all, on these pages.

        The median of the curves, with the bounds between which 90 % of them run.
        """
        now = _fall(self.exponents, self.worths, self.floors, self.lines)
        then = _fall(self.exponents, self.worths, self.floors, lines)
        tail = (1 - LEVEL) / 2
        low, middle, high = self.cer * np.quantile(then / now, [tail, 0.5, 1 - tail])
        return Interval(float(middle), float(low), float(high))

    def with_more(self, lines: int) -> Interval:
        """Return the CER that so many more lines would bring."""
        return self.at(self.lines + lines)


def learning_curve(points: Sequence[CurvePoint], seed: int = 0) -> LearningCurve | Silence:
    """Return the curves through points, or why there is none.

    None with fewer than three points at which the model reads at all, or fewer than three pages
    that all points share; nor where the last model hardly errs, or where the error rate does not
    fall steadily.
    """
    if len(points) < FEWEST_POINTS:
        return Silence.FEW_POINTS
    names = sorted(set.intersection(*(set(point.pages) for point in points)))
    if len(names) < FEWEST_PAGES:
        return Silence.FEW_PAGES
    rows = [
        (point.lines, [point.pages[name] for name in names])
        for point in sorted(points, key=lambda point: point.lines)
    ]
    rows = [row for row in rows if rate_interval(row[1]).estimate < _READS_NOTHING]
    if len(rows) < FEWEST_POINTS:
        return Silence.FEW_POINTS
    if sum(page.errors for page in rows[-1][1]) < _FEWEST_ERRORS:
        return Silence.FEW_ERRORS
    lines = np.array([number for number, _pages in rows], np.float64)
    observed, noise = _observed(lines, [pages for _number, pages in rows], seed)
    curves = _drawn(np.random.default_rng(seed))
    weights = _weights(curves, lines, observed, noise)
    if weights is None:
        return Silence.UNSTEADY
    kept = np.random.default_rng((seed, 1)).choice(_CURVES, _KEPT, p=weights)
    return LearningCurve(
        rows[-1][0],
        rate_interval(rows[-1][1]).estimate,
        tuple((number, rate_interval(pages)) for number, pages in rows),
        *(values[kept] for values in curves),
    )


def _observed(
    lines: Floats, pages: Sequence[Sequence[EditCounts]], seed: int
) -> tuple[Floats, Floats]:
    """Return the logarithms of the error rates by the first one, and their covariances."""
    # Half an error more keeps the logarithm finite where a model makes none.
    least = 0.5 / max(1, sum(page.length for page in pages[0]))
    rates = np.array([rate_interval(row).estimate for row in pages])
    drawn = np.log(resampled(pages, seed) + least)
    spread = np.atleast_2d(np.cov((drawn[:, 1:] - drawn[:, :1]).T))
    trained = np.eye(len(lines) - 1) + float(lines[0] > 0)  # the first may be no training's
    logs = np.log(rates + least)
    return logs[1:] - logs[0], spread + _TRAINING_NOISE**2 * trained


def _drawn(rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    exponents = _EXPONENT[0] * np.exp(_EXPONENT[1] * rng.standard_normal(_CURVES))
    worths = _WORTH[0] * np.exp(_WORTH[1] * rng.standard_normal(_CURVES))
    return exponents, worths, rng.beta(*_FLOOR, _CURVES)


def _weights(
    curves: tuple[Floats, Floats, Floats], lines: Floats, observed: Floats, noise: Floats
) -> Floats | None:
    """Return how likely each curve is, adding up to 1, or None where none fits."""
    falls = np.log(np.stack([_fall(*curves, number) for number in lines], 1))
    missed = falls[:, 1:] - falls[:, :1] - observed
    distances = np.einsum("ci,ij,cj->c", missed, np.linalg.inv(noise), missed)
    if distances.min() > chdtri(len(observed), _UNSTEADY):
        return None
    likely = np.exp((distances.min() - distances) / 2)
    weights: Floats = likely / likely.sum()
    return weights


def _fall(exponents: Floats, worths: Floats, floors: Floats, lines: float) -> Floats:
    """Return what is left of the base's error rate after so many lines, for each curve."""
    fall: Floats = floors + (1 - floors) * (1 + lines / worths) ** -exponents
    return fall
