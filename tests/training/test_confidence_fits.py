"""Fits find the parameters by which right and wrong were drawn."""

import numpy as np
import pytest

from htr.document.confidence import evidence
from htr.document.page import Glyph, Line, Word
from htr.evaluation.judging import Judged, Verdict, Verdicts
from htr.training.confidence_fits import glyph_map, temperature, word_rule


def drawn(slope: float, offset: float, number: int = 20_000) -> list[Judged]:
    chance = np.random.default_rng(0)
    said = chance.uniform(0.05, 0.95, number)
    true = 1 / (1 + np.exp(-(slope * np.log(said / (1 - said)) + offset)))
    right = chance.random(number) < true
    return [Judged(float(p), bool(r)) for p, r in zip(said, right, strict=True)]


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.6, 0.3), (1.8, -0.5)])
def test_the_map_of_glyphs_is_found(slope: float, offset: float) -> None:
    assert glyph_map(drawn(slope, offset)) == pytest.approx((slope, offset), abs=0.06)


def test_one_judgement_leads_nowhere() -> None:
    slope, offset = glyph_map([Judged(0.99, False)])
    assert 0.5 < slope <= 1
    assert -1 < offset <= 0
    slope, _offset = glyph_map([Judged(0.99, True)] * 1000)
    assert 1 <= slope < 3


def test_the_likeliest_temperature_is_found() -> None:
    truth = drawn(1.0, 0.0, 5000)

    def at(heat: float) -> list[Judged]:
        """What a network says whose log-odds are three times too far from even."""
        odds = [3 / heat * np.log(one.confidence / (1 - one.confidence)) for one in truth]
        return [
            Judged(float(1 / (1 + np.exp(-value))), one.right)
            for value, one in zip(odds, truth, strict=True)
        ]

    assert temperature(at) == pytest.approx(3, rel=0.1)


def line(*words: tuple[float, ...]) -> Line:
    return Line(
        "l", words=tuple(Word(tuple(Glyph("a", confidence=value) for value in w)) for w in words)
    )


def test_the_rule_of_words_follows_what_tells_right_from_wrong() -> None:
    chance = np.random.default_rng(1)
    lines = []
    for _line in range(800):
        one = line(*(tuple(chance.uniform(0.3, 1, chance.integers(1, 8))) for _word in range(6)))
        # right if the least sure letter is, whatever the others say
        verdicts = tuple(
            Verdict(bool(chance.random() < min(g.confidence or 0 for g in word.glyphs)), 0, at)
            for at, word in enumerate(one.words)
        )
        lines.append((one, Verdicts(verdicts)))
    rule = word_rule(lines)
    assert rule is not None
    assert rule.least > 0.6
    assert abs(rule.product) < 0.3
    known = [
        (told, v.right)
        for one, found in lines
        for v in found.words
        if (told := evidence(one)[v.word])
    ]
    said = np.array([rule.confidence(told) for told, _right in known])
    right = np.array([one for _told, one in known])
    assert said.mean() == pytest.approx(right.mean(), abs=0.01)


def test_without_words_there_is_no_rule() -> None:
    assert word_rule([]) is None
    assert word_rule([(Line("l"), Verdicts())]) is None
