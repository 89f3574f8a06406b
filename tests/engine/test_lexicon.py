"""Words of a lexicon weigh more, all others exactly what they did."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.engine.language.lexicon import Lexicon, lexicon_file, read_lexicon
from htr.errors import InputError, NotFound, NothingToDo

_words = st.lists(st.text("abé", min_size=1, max_size=4), min_size=1, max_size=6)


def weight(lexicon: Lexicon, text: str) -> float:
    states, total = np.array([lexicon.start]), 0.0
    for letter in text:
        states, factors = lexicon.step(states, np.array([lexicon.symbol(letter)]))
        total += float(np.log(factors[0]))
    return total + float(np.log(lexicon.end(states)[0]))


@given(words=_words, text=st.text("abé' -x", max_size=12))
def test_a_text_gains_a_bonus_for_each_letter_of_its_known_words(
    words: list[str], text: str
) -> None:
    apart = "".join(letter if letter.isalpha() else " " for letter in text).split()
    gained = sum(len(word) for word in apart if word in words)
    assert weight(Lexicon(words, 0.25), text) == pytest.approx(0.25 * gained)


def test_a_name_is_lifted_from_its_first_letters_on() -> None:
    lexicon = Lexicon(["Éloi", "Éloïse"], 1.0)
    states, seen = np.array([lexicon.start]), []
    for letter in "Éloi ":
        states, factors = lexicon.step(states, np.array([lexicon.symbol(letter)]))
        seen.append(round(float(np.log(factors[0])), 6))
    assert seen == [1, 1, 1, 1, 0]


def test_a_list_has_a_name_or_place_a_line(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffDupont\nSaint-Éloi\nRue de l'E\u0301glise\n\n".encode())
    assert read_lexicon(path) == ("Dupont", "Rue", "Saint", "Église", "Éloi")
    assert lexicon_file(path).name == "names.txt"
    assert len(lexicon_file(path).sha256) == 64


def test_lists_that_hold_no_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("a\nde la\n12\n", encoding="utf-8")
    with pytest.raises(NothingToDo) as caught:
        read_lexicon(path)
    assert caught.value.path == str(path)
    path.write_bytes("Élie".encode("latin-1"))
    with pytest.raises(InputError):
        read_lexicon(path)
    with pytest.raises(NotFound):
        lexicon_file(tmp_path / "none.txt")
