"""Lines in one order become regions in order."""

from hypothesis import given
from hypothesis import strategies as st

from htr.document.order import by_region


def test_regions_stand_where_their_first_line_is_read() -> None:
    assert by_region(["a", "b", None, None, "a", None]) == (
        ("a", (0, 4)),
        ("b", (1,)),
        (None, (2, 3)),
        (None, (5,)),
    )


@given(st.lists(st.sampled_from(["a", "b", "c", None])))
def test_it_is_a_permutation_that_keeps_order_within_regions(regions: list[str | None]) -> None:
    groups = by_region(regions)
    indices = [index for _region, members in groups for index in members]
    assert sorted(indices) == list(range(len(regions)))
    assert all(list(members) == sorted(members) for _region, members in groups)
    assert all(regions[index] == region for region, members in groups for index in members)
    starts = [members[0] for _region, members in groups]
    assert starts == sorted(starts)
