"""A training learns, keeps its best weights, goes on after a kill, and ends when it should."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from drawn_lines import HEIGHTS, some
from hypothesis import given
from hypothesis import strategies as st

from htr.errors import InputError
from htr.training import network
from htr.training.batches import sample
from htr.training.checkpoint import Checkpoint
from htr.training.loop import Lines, Plan, Training, error_rate, learning_rate, read
from htr.training.outcome import Moment

pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = "[1,16,0,1 Cr4,4,8,4,4 S1(1x0)1,3 Lbx24]"
PLAN = Plan(passes=25, peak=3e-2, pixels=900, between=(400, 400), scratch=True)


def new() -> Any:
    torch.manual_seed(1)
    return network.from_spec(SPEC, HEIGHTS)


def lines_for(model: Any, number: int = 80) -> Lines:
    stride = network.stride(model)
    return Lines(
        [sample(line, model.codec, stride) for line in some(number, seed=1)], some(30, seed=2)
    )


def quiet(_moment: Moment, _done: float) -> None:
    return None


def test_a_network_from_scratch_learns_to_read() -> None:
    training = Training(new(), PLAN)
    lines = lines_for(training.model)
    training.run(lines, quiet)
    moments = training.state.moments
    assert moments[0].cer > 0.6
    best = min(moments, key=lambda moment: moment.cer)
    assert best.cer < 0.2
    assert training.state.best is not None
    assert moments[training.state.best] == best
    assert error_rate(training.best, lines.held_out) == pytest.approx(best.cer)


def test_what_is_observed_is_what_was_done() -> None:
    seen: list[tuple[Moment, float]] = []
    training = Training(new(), Plan(passes=3, pixels=900, between=(40, 40), scratch=True))
    training.run(lines_for(training.model), lambda moment, done: seen.append((moment, done)))
    assert [moment.seen for moment, _done in seen] == [0, 40, 80, 120, 160, 200, 240]
    assert [done for _moment, done in seen] == pytest.approx([n / 6 for n in range(7)])
    assert math.isnan(seen[0][0].loss)
    assert all(moment.loss > 0 for moment, _done in seen[1:])


class Killed(Exception):
    pass


def test_a_training_that_was_killed_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    plan = Plan(passes=4, peak=1e-2, pixels=900, between=(40, 40), scratch=True)
    whole = Training(new(), plan)
    whole.run(lines_for(whole.model), quiet)

    def die(moment: Moment, _done: float) -> None:
        if moment.seen == 160:
            raise Killed

    kept = Checkpoint(tmp_path / "c", "purpose", resume=True)
    killed = Training(new(), plan)
    with pytest.raises(Killed):
        killed.run(lines_for(killed.model), die, kept)
    again = Training(new(), plan)
    again.run(lines_for(again.model), quiet, kept)

    assert [m.seen for m in again.state.moments] == [m.seen for m in whole.state.moments]
    for one, other in zip(whole.average.parameters(), again.average.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    training = Training(new(), PLAN)
    Checkpoint(tmp_path / "c", "one", resume=False).keep(training)
    with pytest.raises(InputError, match="another training"):
        Checkpoint(tmp_path / "c", "other", resume=True).restore(training)


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"no checkpoint")
    with pytest.raises(InputError, match="cannot be read"):
        Checkpoint(tmp_path / "c", "one", resume=True).restore(Training(new(), PLAN))


def test_without_resume_a_checkpoint_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"no checkpoint")
    training = Training(new(), PLAN)
    Checkpoint(tmp_path / "c", "one", resume=False).restore(training)
    assert training.state.round == 0


def test_it_ends_when_nothing_gets_better() -> None:
    plan = Plan(passes=1000, peak=1e-9, pixels=900, between=(40, 40), patience=2)
    training = Training(new(), plan)
    training.run(lines_for(training.model), quiet)
    assert len(training.state.moments) == 3
    assert training.state.best == 0


def test_it_ends_when_the_time_is_over() -> None:
    plan = Plan(seconds=0.5, pixels=900, between=(40, 40), patience=1000, scratch=True)
    training = Training(new(), plan)
    training.run(lines_for(training.model), quiet)
    assert training.state.seconds >= 0.5
    assert training.state.moments[-1].seen < 40 * 1000


def test_other_lines_are_mixed_in_by_their_share() -> None:
    plan = Plan(passes=2, pixels=900, between=(60, 60), mixed=0.25)
    training = Training(new(), plan)
    lines = lines_for(training.model, 60)
    others = [one for one in lines.train if one.line.text[0] == "a"]
    training.run(Lines(lines.train, lines.held_out, others), quiet)
    assert [moment.seen for moment in training.state.moments] == [0, 80, 160]


def test_a_blank_line_is_read_as_nothing() -> None:
    assert read(new(), []) == []


@given(st.floats(0, 1), st.floats(1e-6, 1))
def test_the_learning_rate_rises_to_its_peak_and_falls(done: float, peak: float) -> None:
    rate = learning_rate(done, peak)
    assert 0 <= rate <= peak * (1 + 1e-9)
    assert learning_rate(0.04, peak) == pytest.approx(peak)
    assert learning_rate(1.0, peak) == pytest.approx(0, abs=1e-12)
