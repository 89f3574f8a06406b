import itertools

from hypothesis import given
from hypothesis import strategies as st

from htr.document.metrics import Confusion, EditCounts, Scores, merge

small = st.integers(min_value=0, max_value=1000)
counts = st.builds(EditCounts, small, small, small, small)
letters = st.sampled_from(["", "a", "b", " "])
confusions = st.lists(st.builds(Confusion, letters, letters, st.integers(1, 9)), max_size=20)


def test_rate_is_errors_by_length_of_truth() -> None:
    read = EditCounts(substitutions=1, insertions=2, deletions=3, length=24)
    assert read.errors == 6
    assert read.rate == 0.25


def test_rate_goes_above_one_where_much_was_invented() -> None:
    assert EditCounts(insertions=6, length=4).rate == 1.5


def test_rate_of_an_empty_truth() -> None:
    assert EditCounts().rate == 0.0
    assert EditCounts(insertions=1).rate is None


@given(st.lists(counts))
def test_sums_do_not_depend_on_order(parts: list[EditCounts]) -> None:
    forwards = sum(parts, EditCounts())
    assert sum(reversed(parts), EditCounts()) == forwards
    assert forwards.errors == sum(part.errors for part in parts)
    assert forwards.length == sum(part.length for part in parts)


@given(counts, counts)
def test_rate_of_a_sum_lies_between_the_rates(one: EditCounts, two: EditCounts) -> None:
    rates = (one.rate, two.rate, (one + two).rate)
    if one.length and two.length and None not in rates:
        first, second, both = (rate or 0.0 for rate in rates)
        assert min(first, second) - 1e-12 <= both <= max(first, second) + 1e-12


def test_scores_add_characters_to_characters_and_words_to_words() -> None:
    one = Scores(EditCounts(1, 0, 0, 10), EditCounts(1, 0, 0, 2))
    two = Scores(EditCounts(0, 1, 0, 10), EditCounts(0, 0, 1, 3))
    both = one + two
    assert both == Scores(EditCounts(1, 1, 0, 20), EditCounts(1, 0, 1, 5))
    assert (both.cer, both.wer) == (0.1, 0.4)


def test_merge_counts_equal_confusions_together_commonest_first() -> None:
    merged = merge([Confusion("u", "n", 2), Confusion("e", "", 4), Confusion("u", "n", 3)])
    assert merged == (Confusion("u", "n", 5), Confusion("e", "", 4))


@given(confusions, st.integers(0, 5))
def test_merge_keeps_the_total_and_the_order_of_counts(parts: list[Confusion], limit: int) -> None:
    merged = merge(parts)
    assert sum(one.count for one in merged) == sum(one.count for one in parts)
    assert all(one.count >= two.count for one, two in itertools.pairwise(merged))
    assert len({(one.truth, one.prediction) for one in merged}) == len(merged)
    assert merge(reversed(parts)) == merged
    assert merge(parts, limit) == merged[:limit]
