"""Lines in batches of one width, which a network without a graphics card learns from quickest.

Lines of similar width are scaled to the same one: that needs no padding (kraken's packed sequences
are several times slower on a processor), leaves few shapes for oneDNN to make code for, and serves
as augmentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from htr.corpus.text_line import TextLine
from htr.engine.strips import PADDING
from htr.training.augment import augmented

_WIDTHS = 32  # pixels from one width of batch to the next
_AHEAD = 3  # batches that are made while the network learns, by each thread
_LINES = (4, 32)  # of a batch: at least; at most, where its width is the usual one
_USUAL = 8_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A line to learn: the network's labels of its text, its width over its height, least width.

    Below `least_width` pixels the network has too few time steps for the text.
    """

    line: TextLine
    labels: tuple[int, ...]
    ratio: float
    least_width: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines as the network takes them, (N, 1, H, W) with ink 1, and their labels one by one."""

    images: Tensor
    labels: tuple[tuple[int, ...], ...]


def sample(line: TextLine, codec: Any, stride: float) -> Sample:
    """Return a line ready to be learned; `stride` is the pixels to a time step."""
    labels = tuple(codec.encode(line.text).tolist())
    repeats = sum(a == b for a, b in pairwise(labels))
    width, height = line.strip().size
    least = int(stride * (len(labels) + repeats + 1)) - 2 * PADDING
    return Sample(line, labels, width / height, least)


def fits(one: Sample, height: int) -> bool:
    """Say whether a text can stand on its line at all, scaled to a height and a little more."""
    return one.least_width <= 1.5 * one.ratio * height + 2 * PADDING


def batches(
    samples: Sequence[Sample],
    height: int,
    pixels: int,
    rng: np.random.Generator,
    *,
    short_first: bool = False,
    threads: int = 1,
) -> Iterator[Batch]:
    """Yield all samples once, augmented, in batches of about `pixels` of width, in random order.

    With `short_first` short lines come first: a network from scratch learns letters from them
    sooner (Amodei et al. 2016, Deep Speech 2, section 3.3). `threads` make them meanwhile: a
    graphics card learns faster than one of them can.
    """
    plans = _plans(samples, height, pixels, rng)
    if not short_first:
        plans = [plans[place] for place in rng.permutation(len(plans))]
    seeds = rng.integers(2**63, size=len(plans))
    with ThreadPoolExecutor(threads) as pool:
        waiting = []
        for (width, members), seed in zip(plans, seeds, strict=True):
            waiting.append(pool.submit(_batch, members, (width, height), int(seed)))
            if len(waiting) > _AHEAD * threads:
                yield waiting.pop(0).result()
        for made in waiting:
            yield made.result()


def _plans(
    samples: Sequence[Sample], height: int, pixels: int, rng: np.random.Generator
) -> list[tuple[int, list[Sample]]]:
    """Return the batches by rising width: their common width and their lines."""
    jitter = rng.uniform(0.85, 1.15, len(samples))
    widths = [
        max(round(one.ratio * height * by), one.least_width, 8)
        for one, by in zip(samples, jitter, strict=True)
    ]
    order = sorted(range(len(samples)), key=widths.__getitem__)
    plans = []
    while order:
        most = _LINES[1] * max(1, pixels // _USUAL)
        size = min(most, max(_LINES[0], pixels // (widths[order[0]] + 2 * PADDING)))
        chosen, order = order[:size], order[size:]
        least = max(samples[place].least_width for place in chosen)
        width = max(widths[chosen[len(chosen) // 2]], least)
        plans.append((-(-width // _WIDTHS) * _WIDTHS, [samples[place] for place in chosen]))
    return plans


def _batch(members: Sequence[Sample], size: tuple[int, int], seed: int) -> Batch:
    rng = np.random.default_rng(seed)
    greys = np.stack([augmented(one.line.strip(), size, rng) for one in members])
    ink = torch.from_numpy(1 - greys / 255)[:, None]
    return Batch(functional.pad(ink, (PADDING, PADDING)), tuple(one.labels for one in members))
