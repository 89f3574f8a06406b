"""The weights of a language model are found downhill, from the usual ones."""

from htr.engine.models import DEFAULT_WEIGHTS, LanguageWeights
from htr.training.language.tuning import _descended


def test_the_least_error_is_found_with_few_trials() -> None:
    trials = []

    def cer(weights: LanguageWeights) -> float:
        trials.append(weights)
        return (weights.weight - 0.75) ** 2 + (weights.bonus - 1.9) ** 2 / 9

    weights, least = _descended(cer, DEFAULT_WEIGHTS)
    assert abs(weights.weight - 0.75) <= 0.05
    assert abs(weights.bonus - 1.9) <= 0.15
    assert least == cer(weights)
    assert len(trials) == len(set(trials)) + 1
    assert len(trials) < 40


def test_a_weight_stays_above_nothing() -> None:
    weights, _least = _descended(lambda one: one.weight, DEFAULT_WEIGHTS)
    assert 0 < weights.weight <= 0.05
