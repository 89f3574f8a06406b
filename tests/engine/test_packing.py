"""Lines side by side on one strip come out as each would alone."""

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from kraken.lib.vgsl import TorchVGSLModel

from htr.engine.packing import SideBySide, packs

LAYERS = {
    "usual": "[1,48,0,1 Cr4,4,8,2,2 Cr3,3,12 Mp2,2 Do S1(1x0)1,3",
    "wide kernels": "[1,16,0,3 Cr3,13,8 Mp2,2 Cs3,9,8 Mp1,2 Ct3,5,4,1,3 S1(1x0)1,3",
    "dilated": "[1,16,0,1 Cr3,5,8,1,1,1,3 Mp2,3 Cm3,3,6 S1(1x0)1,3",
    "norm": "[1,16,0,1 Cr3,3,8 Gn2 Mp2,2 Cl3,3,8 Gn4 S1(1x0)1,3",
    "down": "[1,24,0,1 Cr3,3,8 Mp2,2 Lfys16",
}


def first_layers(spec: str) -> list[Any]:
    torch.manual_seed(5)
    net = TorchVGSLModel(vgsl=spec + " Lbx4 O1c5]", model_type=["recognition"])
    return list(net.nn.eval().children())[:-2]


@given(
    widths=st.lists(st.integers(1, 300), min_size=1, max_size=40),
    room=st.integers(50, 400),
    gap=st.integers(0, 12),
    step=st.integers(1, 8),
)
def test_every_line_has_a_place_of_its_own(
    widths: list[int], room: int, gap: int, step: int
) -> None:
    strips = packs(widths, room, gap, step)
    placed = [span for spans in strips for span in spans]
    assert sorted(span.line for span in placed) == list(range(len(widths)))
    assert all(span.length == widths[span.line] for span in placed)
    assert all(span.start % step == 0 for span in placed)
    for spans in strips:
        assert spans[-1].end <= room or len(spans) == 1
        for before, after in itertools.pairwise(spans):
            assert after.start >= before.end + gap


@pytest.mark.parametrize("name", LAYERS)
def test_features_are_those_of_each_line_alone(name: str) -> None:
    parts = first_layers(LAYERS[name])
    assert SideBySide.suits(parts)
    height, channels = (int(LAYERS[name][1:].split(",")[place].split()[0]) for place in (1, 3))
    widths = [97, 40, 311, 64, 5000, 33, 2500, 129, 1200, 77]
    lines = [torch.rand(channels, height, width) for width in widths]
    with torch.inference_mode():
        found = SideBySide(parts)(lines)
        for line, features in zip(lines, found, strict=True):
            alone = line[None]
            for layer in parts:
                alone = layer(alone, None)[0]
            torch.testing.assert_close(features, alone[0], rtol=1e-4, atol=1e-5)
    assert SideBySide(parts)([]) == []


def test_layers_that_see_the_whole_line_do_not_suit() -> None:
    net = TorchVGSLModel(vgsl="[1,24,0,1 Cr3,3,8 Mp2,2 S1(1x0)1,3 Lbx16 O1c12]")
    assert not SideBySide.suits(list(net.nn.children()))
