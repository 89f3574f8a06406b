"""The training of a recogniser: rounds of lines, held-out CER after each, the best weights kept.

CTC (Graves et al., ICML 2006) with AdamW (Loshchilov and Hutter, ICLR 2019), a learning rate that
rises shortly and falls as a cosine to zero, and weights averaged over the steps (Polyak and
Juditsky 1992), which are those that are measured and kept.
"""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor
from torch.nn import functional

from htr.corpus.text_line import TextLine
from htr.engine.reading import LineReader
from htr.training.batches import Batch, Sample, batches
from htr.training.checkpoint import Checkpoint
from htr.training.outcome import Moment

_CLIP = 2.0
_DECAY = 0.999
_MAKERS = 8  # threads that make batches for a graphics card
_BEGINNER = 2.0  # loss a character above which a network from scratch knows hardly any letter
_SHORT = 16  # characters
_RISE = 0.04  # of the whole, in which the learning rate rises


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train.

    The training ends after `passes` over the lines, or after `seconds` of work if that is given;
    or before, when the held-out CER has not fallen for `patience` measurements. `peak` is the
    highest learning rate, `pixels` the width of a batch. `mixed` is the share of other lines
    among all. `scratch` says that the network begins with random weights. `between` are the least
    and the greatest number of own lines from one measurement to the next.
    """

    passes: int = 60
    seconds: float | None = None
    patience: int = 12
    peak: float = 1e-3
    pixels: int = 8_000
    mixed: float = 0.0
    seed: int = 0
    device: str = "cpu"
    scratch: bool = False
    between: tuple[int, int] = (1000, 4000)


@dataclass(slots=True)
class State:
    """Where a training stands, as it is written to a checkpoint."""

    round: int = 0
    steps: int = 0
    seconds: float = 0.0
    moments: list[Moment] = field(default_factory=list)
    best: int | None = None

    @property
    def seen(self) -> int:
        """How many lines were learned from so far."""
        return self.moments[-1].seen if self.moments else 0


@dataclass(frozen=True, slots=True)
class Lines:
    """What is learned, what is mixed in with it, and what the progress is measured on."""

    train: Sequence[Sample]
    held_out: Sequence[TextLine]
    mixed: Sequence[Sample] = ()


class Training:
    """A recogniser in training, on one device."""

    def __init__(self, model: Any, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self._plan = plan
        self._height = model.input[2]
        self._device = torch.device(plan.device)
        self.model = model
        self.average = copy.deepcopy(model)
        self.best = copy.deepcopy(model)
        for one in (self.model, self.average):
            one.nn.to(self._device)
        self.model.nn.to(memory_format=torch.channels_last)
        self._half = _bfloat16(self._device)
        self.optimizer = torch.optim.AdamW(model.parameters(), plan.peak, weight_decay=0.01)
        self.state = State()

    def run(
        self,
        lines: Lines,
        observe: Callable[[Moment, float], None],
        checkpoint: Checkpoint | None = None,
    ) -> None:
        """Train until the plan's end; `observe` gets each moment and the share that is done.

        The best weights are then in `best`: those that it began with where none were better.
        """
        if checkpoint:
            checkpoint.restore(self)
        if not self.state.moments:
            cer = error_rate(self.average, lines.held_out)
            self._note(Moment(0.0, 0, math.nan, cer), observe)
        while not self._over(lines):
            self._round(lines, observe)
            if checkpoint:
                checkpoint.keep(self)

    def _over(self, lines: Lines) -> bool:
        stale = len(self.state.moments) - 1 - (self.state.best or 0)
        return self._done(lines) >= 1 or stale >= self._plan.patience

    def _done(self, lines: Lines, seen: int = 0, seconds: float = 0.0) -> float:
        """Return how much of the whole is behind us, 0 to 1 and above."""
        if self._plan.seconds is not None:
            return (self.state.seconds + seconds) / self._plan.seconds
        return (self.state.seen + seen) / (self._plan.passes * _with_mixed(lines, self._plan))

    def _round(self, lines: Lines, observe: Callable[[Moment, float], None]) -> None:
        start, seen, losses = time.monotonic(), 0, []
        rng = np.random.default_rng((self._plan.seed, self.state.round))
        # A loss that is not known yet, before the first round, is not below anything.
        beginner = self._plan.scratch and not self.state.moments[-1].loss <= _BEGINNER
        chosen = _chosen(_short(lines) if beginner else lines, self._plan, self.state.round)
        self.model.train()
        made = batches(
            chosen,
            self._height,
            self._plan.pixels,
            rng,
            short_first=beginner and self.state.round == 0,
            threads=1 if self._device.type == "cpu" else min(_MAKERS, os.cpu_count() or 1),
        )
        for batch in made:
            done = self._done(lines, seen, time.monotonic() - start)
            if done >= 1:
                break
            losses.append(self._step(batch, done))
            seen += len(batch.labels)
        cer = error_rate(self.average, lines.held_out)
        self.state.round += 1
        self.state.seconds += time.monotonic() - start
        loss = float(np.mean(losses)) if losses else math.nan
        moment = Moment(self.state.seconds, self.state.seen + seen, loss, cer)
        self._note(moment, observe, self._done(lines, seen))

    def _note(
        self, moment: Moment, observe: Callable[[Moment, float], None], done: float = 0.0
    ) -> None:
        moments, best = self.state.moments, self.state.best
        if best is None or moment.cer < moments[best].cer:
            self.state.best = len(moments)
            self.best.load_state_dict(self.average.state_dict())
        moments.append(moment)
        observe(moment, min(1.0, done))

    def _step(self, batch: Batch, done: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(done, self._plan.peak)
        loss = self._loss(batch)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP)
        self.optimizer.step()
        self.state.steps += 1
        self._follow()
        return float(loss.item())

    def _loss(self, batch: Batch) -> Tensor:
        """Return the CTC loss of a batch a character, in full precision."""
        images = batch.images.to(self._device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            output, _lengths = self.model.nn(images, None)
        logs = output.float().squeeze(2).permute(2, 0, 1).log_softmax(2)
        steps = torch.full((len(batch.labels),), logs.shape[0])
        targets = torch.tensor([label for labels in batch.labels for label in labels])
        lengths = torch.tensor([len(labels) for labels in batch.labels])
        loss = functional.ctc_loss(
            logs, targets.to(self._device), steps, lengths, reduction="sum", zero_infinity=True
        )
        return loss / lengths.sum()

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the averaged weights towards the model's."""
        weight = 1 - min(_DECAY, (1 + self.state.steps) / (10 + self.state.steps))
        for kept, current in zip(self.average.parameters(), self.model.parameters(), strict=True):
            kept.lerp_(current, weight)


def learning_rate(done: float, peak: float) -> float:
    """Return the learning rate when a share of the training is done: up from a tenth, down to 0."""
    if done < _RISE:
        return peak * (0.1 + 0.9 * done / _RISE)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - _RISE) / (1 - _RISE))))


def read(model: Any, lines: Sequence[TextLine]) -> list[str]:
    """Return what a model reads on lines, by the best label at each step."""
    model.nn.eval()
    reader = LineReader(model, lambda _image, lines: [None] * len(lines))
    return ["".join(one.characters) for one in reader.read_strips([one.strip() for one in lines])]


def error_rate(model: Any, lines: Sequence[TextLine]) -> float:
    """Return the CER of a model on lines: edits by characters of the truth."""
    errors = sum(
        Levenshtein.distance(text, line.text)
        for text, line in zip(read(model, lines), lines, strict=True)
    )
    return errors / max(1, sum(len(line.text) for line in lines))


def _with_mixed(lines: Lines, plan: Plan) -> int:
    """Return how many lines a pass over the training lines has, with what is mixed in."""
    own = len(lines.train)
    return own if not lines.mixed else round(own / (1 - plan.mixed))


def _chosen(lines: Lines, plan: Plan, round_number: int) -> list[Sample]:
    """Return the lines of a round: the next ones of a pass in random order, others mixed in."""
    own = len(lines.train)
    parts = max(1, math.ceil(own / plan.between[1]))
    times = max(1, plan.between[0] // max(1, own)) if parts == 1 else 1
    chosen: list[Sample] = []
    for turn in range(round_number * times, (round_number + 1) * times):
        order = np.random.default_rng((plan.seed, 1, turn // parts)).permutation(own)
        chosen += [lines.train[place] for place in order[turn % parts :: parts]]
    if lines.mixed and plan.mixed:
        rng = np.random.default_rng((plan.seed, 2, round_number))
        extra = round(len(chosen) * plan.mixed / (1 - plan.mixed))
        chosen += [lines.mixed[place] for place in rng.integers(len(lines.mixed), size=extra)]
    return chosen


def _short(lines: Lines) -> Lines:
    """Return the short lines alone, from which letters are learned first, if there are enough.

    In a long line a network cannot tell what belongs to what before it knows any letter, and
    may take many passes to find that out.
    """
    short = [one for one in lines.train if len(one.labels) <= _SHORT]
    return replace(lines, train=short, mixed=()) if 10 * len(short) > len(lines.train) else lines


def _bfloat16(device: torch.device) -> bool:
    """Say whether bfloat16 pays: on graphics cards, and processors that compute in it."""
    if device.type == "cpu":
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return device.type == "cuda" and torch.cuda.is_bf16_supported()
