"""What accompanies kraken's trainer: the learning rate, the measurements, the best weights."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import lightning
import torch

from htr.errors import InputError
from htr.evaluation.layout import Counts, LayoutScores
from htr.i18n import _
from htr.pipeline.files import whole
from htr.training.layout.judge import Interrupted, Judge
from htr.training.layout.outcome import Observer, Progress, Round, score
from htr.training.layout.settings import LayoutSettings

_RISE = 0.03  # of the whole, in which the learning rate rises
_LOWEST = 0.02  # of the highest learning rate, at the end
_MARGIN = 1.2  # a measurement may take this much longer than the last one


def learning_rate(done: float, peak: float) -> float:
    """Return the learning rate when a share of the training is done.

    It rises from a tenth and falls as a cosine (Loshchilov and Hutter, ICLR 2017).
    """
    if done < _RISE:
        return peak * (0.1 + 0.9 * done / _RISE)
    fall = min(1.0, (done - _RISE) / (1 - _RISE))
    return peak * (_LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * fall)))


class Watch(lightning.Callback):
    """Paces a training, measures it after each round, and keeps the best weights and its state.

    A round is one epoch of the trainer's, over some of the pages.
    """

    def __init__(
        self,
        settings: LayoutSettings,
        judge: Judge,
        observe: Observer,
        *,
        rounds: int,
        purpose: str,
        state: Path,
        base: LayoutScores | None,
        start: float,
        stopping: Callable[[], bool],
    ) -> None:
        self._settings, self._judge, self._observe = settings, judge, observe
        self.all_rounds, self._purpose, self._state = rounds, purpose, state
        self._stopping = stopping
        self._start = start
        self._earlier = 0.0  # seconds of work before a resumption
        self._losses: list[float] = []
        self._batches = 1
        self._best_score = -1.0 if base is None else score(base)
        self.rounds: list[Round] = []
        self.best: int | None = None
        self.weights: Mapping[str, Any] | None = None

    @property
    def seconds(self) -> float:
        """How long the training has worked so far."""
        return self._earlier + time.monotonic() - self._start

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed training must know, in plain values and tensors."""
        return {
            "purpose": self._purpose,
            "seconds": self.seconds,
            "rounds": [asdict(one) for one in self.rounds],
            "best": self.best,
            "score": self._best_score,
            "weights": self.weights,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there; raises InputError where that is another training's state."""
        if state_dict["purpose"] != self._purpose:
            raise InputError(
                _("This is where another training stood: its lines or settings were others."),
                path=self._state,
                hint=_("Leave --resume out to begin anew, or give the same lines and settings."),
            )
        self._earlier = state_dict["seconds"]
        self.rounds = [_round(one) for one in state_dict["rounds"]]
        self.best, self._best_score = state_dict["best"], state_dict["score"]
        self.weights = state_dict["weights"]

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002
        """Have weights in the layout in which processors are quickest, by an eighth or more."""
        pl_module.net.nn.to(memory_format=torch.channels_last)

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002
        """Begin a round."""
        torch.manual_seed(self._settings.seed + trainer.current_epoch)
        self._batches = max(1, trainer.num_training_batches)
        self._losses = []

    def on_train_batch_start(
        self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int
    ) -> None:
        """Set the learning rate."""
        del pl_module, batch
        rate = learning_rate(self._done(batch_idx), self._settings.peak)
        for group in trainer.optimizers[0].param_groups:
            group["lr"] = rate

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Note the loss; stop where the time is over or the user says so."""
        del pl_module, batch
        if self._stopping():
            raise Interrupted
        self._losses.append(float(outputs["loss"]))
        self._observe(Progress(min(1.0, self._done(batch_idx + 1)), self._losses[-1]))
        budget = self._settings.seconds
        if budget is not None and self.seconds + _MARGIN * self._judge.seconds > budget:
            trainer.should_stop = True

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Measure, keep the weights if they are the best, and write the state."""
        seen = (self.rounds[-1].seen if self.rounds else 0) + len(self._losses)
        loss = sum(self._losses) / max(1, len(self._losses))
        ended = Round(self.seconds, seen, loss, self._judge(pl_module.net, self._stopping))
        if self._is_best(ended.score):
            self._best_score, self.best = ended.score, len(self.rounds)
            self.weights = copy.deepcopy(pl_module.net.state_dict())
        self.rounds.append(ended)
        self._observe(Progress(min(1.0, self._done(0, len(self.rounds))), loss, ended))
        with whole(self._state) as temporary:
            trainer.save_checkpoint(temporary)
        stale = len(self.rounds) - (0 if self.best is None else self.best + 1)
        if stale >= self._settings.patience:
            trainer.should_stop = True
        if self._stopping():
            raise Interrupted

    def _is_best(self, score: float) -> bool:
        """Say whether weights are kept: of equals the later ones, but not for the base's."""
        return score > self._best_score or (score == self._best_score and self.best is not None)

    def _done(self, batch: int, rounds: int | None = None) -> float:
        """Return how much of the whole is done, by rounds or by time, whichever is further."""
        done = (len(self.rounds) if rounds is None else rounds) + batch / self._batches
        budget = self._settings.seconds
        return max(done / self.all_rounds, self.seconds / budget if budget else 0.0)


def _round(kept: dict[str, Any]) -> Round:
    scores = kept["scores"]
    return Round(
        kept["seconds"],
        kept["seen"],
        kept["loss"],
        LayoutScores(
            Counts(**scores["lines"]),
            Counts(**scores["regions"]),
            *(
                {kind: Counts(**counts) for kind, counts in scores[name].items()}
                for name in ("line_kinds", "region_kinds")
            ),
        ),
    )
