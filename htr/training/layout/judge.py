"""Held-out pages, and how well a network in training finds their layout."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from PIL import Image

from htr.engine.layout import LayoutFinder
from htr.engine.segmenting import regions
from htr.evaluation.layout import LayoutScores, compared
from htr.training.layout.kinds import Wording
from htr.training.layout.prepared import Prepared


def _never() -> bool:
    return False


class Interrupted(Exception):
    """The user has asked the training to stop."""


class Judge:
    """Measures networks on held-out pages, with the steps that `htr transcribe` takes."""

    def __init__(self, pages: Sequence[Prepared], wording: Wording, device: torch.device) -> None:
        self._pages = pages
        self._wording = wording
        self._device = device
        self.seconds = 0.0
        """How long the last measurement took."""

    def __call__(self, net: Any, stopping: Callable[[], bool] = _never) -> LayoutScores:
        """Return how the layouts that a network finds agree with the truth.

        Raises Interrupted when `stopping` says so.
        """
        start = time.monotonic()
        finder, scores = LayoutFinder(net, self._device), LayoutScores()
        for page in self._pages:
            if stopping():
                raise Interrupted
            scores += self._page(finder, page)
        net.nn.train()
        self.seconds = time.monotonic() - start
        return scores

    def _page(self, finder: LayoutFinder, page: Prepared) -> LayoutScores:
        with Image.open(page.image) as image:
            found = regions(finder(image), image.size)
        return compared(self._wording.applied(found), page.regions, page.size[1])
