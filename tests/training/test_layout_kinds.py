"""Kinds of regions and lines: merged, numbered, and fitted to a network's outputs."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from layout_pages import SPEC

from htr.document.geometry import Polygon
from htr.document.page import Line, Region
from htr.errors import UsageProblem
from htr.training.layout import network
from htr.training.layout.kinds import Kinds, Merge, Wording, fitted, kinds_of, known

BOX = Polygon(((0, 0), (9, 0), (9, 9)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Col_*:MainZone", Merge("Col_*", "MainZone")),
        ("MarginTextZone:note:MarginTextZone", Merge("MarginTextZone:note", "MarginTextZone")),
        ("StampZone:", Merge("StampZone", "")),
    ],
)
def test_a_merge_is_divided_at_its_last_colon(text: str, expected: Merge) -> None:
    assert Merge.parse(text) == expected


@pytest.mark.parametrize("text", ["MainZone", ":MainZone", " : ", ""])
def test_what_is_no_merge_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="does not say"):
        Merge.parse(text)


def region(kind: str | None, *lines: str | None, outline: Polygon | None = BOX) -> Region:
    return Region("r", kind, outline, tuple(Line("l", kind=one) for one in lines))


def test_words_are_segmontos_without_numbers() -> None:
    found = Wording().applied([region("text", "default"), region("MainZone#2", None), region(None)])
    assert [one.kind for one in found] == ["MainZone"] * 3
    assert [line.kind for one in found for line in one.lines] == ["DefaultLine"] * 2


def test_the_first_merge_that_fits_counts() -> None:
    wording = Wording(
        (Merge("Col_1", "NumberingZone"), Merge("Col_*", "MainZone"), Merge("*", "")),
        (Merge("printed", ""), Merge("*", "DefaultLine")),
    )
    found = wording.applied([region("Col_1"), region("Col_2", "printed", "date"), region("Stamp")])
    assert [one.kind for one in found] == ["NumberingZone", "MainZone", None]
    assert [line.kind for line in found[1].lines] == ["DefaultLine"]


def test_a_region_that_is_left_out_keeps_its_lines() -> None:
    (found,) = Wording((Merge("*", ""),)).applied([region("MainZone", "default")])
    assert (found.kind, found.polygon) == (None, None)
    assert len(found.lines) == 1


def test_kinds_are_numbered_after_the_separators() -> None:
    page = [region("MainZone", "HeadingLine", "DefaultLine"), region("TableZone", outline=None)]
    found = kinds_of([page])
    assert found == Kinds({"DefaultLine": 2, "HeadingLine": 3}, {"MainZone": 4})
    assert found.outputs == 5
    assert known(found.classes()) == found


def test_krakens_default_segmenter_is_known_by_segmontos_words() -> None:
    classes = {
        "aux": {"_start_separator": 0, "_end_separator": 1},
        "baselines": {"default": 2},
        "regions": {"text": 3},
    }
    assert known(classes) == Kinds({"DefaultLine": 2}, {"MainZone": 3})
    assert known({**classes, "regions": {"text": 4}}) is None
    assert known({**classes, "aux": {"_start_separator": 1, "_end_separator": 0}}) is None


words = st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)


@given(words, words, words, words)
def test_outputs_are_fitted_without_gaps(
    lines: list[str], regions: list[str], new_lines: list[str], new_regions: list[str]
) -> None:
    base = Kinds(
        {kind: at for at, kind in enumerate(lines, 2)},
        {kind: at for at, kind in enumerate(regions, 2 + len(lines))},
    )
    wanted = Kinds(dict.fromkeys(new_lines, 0), dict.fromkeys(new_regions, 0))
    found, gone = fitted(base, wanted)
    numbers = [*found.lines.values(), *found.regions.values()]
    assert sorted(numbers) == list(range(2, 2 + len(numbers)))
    assert (set(found.lines), set(found.regions)) == (set(new_lines), set(new_regions))
    assert len(gone) == len(set(lines) - set(new_lines)) + len(set(regions) - set(new_regions))


def test_a_fitted_network_knows_its_old_kinds() -> None:
    torch.manual_seed(1)
    base = Kinds({"DefaultLine": 2, "HeadingLine": 3}, {"MainZone": 4, "TableZone": 5})
    net = network.from_spec(SPEC, base)
    pixels = torch.rand(1, 1, 150, 110)
    with torch.inference_mode():
        before = net.nn(pixels, None)[0][0]
    wanted = Kinds({"DefaultLine": 0}, {"TableZone": 0, "StampZone": 0})
    kinds = network.fit(net, wanted)
    assert kinds == Kinds({"DefaultLine": 2}, {"TableZone": 3, "StampZone": 4})
    assert net.user_metadata["class_mapping"] == kinds.classes()
    with torch.inference_mode():
        after = net.nn(pixels, None)[0][0]
    assert torch.allclose(after[:4], before[[0, 1, 2, 5]], atol=1e-5)
    assert len(after) == 5


@pytest.mark.parametrize(
    "spec",
    ["nothing", "[1,0,0,1 Cr3,3,8]", "[1,100,0,1 Q7]", "[1,9,0,2 Cr3,3,8]"],
)
def test_a_specification_that_is_none_is_refused(spec: str) -> None:
    with pytest.raises(UsageProblem, match="no network"):
        network.from_spec(spec, Kinds({"DefaultLine": 2}, {}))
