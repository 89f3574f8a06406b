"""Odd characters are found, with the reason and the place, and ordinary ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.corpus.characters import LineText, Place, Reason, odd_characters


def lines(*texts: str) -> list[LineText]:
    return [LineText("1827/p2", f"l{number}", text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "character", "reason"),
    [
        ("acte\u0007", "\u0007", "control"),
        ("acte \ue5dc", "\ue5dc", "private"),
        ("acte \ufffd", "\ufffd", "unassigned"),
        ("acte \u0378", "\u0378", "unassigned"),
        ("par\u00adtage", "\u00ad", "invisible"),
        ("le\u200bdit", "\u200b", "invisible"),
        ("n°\u00a05", "\u00a0", "space"),
        ("le \u0305dit", "\u0305", "mark"),
        ("Mаrtin", "а", "confusable"),
        ("le sieur М. Durand", "М", "confusable"),
        ("Οctobre", "Ο", "confusable"),
        ("𝐃urand", "𝐃", "confusable"),
    ],
)
def test_each_oddness_has_its_reason(text: str, character: str, reason: Reason) -> None:
    odd = odd_characters(lines(text), rare=0)
    assert [(one.character, one.reasons) for one in odd] == [(character, (reason,))]


@pytest.mark.parametrize(
    "text",
    [
        "l'an mil huit cent",
        "Écrouë, œuvre, n° 5, 1ᵉʳ, 2ª, ½",
        "σκηνή",
        "q̃ ꝑ ⁊ ſ",
        "«là»",
        "дом",
        "",
    ],
)
def test_ordinary_text_has_none(text: str) -> None:
    assert odd_characters(lines(text), rare=0) == ()


def test_places_say_where_with_what_is_around() -> None:
    (odd,) = odd_characters(lines("rien", "par devant nous Mаrtin, notaire royal"), rare=0)
    assert odd.places == (Place("1827/p2", "l1", "evant nous Mаrtin, notair"),)


def test_at_most_five_places_are_kept_and_all_are_counted() -> None:
    (odd,) = odd_characters(lines(*["a\u00a0b"] * 9), rare=0)
    assert odd.count == 9
    assert [place.line for place in odd.places] == ["l0", "l1", "l2", "l3", "l4"]


def test_rare_characters_are_those_below_the_number() -> None:
    odd = odd_characters(lines("aab", "bbc"), rare=3)
    assert [(one.character, one.count, one.reasons) for one in odd] == [
        ("c", 1, ("rare",)),
        ("a", 2, ("rare",)),
    ]
    assert not any(one.serious for one in odd)


def test_characters_outside_the_alphabet_are_listed() -> None:
    odd = odd_characters(lines("l’an", "l'an"), rare=0, alphabet=frozenset("l'an "))
    assert [(one.character, one.reasons) for one in odd] == [("’", ("alphabet",))]


def test_likely_mistakes_come_first() -> None:
    odd = odd_characters(lines("z", "nn\u00ad\u00adn"), rare=2)
    assert [one.character for one in odd] == ["\u00ad", "z"]
    assert odd[0].serious


def test_a_letter_is_listed_apart_where_it_is_odd_for_its_place() -> None:
    odd = odd_characters(lines("дом дом", "Mдrtin"), rare=3)
    assert (odd[0].character, odd[0].count, odd[0].reasons) == ("д", 1, ("confusable",))


@given(st.lists(st.text(max_size=20), max_size=6))
def test_every_odd_character_stands_where_it_is_said_to(texts: list[str]) -> None:
    given_lines = lines(*texts)
    for one in odd_characters(given_lines, rare=2):
        assert one.reasons
        assert one.count >= len(one.places) > 0
        for place in one.places:
            assert one.character in place.around
            (line,) = (line for line in given_lines if line.line == place.line)
            assert place.around in line.text
