"""What the segmentation network sees on a page: heatmaps of baselines, separators and regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from PIL.Image import Resampling
from torch import nn

from htr.engine.layout.network import compiled
from htr.engine.layout.ridges import Heat

if TYPE_CHECKING:
    from PIL.Image import Image

_FAINTEST_WEIGHT = 1e-30
_FAINTEST_HEAT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Heatmaps:
    """A page as the network saw it, and what it found.

    `grey` is (H, W) in 0..255; `maps` are (classes, h, w) in 0..1 for cells laid evenly over it;
    `scale` is how many pixels of the page across and down one of `grey` stands for.
    """

    grey: npt.NDArray[np.uint8]
    maps: Heat
    scale: tuple[float, float]


class HeatmapNetwork:
    """A segmentation network of kraken's, made fast on its device."""

    def __init__(self, net: Any, device: torch.device) -> None:
        self._height, self._width = net.input[2:]
        self._mode = "RGB" if net.input[1] == 3 else "L"
        self._network = compiled(without_denormals(net.nn.eval()), device)
        self._plain = net.nn
        self._device = device

    @torch.inference_mode()
    def __call__(self, image: Image) -> Heatmaps:
        """Return the heatmaps of an upright page."""
        small = _in_mode(image, self._mode).resize(self._size(image.size), Resampling.LANCZOS)
        pixels = np.array(small)
        dark = torch.from_numpy(pixels.max() - pixels).view(*pixels.shape[:2], -1).to(self._device)
        maps = torch.sigmoid(self._answers(dark).permute(2, 0, 1))
        maps[maps < _FAINTEST_HEAT] = 0
        scale = (image.width / small.width, image.height / small.height)
        return Heatmaps(np.array(small.convert("L")), maps.cpu().numpy(), scale)

    def _answers(self, dark: torch.Tensor) -> torch.Tensor:
        """Return the network's logits (h, w, classes) for pixels (H, W, channels) in 0..255."""
        if self._network is not None:
            return self._network(dark)
        answers, _lengths = self._plain(dark.permute(2, 0, 1)[None] / 255, None)
        return torch.as_tensor(answers)[0].permute(1, 2, 0)

    def _size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the width and height at which the network takes a page; its 0 means as fits."""
        width, height = size
        if self._height == 0:
            return self._width, max(1, int(height * self._width / width))
        if self._width == 0:
            return max(1, int(width * self._height / height)), self._height
        return self._width, self._height


def without_denormals(network: nn.Module) -> nn.Module:
    """Return a network with its faintest weights set to zero.

    Weights below 1e-38, left by training with weight decay, change no result, but processors
    compute with such denormal numbers up to a hundred times more slowly.
    """
    with torch.no_grad():
        for weights in network.parameters():
            weights[weights.abs() < _FAINTEST_WEIGHT] = 0
    return network


def _in_mode(image: Image, mode: str) -> Image:
    return image if image.mode == mode else image.convert(mode)
