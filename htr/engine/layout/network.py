"""kraken's segmentation network, computed in stripes of rows and in little memory.

Maps are (height, width, channels) tensors of any strides. A convolution, its activation and the
sums for the group norm after it are done while a stripe is in the processor's cache; the norm
itself is applied when the next layer reads its stripes. Two buffers, kept from page to page, hold
the maps: glibc would hand them back to the system after each layer and fetch them anew, page by
page, which takes a third of the network's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from kraken.lib.vgsl.layers import ActConv2D, Dropout, GroupNorm, TransposedSummarizingRNN
from torch import Tensor, nn

_STRIPE = 2**19  # numbers in a stripe of a convolution's result
# Maps are computed in float32 and kept in float16 between layers, whose error of 1 in 2,000 moves
# no line; bfloat16's of 1 in 250 does.
_STORED = torch.float16
_LARGEST = 65504.0
_CHUNK = 16  # steps of an LSTM whose gates are computed in one product


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Maps (height, width, channels), and what to multiply and add by channel in reading them."""

    values: Tensor
    factors: Tensor | None = None
    shifts: Tensor | None = None

    def rows(self, first: int, last: int) -> Tensor:
        """Return rows as float32, a copy where the values are not that already."""
        part = self.values[first:last].to(torch.float32)
        if self.factors is None:
            return part
        return part * self.factors if self.shifts is None else part * self.factors + self.shifts


class Memory:
    """Two buffers that layers write to in turn; they grow to the largest page and stay."""

    def __init__(self, device: torch.device) -> None:
        self._buffers = [torch.empty(0, dtype=torch.uint8, device=device) for _ in range(2)]
        self._next = 0

    def take(self, shape: tuple[int, int, int], kind: torch.dtype) -> Tensor:
        """Return room for maps of a shape, in the buffer that was not taken last."""
        self._next = 1 - self._next
        size = int(torch.Size(shape).numel()) * kind.itemsize
        if self._buffers[self._next].numel() < size:
            self._buffers[self._next] = self._buffers[self._next].new_empty(size)
        return self._buffers[self._next][:size].view(kind).view(shape)


class Layer(Protocol):
    """One step of the network."""

    def __call__(self, maps: Maps, memory: Memory) -> Maps:
        """Return what the layer makes of maps."""
        ...


class SegmentationNetwork:
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Layer], device: torch.device) -> None:
        self._layers = layers
        self._memory = Memory(device)

    def __call__(self, pixels: Tensor) -> Tensor:
        """Return (h, w, classes) logits for pixels (H, W, channels) in 0..255, high for ink."""
        maps = Maps(pixels, factors=torch.tensor(1 / 255, device=pixels.device))
        for layer in self._layers:
            maps = layer(maps, self._memory)
        return maps.rows(0, len(maps.values))


def compiled(network: nn.Module, device: torch.device) -> SegmentationNetwork | None:
    """Return a network of kraken's on its device, None if it has layers not known here."""
    layers: list[Layer] = []
    for layer in network.to(device).children():
        step = _layer(layer)
        if step is None:
            return None
        if isinstance(step, Convolution) or not isinstance(layer, Dropout | GroupNorm):
            layers.append(step)
        elif isinstance(layer, GroupNorm):
            if not layers or not isinstance(layers[-1], Convolution):
                return None
            layers[-1].norm = layer.layer
    return SegmentationNetwork(layers, device)


def _layer(layer: Any) -> Layer | None:
    if isinstance(layer, ActConv2D) and not layer.transposed:
        known = layer.nl_name in ("RELU", "LINEAR", "SIGMOID")  # a sigmoid is left to the caller
        return Convolution(layer.co, relu=layer.nl_name == "RELU") if known else None
    if isinstance(layer, TransposedSummarizingRNN):
        plain = layer.bidi and not layer.summarize and layer.legacy is None
        return Recurrence(layer.layer, down=layer.transpose) if plain else None
    return _same if isinstance(layer, Dropout | GroupNorm) else None


def _same(maps: Maps, memory: Memory) -> Maps:
    del memory
    return maps


class Convolution:
    """A convolution with its activation and, where one follows, the group norm's sums."""

    def __init__(self, convolution: nn.Conv2d, *, relu: bool) -> None:
        self._weight = convolution.weight.contiguous(memory_format=torch.channels_last)
        self._bias = convolution.bias
        self._stride, self._dilation = convolution.stride, convolution.dilation
        self._padding = tuple(int(pixels) for pixels in convolution.padding)
        self._reach = self._dilation[0] * (convolution.kernel_size[0] - 1) + 1
        self._relu = relu
        self.norm: nn.GroupNorm | None = None

    def __call__(self, maps: Maps, memory: Memory) -> Maps:
        """Return the convolution's maps, in the place of its input where they are of one shape."""
        shape = self._shape(maps.values.shape)
        in_place = shape == maps.values.shape and self._stride == (1, 1)
        found = maps.values if in_place else memory.take(shape, _STORED)
        sums = found.new_zeros((2, shape[2]), dtype=torch.float64)
        rows = max(self._padding[0], 1, _STRIPE // (shape[1] * shape[2]))
        above = maps.values[:0]
        for first in range(0, shape[0], rows):
            last = min(shape[0], first + rows)
            part = self._stripe(maps, replace(maps, values=above), first, last)
            if in_place:
                above = maps.values[last - self._padding[0] : last].clone()
            found[first:last] = part
            if self.norm is not None:
                pixels = part.flatten(0, 1)
                sums[0] += pixels.sum(dim=0)
                sums[1] += pixels.square_().sum(dim=0)
        return Maps(found) if self.norm is None else _normed(found, sums, self.norm)

    def _stripe(self, maps: Maps, above: Maps, first: int, last: int) -> Tensor:
        """Return the result's rows from `first` to `last`.

        `above` are the input's rows just above `first` where those have been written over.
        """
        start = first * self._stride[0] - self._padding[0]
        stop = (last - 1) * self._stride[0] - self._padding[0] + self._reach
        height, known = len(maps.values), len(above.values)
        part = maps.rows(max(0, start) + known, min(height, stop))
        if known:
            part = torch.cat((above.rows(0, known), part))
        outside = (max(0, -start), max(0, stop - height))
        part = part.permute(2, 0, 1)[None]
        if any(outside):
            part = nn.functional.pad(part, (0, 0, *outside))
        answer = nn.functional.conv2d(
            part.contiguous(memory_format=torch.channels_last),
            self._weight,
            self._bias,
            self._stride,
            (0, self._padding[1]),
            self._dilation,
        )
        answer.clamp_(0 if self._relu else -_LARGEST, _LARGEST)
        return answer[0].permute(1, 2, 0)

    def _shape(self, shape: torch.Size) -> tuple[int, int, int]:
        height, width = (
            int((size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)
            for size, padding, dilation, kernel, stride in zip(
                shape[:2],
                self._padding,
                self._dilation,
                self._weight.shape[2:],
                self._stride,
                strict=True,
            )
        )
        return height, width, self._weight.shape[0]


def _normed(values: Tensor, sums: Tensor, norm: nn.GroupNorm) -> Maps:
    """Return maps with the factors and shifts of a group norm (Wu and He, 2018), by channel.

    `sums` are (2, channels): of the values and of their squares.
    """
    groups = sums.view(2, norm.num_groups, -1)
    count = values.shape[0] * values.shape[1]
    mean, square = groups.mean(dim=2, keepdim=True) / count
    scale = torch.rsqrt(square - mean**2 + norm.eps)
    factors = scale.expand_as(groups[0]).flatten() * norm.weight
    shifts = norm.bias - mean.expand_as(groups[0]).flatten() * factors
    return Maps(values, factors.to(torch.float32), shifts.to(torch.float32))


class Recurrence:
    """A bidirectional LSTM along the rows of maps or down their columns, with `nn.LSTM`'s results.

    All rows are gone through together. PyTorch's own layer copies its input and keeps every gate
    of every step, which for a page takes several hundred megabytes.
    """

    def __init__(self, layer: nn.LSTM, *, down: bool) -> None:
        inputs, states, biases = [], [], []
        for way in ("", "_reverse"):
            first, second = (getattr(layer, f"{name}_l0{way}") for name in ("bias_ih", "bias_hh"))
            inputs.append(_gates(getattr(layer, f"weight_ih_l0{way}")))
            states.append(_gates(getattr(layer, f"weight_hh_l0{way}")))
            biases.append(_gates((first + second)[:, None]))
        self._inputs = inputs
        self._states, self._biases = torch.stack(states), torch.stack(biases)
        self._hidden, self._down = layer.hidden_size, down

    def __call__(self, maps: Maps, memory: Memory) -> Maps:
        """Return the LSTM's outputs of both directions as maps."""
        if self._down:
            return Maps(self._run(maps, memory).permute(0, 2, 1))
        turned = Maps(maps.values.transpose(0, 1), maps.factors, maps.shifts)
        return Maps(self._run(turned, memory).permute(2, 0, 1))

    def _run(self, maps: Maps, memory: Memory) -> Tensor:
        """Return (steps, 2 * hidden, batch) for maps taken as (steps, batch, features)."""
        steps, batch, _features = maps.values.shape
        hidden = self._hidden
        found = memory.take((steps, 2 * hidden, batch), torch.float32)
        gates = found.new_empty((2, _CHUNK, 4 * hidden, batch))
        state, cell, bent = found.new_zeros((3, 2, hidden, batch))
        for start in range(0, steps, _CHUNK):
            stop = min(steps, start + _CHUNK)
            ahead, behind = maps.rows(start, stop), maps.rows(steps - stop, steps - start)
            for way, rows in enumerate((ahead, behind.flip(0))):
                part = gates[way, : stop - start]
                torch.matmul(self._inputs[way], rows.transpose(1, 2), out=part)
                part += self._biases[way]
            for step in range(stop - start):
                now = gates[:, step]
                now.baddbmm_(self._states, state).sigmoid_()
                into, kept, out, fresh = now.chunk(4, 1)
                # tanh(x) = 2 sigmoid(2 x) - 1; the factor 2 within is in the weights.
                cell.mul_(kept).addcmul_(into, fresh, value=2).sub_(into)
                torch.mul(out, torch.tanh(cell, out=bent), out=state)
                found[start + step, :hidden] = state[0]
                found[steps - 1 - start - step, hidden:] = state[1]
        return found


def _gates(weights: Tensor) -> Tensor:
    """Return weights of the four gates in the order input, forget, output, new content."""
    into, kept, fresh, out = weights.detach().chunk(4)
    return torch.cat((into, kept, out, 2 * fresh)).contiguous()
