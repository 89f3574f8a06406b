"""Graphemes, normalisation, hyphens and direction."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from htr.document.text import clean, direction, graphemes, join_hyphens, join_lines, normalise

LETTERS = st.text(
    st.one_of(
        st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"], max_codepoint=0x17F),
        st.sampled_from("\u0300\u0301\u0327\u20dd"),
        st.sampled_from("אבגתםשלו\u05b0\u05b1ابتث\u064e"),
    )
)


@given(LETTERS)
def test_graphemes_join_to_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(LETTERS)
def test_graphemes_are_those_of_uax29(text: str) -> None:
    # Marks after white space stand alone with us, so that words never hold white space.
    if regex.search(r"\s\p{M}", text):
        return
    assert list(graphemes(text)) == regex.findall(r"\X", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dud^t", "dudt"),
        ("mᵉ Dupont", "me Dupont"),
        ("‘l’an’ «ici»", "'l'an' \"ici\""),
        ("a — b – c ¬", "a - b - c -"),
        ("fin . . . . ou…", "fin ... ou..."),
        ("  deux   mots\u00a0ici ", "deux mots ici"),
        ("Éloïse", "Éloïse"),
        ("e\u0301", "é"),
        ("½ = a", "½ = a"),
    ],
)
def test_loose_folds_what_its_rules_say(text: str, expected: str) -> None:
    assert normalise(text, "loose") == expected


@given(LETTERS)
def test_loose_is_idempotent_and_keeps_case(text: str) -> None:
    once = normalise(text, "loose")
    assert normalise(once, "loose") == once
    assert sum(map(str.isupper, once)) == sum(map(str.isupper, unicodedata.normalize("NFC", text)))


def test_none_changes_nothing_and_nfc_composes() -> None:
    assert normalise("e\u0301  ", "none") == "e\u0301  "
    assert normalise("e\u0301  ", "nfc") == "é  "


def test_clean_replaces_what_xml_forbids() -> None:
    assert (
        clean("a\x00b\x0bc\ud800d\ufffee\U0001f600\t")
        == "a\ufffdb\ufffdc\ufffdd\ufffde\U0001f600\t"
    )


def test_lines_join_with_single_spaces_without_empty_ones() -> None:
    assert join_lines(["le maire", "", " de "], "loose") == "le maire de"


def test_hyphens_join_words_and_keep_names() -> None:
    assert join_hyphens(["par de-", "vant nous Saint-", "Étienne et dé¬", "cédé 3-", "quatre"]) == (
        "par devant nous Saint- Étienne et décédé 3- quatre"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 3 mai", "ltr"),
        ("שלום 12", "rtl"),
        ("سلام abc سلام", "rtl"),
        ("1898", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_is_that_of_most_letters(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_direction_falls_back() -> None:
    assert direction("1898", "rtl") == "rtl"
