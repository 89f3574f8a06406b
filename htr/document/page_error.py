"""How wrong a page probably is, without its truth: the CER that its confidences foretell.

The mean of 1 - p over a page's glyphs and spaces is the share of characters that are expected to
be wrong; the CER also counts what was missed and invented, so its logarithm is taken to be linear
in that of this share, with coefficients fitted on held-out pages. Where a language model took part,
the network's own doubt counts as well: it tells whether the hand is hard to read, the other one
whether the text is of a kind that the language model knows. Around it lie two kinds of error, on
the logarithmic scale: a variance between collections and one between the pages of a collection, and
the noise of counting, `noise` over the errors expected. The interval is the prediction plus and
minus `quantile` times their root, the quantile being that of held-out pages whose collection the
coefficients were not fitted on (conformal prediction: Vovk, Gammerman and
Shafer, Algorithmic Learning in a Random World, 2005; normalised scores: section 4.1 of Lei et al.,
Distribution-Free Predictive Inference for Regression, JASA 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from htr.document.page import Line, Step

SETTINGS = ("expected CER", "expected CER, 90 % interval", "expected CER, characters")
_LEAST = 1e-3
_HALF = 0.5  # added to the errors, so that a page without any has a logarithm


@dataclass(frozen=True, slots=True)
class PageRule:
    """What was fitted: see this module's own words. `pages` is how many pages it was fitted on.

    `slope` and `network` are the weights of the reading's and of the network's own doubt.
    """

    intercept: float
    slope: float
    between: float
    within: float
    noise: float
    quantile: float
    pages: int
    network: float = 0.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """How many of so many letters and spaces are expected to be wrong; doubts add up."""

    wrong: float = 0.0
    letters: int = 0

    @classmethod
    def of(cls, confidences: Iterable[float]) -> Doubt:
        """Return the doubt that confidences amount to."""
        known = list(confidences)
        return cls(fsum(1 - one for one in known), len(known))

    @property
    def share(self) -> float:
        """The mean of 1 - p; 0 of nothing."""
        return self.wrong / self.letters if self.letters else 0.0

    def __add__(self, other: Doubt) -> Doubt:
        return Doubt(self.wrong + other.wrong, self.letters + other.letters)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The CER to be expected and its 90 % interval, 0 up; of how many characters that were read."""

    cer: float
    low: float
    high: float
    characters: int


def doubt(lines: Iterable[Line]) -> Doubt:
    """Return the doubt of the glyphs and spaces of lines whose confidence is known.

    Lines that a person has corrected do not count.
    """
    return Doubt.of(
        part.confidence
        for line in lines
        if not line.corrected
        for word in line.words
        for part in (*word.glyphs, *((word.space,) if word.space else ()))
        if part.confidence is not None
    )


def expected(read: Doubt, network: Doubt | None, rule: PageRule) -> float:
    """Return the logarithm of the CER that doubts foretell."""
    own = 0.0 if network is None else rule.network * scale(network)
    return rule.intercept + rule.slope * scale(read) + own


def scale(known: Doubt) -> float:
    """Return the logarithm of a doubt's share, finite for none."""
    return log(known.share + _LEAST)


def rate(errors: float, characters: float) -> float:
    """Return the logarithm of a page's CER as the rule is fitted to it, finite for no error."""
    return log((errors + _HALF) / (characters + 1))


def of_page(lines: Iterable[Line], rule: PageRule, network: Doubt | None = None) -> Estimate | None:
    """Return the CER to be expected of a page's lines; None where too little is known.

    `network` is the network's own doubt, where a language model took part.
    """
    known = doubt(lines)
    if not known.letters or (network is None and rule.network):
        return None
    cer = exp(expected(known, network, rule))
    variance = rule.between + rule.within + rule.noise / (cer * known.letters + _HALF)
    return _interval(cer, variance, known.letters, rule)


def of_register(pages: Sequence[Estimate], rule: PageRule) -> Estimate | None:
    """Return the CER to be expected of pages together; None of none.

    What a collection has in common does not average out over its pages; the rest does.
    """
    total = sum(page.characters for page in pages)
    if not total:
        return None
    shares = [page.characters / total for page in pages]
    cer = fsum(share * page.cer for share, page in zip(shares, pages, strict=True))
    spread = rule.within * fsum(share * share for share in shares)
    variance = rule.between + spread + rule.noise / (cer * total + _HALF)
    return _interval(cer, variance, total, rule)


def _interval(cer: float, variance: float, characters: int, rule: PageRule) -> Estimate:
    """Return the estimate, as errors by characters again: the rule has (e + 1/2) / (n + 1)."""
    reach = rule.quantile * sqrt(variance)
    low, middle, high = (
        max(0.0, (cer * exp(side * reach) * (characters + 1) - _HALF) / characters)
        for side in (-1, 0, 1)
    )
    return Estimate(middle, low, high, characters)


def as_settings(estimate: Estimate) -> tuple[tuple[str, str], ...]:
    """Return an estimate as it stands among the settings of the step that read the page."""
    interval = f"{estimate.low:.4f} to {estimate.high:.4f}"
    values = (f"{estimate.cer:.4f}", interval, str(estimate.characters))
    return tuple(zip(SETTINGS, values, strict=True))


def from_steps(steps: Iterable[Step]) -> Estimate | None:
    """Return the estimate in a page's steps, of its last reading; None where there is none."""
    for step in reversed(tuple(steps)):
        if step.kind == "recognition":
            known = dict(step.settings)
            try:
                cer, interval, characters = (known[name] for name in SETTINGS)
                low, _to, high = interval.partition(" to ")
                return Estimate(float(cer), float(low), float(high), int(characters))
            except (KeyError, ValueError):
                return None
    return None
