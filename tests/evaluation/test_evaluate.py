import errno
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from evaluation_pages import column, page, placeless, write_alto
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from htr.document.metrics import Confusion, EditCounts, Scores
from htr.document.text import join_lines
from htr.errors import BadXml, NotReadable
from htr.evaluation.evaluate import Match, PageScore, evaluate, score_page, summarise

MATCHES = get_args(Match)
text = st.text(st.sampled_from("ab é"), max_size=12)
texts = st.lists(text, min_size=1, max_size=4)


def scored(truth: str, prediction: str) -> PageScore:
    return score_page("p", page(placeless("l", truth)), page(placeless("l", prediction)))


def test_a_line_by_hand() -> None:
    score = scored("le chat dort", "le chien dor")
    # chat -> chien: a/i, t/e, n inserted; dort -> dor: t missed
    assert score.scores.characters == EditCounts(2, 1, 1, 12)
    assert score.scores.words == EditCounts(2, 0, 0, 3)
    assert score.scores.cer == pytest.approx(4 / 12)
    assert sum(one.count for one in score.confusions) == 4
    assert Confusion("t", "", 1) in score.confusions


def test_confusions_say_what_was_read_as_what() -> None:
    score = scored("a bu du", "abn dn")
    assert score.confusions == (
        Confusion("u", "n", 2),
        Confusion(" ", "", 1),
    )
    assert scored("ab", "a b").confusions == (Confusion("", " ", 1),)


@given(text, text)
def test_edits_agree_with_the_levenshtein_distance(truth: str, prediction: str) -> None:
    scores = scored(truth, prediction).scores
    one, two = page(placeless("l", truth)).text, page(placeless("l", prediction)).text
    assert scores.characters.errors == Levenshtein.distance(one, two)
    assert scores.characters.length == len(one)
    assert scores.words.errors == Levenshtein.distance(one.split(), two.split())


@given(st.lists(st.tuples(text, text), min_size=1, max_size=4))
def test_cer_is_zero_only_where_all_lines_are_equal(pairs: list[tuple[str, str]]) -> None:
    truth, prediction = (page(*column(*side)) for side in zip(*pairs, strict=True))
    score = score_page("p", truth, prediction, match="lines")
    assert (score.scores.cer == 0) == (truth.text == prediction.text)


@given(texts, texts)
def test_cer_is_zero_only_where_the_running_text_is_equal(
    truth: list[str], prediction: list[str]
) -> None:
    wanted, found = page(*column(*truth)), page(*column(*prediction))
    one, two = (join_lines(line.text for line in each.lines) for each in (wanted, found))
    score = score_page("p", wanted, found, match="page")
    assert (score.scores.cer == 0) == (one == two)


def test_the_order_of_lines_counts_with_page_alone() -> None:
    truth, swapped = column("un", "deux"), column("un", "deux")[::-1]
    lines, whole = (
        score_page("p", page(*truth), page(*swapped), match=match) for match in ("lines", "page")
    )
    assert lines.scores.characters == EditCounts(length=6)
    assert whole.scores.characters.errors > 0
    assert whole.scores.characters.length == len("un deux")


def test_lines_without_counterpart_are_missed_or_invented_but_confuse_nothing() -> None:
    truth = page(placeless("a", "abc"), placeless("b", "de fg"))
    score = score_page("p", truth, page(placeless("a", "abd"), placeless("x", "zz")))
    assert score.scores.characters == EditCounts(1, 2, 5, 8)
    assert score.scores.words == EditCounts(1, 1, 2, 3)
    assert score.confusions == (Confusion("c", "d", 1),)


def test_an_empty_page_has_no_rate_where_something_was_read() -> None:
    assert score_page("p", page(), page(placeless("x", "zz"))).scores.cer is None
    assert score_page("p", page(), page()).scores.cer == 0


@pytest.mark.parametrize("match", MATCHES)
def test_a_page_without_prediction_is_missed_whole(match: Match) -> None:
    truth = page(*column("un", "deux"))
    score = score_page("p", truth, None, match=match)
    length = 6 if match == "lines" else 7
    assert score.scores.characters == EditCounts(0, 0, length, length)
    assert score.scores.words == EditCounts(0, 0, 2, 2)
    assert score.confusions == ()
    assert score.confidence is None


def test_normalisation_decides_what_is_equal() -> None:
    truth, prediction = page(placeless("l", "é “x”")), page(placeless("l", 'e\u0301 "x"'))
    rates = {
        form: score_page("p", truth, prediction, normalisation=form).scores.characters.errors
        for form in ("none", "nfc", "loose")
    }
    assert rates == {"none": 4, "nfc": 2, "loose": 0}


def test_confidence_is_the_predictions() -> None:
    truth = page(placeless("l", "a"), confidence=0.1)
    assert score_page("p", truth, page(confidence=0.9)).confidence == 0.9


def test_the_collection_is_the_first_folder() -> None:
    blank = page()
    names = {name: score_page(name, blank, blank).collection for name in ("a", "b/c", "b/d/e")}
    assert names == {"a": "", "b/c": "b", "b/d/e": "b"}


edits = st.builds(EditCounts, *[st.integers(0, 9)] * 4)
page_scores = st.lists(
    st.builds(
        PageScore,
        st.uuids().map(str),
        st.sampled_from(["", "a", "b"]),
        st.builds(Scores, edits, edits),
        st.none(),
        st.just((Confusion("u", "n", 2), Confusion("e", "", 1))),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda score: score.name,
)


@given(page_scores, st.randoms(use_true_random=False))
def test_pages_add_up_in_any_order(pages: list[PageScore], random: Random) -> None:
    result = summarise(pages)
    shuffled = random.sample(pages, len(pages))
    assert summarise(shuffled) == result
    assert sum((one.scores for one in pages), Scores()) == result.scores
    parts = result.collections.values()
    assert sum((part.scores for part in parts), Scores()) == result.scores
    assert sum(part.pages for part in parts) == len(pages)
    assert result.confusions == (
        Confusion("u", "n", 2 * len(pages)),
        Confusion("e", "", len(pages)),
    )


def test_pages_come_worst_first() -> None:
    def rated(name: str, errors: int, length: int) -> PageScore:
        return PageScore(name, "", Scores(EditCounts(errors, 0, 0, length)))

    pages = [
        rated("good", 1, 100),
        rated("blank", 0, 0),
        rated("b", 5, 10),
        rated("a", 5, 10),
        rated("long", 50, 100),
        rated("invented", 3, 0),
    ]
    assert [one.name for one in summarise(pages).pages] == [
        *("invented", "long", "a", "b", "good", "blank")
    ]


def test_fifty_confusions_are_kept() -> None:
    many = tuple(Confusion(chr(200 + at), "x", at) for at in range(1, 80))
    kept = summarise([PageScore("p", "", Scores(), None, many)]).confusions
    assert [one.count for one in kept] == list(range(79, 29, -1))


def test_folders_are_evaluated(tmp_path: Path) -> None:
    truth, prediction = tmp_path / "truth", tmp_path / "prediction"
    write_alto(truth / "bronod/1.xml", "le chat", "dort")
    write_alto(truth / "bronod/2.xml", "missed")
    write_alto(truth / "3.xml", "bien lu")
    write_alto(prediction / "bronod/1.xml", "le chut", "dort", prefix="own")
    write_alto(prediction / "3.xml", "bien lu", prefix="own")
    write_alto(prediction / "4.xml", "extra")
    result = evaluate(truth, prediction)
    assert result.missing == ("bronod/2",)
    assert result.extra == ("4",)
    assert result.scores.characters == EditCounts(1, 0, 6, 24)
    assert result.scores.words == EditCounts(1, 0, 1, 6)
    assert list(result.collections) == ["", "bronod"]
    assert result.collections["bronod"].pages == 2
    assert result.collections["bronod"].scores.characters == EditCounts(1, 0, 6, 17)
    assert [one.name for one in result.pages] == ["bronod/2", "bronod/1", "3"]
    assert result.confusions == (Confusion("a", "u", 1),)
    assert (result.normalisation, result.match) == ("nfc", "lines")


def test_options_reach_the_pages(tmp_path: Path) -> None:
    truth = write_alto(tmp_path / "truth.xml", "“un”", "deux")
    prediction = write_alto(tmp_path / "prediction.xml", '"un"', "deux")
    result = evaluate(truth, prediction, normalisation="loose", match="page")
    assert result.scores.characters == EditCounts(length=len('"un" deux'))
    assert (result.normalisation, result.match) == ("loose", "page")


def test_a_page_that_breaks_off_is_named(tmp_path: Path) -> None:
    truth = write_alto(tmp_path / "truth/1.xml", "un")
    broken = write_alto(tmp_path / "prediction/1.xml", "un")
    broken.write_bytes(broken.read_bytes()[:-20])
    with pytest.raises(BadXml) as caught:
        evaluate(truth.parent, broken.parent)
    assert caught.value.path == str(broken)


@pytest.mark.parametrize("single", [True, False])
def test_a_page_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, single: bool
) -> None:
    truth = write_alto(tmp_path / "truth/1.xml", "un")
    locked = write_alto(tmp_path / "prediction/1.xml", "un")
    opened = Path.open

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if path == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotReadable, match="Permission denied") as caught:
        evaluate(truth, locked) if single else evaluate(truth.parent, locked.parent)
    assert caught.value.path == str(locked)


@pytest.mark.corpora
@pytest.mark.parametrize("match", MATCHES)
def test_real_pages_read_as_themselves_have_no_error(corpora: Path, match: Match) -> None:
    result = evaluate(corpora / "val", corpora / "val", match=match)
    assert result.scores.cer == result.scores.wer == 0
    assert result.scores.characters.length > 10_000
    assert len(result.pages) == 44
    assert set(result.collections) == {one.name for one in (corpora / "val").iterdir()}
    assert (result.missing, result.extra, result.confusions) == ((), (), ())
