"""The time steps of a network's output that matter, for many lines side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from htr.engine.language.arrays import Bools, Doubles, Floats, Ints

_SURE = 0.99  # of the blank: such steps are left out
_LEAST = 1e-3  # labels that are less likely at a step are not looked at there
_MOST = 8  # labels looked at in a step, besides the blank


@dataclass(frozen=True, slots=True)
class Steps:
    """The time steps of N lines that count, at most L a line, and the likeliest labels at each.

    `labels` and `chances` are (N, L, K): the K likeliest labels but the blank, and how likely;
    `blanks` (N, L) is the blank's probability, `all_chances` (N, L, labels) that of each label.
    `gaps` (N, L) says where blank steps that were left out come before; `times` (N, L) is each
    step's place in the network's output. Beyond a line's end the blank is sure.
    """

    labels: Ints
    chances: Doubles
    blanks: Doubles
    all_chances: Floats
    gaps: Bools
    times: Ints


def steps_of(logits: Tensor, lengths: Tensor) -> Steps:
    """Return the steps that matter of logits (T, N, labels), of which `lengths` (N,) are lines'.

    Those at which the blank, label 0, is as good as sure are left out.
    """
    chances = logits.float().softmax(2).transpose(0, 1)
    places = torch.arange(chances.shape[1], device=chances.device)
    kept = (chances[:, :, 0] < _SURE) & (places < lengths.to(chances.device)[:, None])
    counts = kept.sum(1)
    longest = int(counts.max()) if len(counts) else 0
    times = torch.argsort(~kept, dim=1, stable=True)[:, :longest]
    chances = torch.take_along_dim(chances, times[:, :, None], 1)
    beyond = places[:longest] >= counts[:, None]
    chances[beyond] = 0
    chances[..., 0][beyond] = 1
    best = chances[:, :, 1:].topk(min(_MOST, chances.shape[2] - 1), 2)
    likely = best.values.double().cpu().numpy()
    known, steps = chances.cpu().numpy(), times.cpu().numpy()
    return Steps(
        best.indices.cpu().numpy() + 1,
        np.where(likely < _LEAST, 0, likely),
        known[:, :, 0].astype(np.float64),
        known,
        (np.diff(steps, axis=1, prepend=-1) > 1) & ~beyond.cpu().numpy(),
        steps,
    )
