"""Networks to be trained: made, extended by letters, saved, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from drawn_lines import HEIGHTS, drawn

from htr.engine.models import from_file
from htr.errors import BrokenModel, UsageProblem
from htr.training import network
from htr.training.batches import fits, sample
from htr.training.loop import read

pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = "[1,16,0,1 Cr3,3,8,2,2 Cr3,3,8 Mp2,2 S1(1x0)1,3 Lbx24]"


def test_new_letters_leave_what_was_known_as_it_is() -> None:
    torch.manual_seed(1)
    model = network.from_spec(SPEC, HEIGHTS)
    line = torch.rand(1, 1, 16, 200)
    model.nn.eval()
    before, _lengths = model.nn(line, None)
    network.extend(model, ["ſ", "ꝑ"])
    after, _lengths = model.nn(line, None)
    assert network.alphabet(model) == {*HEIGHTS, "ſ", "ꝑ"}
    assert after.shape[1] == before.shape[1] + 2
    assert torch.equal(after[:, : before.shape[1]], before)


def test_nothing_new_changes_nothing() -> None:
    model = network.from_spec(SPEC, HEIGHTS)
    spec = model.spec
    network.extend(model, [])
    assert model.spec == spec


def test_a_saved_network_reads_as_before(tmp_path: Path) -> None:
    torch.manual_seed(2)
    model = network.from_spec(SPEC, HEIGHTS)
    network.extend(model, ["é"])
    for weights in model.parameters():
        weights.data *= 2
    network.save(model, tmp_path / "m.mlmodel")
    again = network.load(from_file(tmp_path / "m.mlmodel"))
    lines = [drawn("abcd"), drawn("dcbaab")]
    assert read(again, lines) == read(model, lines)
    assert network.alphabet(again) == network.alphabet(model)
    assert not again.use_legacy_polygons


def test_the_pixels_to_a_time_step_are_measured() -> None:
    assert network.stride(network.from_spec(SPEC, HEIGHTS)) == pytest.approx(4, rel=0.02)


def test_a_text_too_long_for_its_line_does_not_fit() -> None:
    model = network.from_spec(SPEC, HEIGHTS)
    stride = network.stride(model)
    good = drawn("abcd")
    assert fits(sample(good, model.codec, stride), 16)
    assert not fits(sample(good.with_text("abcd" * 20), model.codec, stride), 16)


@pytest.mark.parametrize("spec", ["[1,16,0,1 Xy]", "no brackets", "[]"])
def test_a_bad_specification_is_a_usage_problem(spec: str) -> None:
    with pytest.raises(UsageProblem, match="no network in VGSL"):
        network.from_spec(spec, HEIGHTS)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.mlmodel").write_bytes(b"nothing of the kind")
    with pytest.raises(BrokenModel, match="recogniser"):
        network.load(from_file(tmp_path / "m.mlmodel"))
