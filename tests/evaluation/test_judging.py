"""Which words and letters are right, by alignment with the truth."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from htr.document.page import Glyph, Word
from htr.evaluation.judging import Judged, Judgements, judge, verdicts


def read(text: str, confidence: float | None = 0.5) -> tuple[Word, ...]:
    return tuple(
        Word(tuple(Glyph(letter, confidence=confidence) for letter in word), confidence=confidence)
        for word in text.split()
    )


def right(truth: str, text: str) -> list[bool]:
    return [word.right for word in verdicts(truth, read(text), "nfc").words]


def test_a_word_is_right_opposite_its_equal() -> None:
    assert right("le chat dort", "le chut dort") == [True, False, True]


def test_words_that_were_torn_or_joined_are_wrong_and_the_others_are_not() -> None:
    assert right("par devant nous", "par de vant nous") == [True, False, False, True]
    assert right("par devant nous", "par devantnous") == [True, False]


def test_what_was_missed_is_no_word_and_what_was_invented_is_wrong() -> None:
    assert right("un deux trois", "un trois") == [True, True]
    assert right("", "un") == [False]
    assert right("un", "") == []


def test_letters_are_judged_one_by_one() -> None:
    letters = verdicts("dort", read("dert"), "nfc").glyphs
    assert [(one.glyph, one.right) for one in letters] == [
        (0, True),
        (1, False),
        (2, True),
        (3, True),
    ]


def test_normalisation_decides_what_is_right() -> None:
    assert right("dud", "dud^") == [False]
    assert [one.right for one in verdicts("dud", read("dud^"), "loose").words] == [True]


def test_words_that_come_to_nothing_do_not_count_but_keep_their_place() -> None:
    found = verdicts("un deux", read("un ^ deux"), "loose")
    assert [(one.word, one.right) for one in found.words] == [(0, True), (2, True)]


def test_of_a_run_of_dots_no_more_letters_count_than_are_compared() -> None:
    found = verdicts("a...", read("a....."), "loose")
    assert [one.right for one in found.words] == [True]
    assert [one.right for one in found.glyphs] == [True] * 4


def test_parts_of_unknown_confidence_are_left_out() -> None:
    assert judge("un", read("un", None), "nfc") == Judgements()
    assert judge("un", read("un", 0.25), "nfc") == Judgements(
        (Judged(0.25, True),), (Judged(0.25, True), Judged(0.25, True))
    )


texts = st.lists(st.text(st.sampled_from("abé"), min_size=1, max_size=4), max_size=5).map(" ".join)


@given(texts, texts)
def test_all_edits_are_shared_out_among_the_words(truth: str, text: str) -> None:
    found = verdicts(truth, read(text), "nfc").words
    if text:
        assert sum(word.edits for word in found) == Levenshtein.distance(truth, text)
    assert [word.word for word in found] == list(range(len(text.split())))


@given(texts)
def test_the_truth_is_all_right(text: str) -> None:
    found = verdicts(text, read(text), "nfc")
    assert all(one.right and not one.edits for one in (*found.words, *found.glyphs))
    assert len(found.glyphs) == len(text.replace(" ", ""))
