"""Characters new to a model, rare ones, and lines that it can write."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from htr.corpus.text_line import TextLine
from htr.training.alphabet import RARE, counted, rare, unknown, writable


def line(text: str, page: str = "p1", name: str = "l1") -> TextLine:
    return TextLine(b"", text, page=page, id=name)


def test_new_characters_come_with_counts_and_places() -> None:
    lines = [line("aſſ", "p1", "l1"), line("ſb", "p2", "l7"), line("œ", "p2", "l8")]
    first, second = unknown(lines, frozenset("ab"))
    assert (first.character, first.count, first.places) == ("ſ", 2, ("p1, l1", "p2, l7"))
    assert (second.character, second.count, second.places) == ("œ", 1, ("p2, l8",))


def test_a_line_without_an_id_is_named_by_its_page() -> None:
    assert counted([line("a", "p1", "")])[0].places == ("p1",)


@given(st.lists(st.text("abcé", min_size=1, max_size=6), max_size=30))
def test_counts_are_of_lines(texts: list[str]) -> None:
    found = counted([line(text) for text in texts])
    assert {one.character: one.count for one in found} == {
        character: sum(character in text for text in texts) for character in set("".join(texts))
    }
    assert [one for one in found if one.count < RARE] == list(rare([line(text) for text in texts]))


@given(st.lists(st.text("abcé", max_size=6), max_size=30), st.sets(st.sampled_from("abcé")))
def test_what_can_be_written_holds_known_characters_only(texts: list[str], known: set[str]) -> None:
    kept = writable([line(text) for text in texts], frozenset(known))
    assert [one.text for one in kept] == [text for text in texts if set(text) <= known]
