"""The file of a language model, and what is no such file; the automaton's load and size."""

from pathlib import Path

import numpy as np
import pytest

from htr.engine import models
from htr.engine.language.automaton import LanguageModel
from htr.engine.language.ngrams import Ngrams, packed, unpacked
from htr.errors import BrokenModel
from htr.training.language.counts import count, letters_of
from htr.training.language.kneser_ney import estimate

LINES = ["Par devant nous, maire", "est comparu Éloi", "par devant maître"]


def ngrams() -> Ngrams:
    letters = letters_of(LINES)
    return estimate(count(LINES, letters, 5), letters)


def test_a_file_holds_the_model_but_for_the_rounding() -> None:
    before, after = ngrams(), unpacked(packed(ngrams()), Path("lm.npz"))
    assert after.letters == before.letters
    assert np.array_equal(after.symbols, before.symbols)
    assert np.array_equal(after.children, before.children)
    finite = before.costs < 15
    assert np.abs(after.costs - before.costs)[finite].max() <= 1 / 32 + 1e-9


def test_the_same_model_is_the_same_file() -> None:
    assert packed(ngrams()) == packed(ngrams())


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", packed(ngrams())[:200]])
def test_other_files_are_named_as_no_language_model(data: bytes) -> None:
    with pytest.raises(BrokenModel) as caught:
        unpacked(data, Path("lm.npz"))
    assert caught.value.path == "lm.npz"
    assert "htr train" in (caught.value.hint or "")


@pytest.mark.parametrize("part", ["symbols", "children", "costs", "backoffs"])
def test_arrays_that_do_not_fit_together_are_refused(part: str) -> None:
    whole = ngrams()
    arrays = {name: getattr(whole, name) for name in ("symbols", "children", "costs", "backoffs")}
    damaged = Ngrams(whole.letters, **{**arrays, part: arrays[part][:-1]})
    with pytest.raises(BrokenModel):
        unpacked(packed(damaged), Path("lm.npz"))


def test_weight_and_bonus_turn_probabilities_into_factors() -> None:
    plain = LanguageModel(ngrams())
    weighed = LanguageModel(ngrams(), weight=0.5, bonus=0.3)
    state, symbols = np.array([plain.start] * 2), np.array([plain.symbol("P"), plain.symbol("§")])
    (_after, chances), (_same, factors) = (m.step(state, symbols) for m in (plain, weighed))
    assert factors == pytest.approx(chances**0.5 * np.exp(0.3))
    # The end of a line is no letter and gains nothing.
    assert weighed.end(state) == pytest.approx(plain.end(state) ** 0.5)


def test_the_shipped_model_knows_what_registers_say() -> None:
    file = models.language_model("french-registers-lm")
    model = LanguageModel(unpacked(file.path.read_bytes(), file.path))

    def cost(text: str) -> float:
        states, total = np.array([model.start]), 0.0
        for letter in text:
            states, factors = model.step(states, np.array([model.symbol(letter)]))
            total -= float(np.log(factors[0]))
        return total - float(np.log(model.end(states)[0]))

    assert cost("demeurant à Paris, rue") < cost("demeurant à Pavis, vue")
    assert cost("Vente par") < cost("xzqk kqw") / 3
