"""Numbers and IDs keep their value on the way through a file."""

from hypothesis import given
from hypothesis import strategies as st

from htr.formats.ids import unique_ids
from htr.formats.values import number, number_text, points


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_equal(value: float) -> None:
    assert number(number_text(value)) == value


def test_numbers_are_short() -> None:
    assert [number_text(value) for value in (12.0, 12.5, 12, 0.1 + 0.2, -3.0)] == [
        "12",
        "12.5",
        "12",
        "0.30000000000000004",
        "-3",
    ]


_NAMES = st.one_of(st.sampled_from(["a", "a-2", "l-1", "a b", "a_b", "1", "_1", ""]), st.text())


@given(st.lists(st.tuples(_NAMES, st.just("l-"))), st.sets(st.sampled_from(["a", "l-1", "x"])))
def test_ids_are_unique_and_the_good_ones_stay(
    wanted: list[tuple[str, str]], taken: set[str]
) -> None:
    given_ids = unique_ids(wanted, taken)
    assert len(given_ids) == len(wanted)
    assert len({*given_ids, *taken}) == len(given_ids) + len(taken)
    assert unique_ids(((name, "l-") for name in given_ids), taken) == given_ids
    for name in ("a", "a-2", "l-1", "a_b", "_1"):
        if name not in taken and (name, "l-") in wanted:
            assert given_ids[wanted.index((name, "l-"))] == name


def test_many_missing_ids_take_no_time() -> None:
    assert unique_ids([("", "line-")] * 100_000)[-1] == "line-100000"
    assert unique_ids([("a", "line-")] * 100_000)[-1] == "a-100000"


@given(st.lists(st.tuples(st.integers(0, 10**20), st.integers(0, 9999)), max_size=5))
def test_points_read_alike_however_they_are_written(pairs: list[tuple[int, int]]) -> None:
    expected = tuple((float(x), float(y)) for x, y in pairs)
    flat = [number for pair in pairs for number in pair]
    for text in (
        " ".join(f"{x},{y}" for x, y in pairs),
        " ".join(map(str, flat)),
        " ".join(f"({x},{y})" for x, y in pairs),
        "\n".join(f"{x}.0 {y}.0" for x, y in pairs),
    ):
        assert points(text) == expected
    assert points("1 2 3") == ()
    assert points("٣ ٤ 5 6") == ((5.0, 6.0),)
