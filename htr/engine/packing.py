"""Lines side by side on wide strips, so that a network's convolutions see few shapes of input.

oneDNN makes code for each new width, arranges the weights anew at each call, and works best on
some hundred thousand values at once: a line alone is too little of it, and in a batch short lines
would be as long as the longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kraken.lib.vgsl import layers
from torch import Tensor

_PIXELS = 96 * 1024  # of a strip: what its largest maps hold still fits a processor's cache
_WIDTHS = 256  # pixels, about, from one width of strip to the next


@dataclass(frozen=True, slots=True)
class Span:
    """Where on a strip a line is: its number, and `length` columns from `start` on."""

    line: int
    start: int
    length: int

    @property
    def end(self) -> int:
        """The column after the last one."""
        return self.start + self.length


def packs(widths: Sequence[int], room: int, gap: int, step: int) -> list[list[Span]]:
    """Return where lines of these widths go on strips of `room` pixels, the longest first.

    Each starts at a multiple of `step`, at least `gap` pixels after the one before it. A line that
    is longer than a strip has one of its own.
    """
    strips: list[list[Span]] = []
    for line in sorted(range(len(widths)), key=lambda line: -widths[line]):
        width = widths[line]
        for spans in strips:
            start = _up(spans[-1].end + gap, step)
            if start + width <= room:
                spans.append(Span(line, start, width))
                break
        else:
            strips.append([Span(line, 0, width)])
    return strips


class SideBySide:
    """Layers that see no further along a line than a kernel does, run over lines side by side.

    A line's features are what the layers make of it alone: what lies between lines is set to zero
    after each layer, just as convolutions see the end of an image.
    """

    def __init__(self, parts: Sequence[Any]) -> None:
        self._layers = list(parts)
        self._step, self._gap = 1, 0
        for layer in self._layers:
            if isinstance(layer, layers.ActConv2D):
                self._gap = max(self._gap, self._step * layer.padding[1])
            if isinstance(layer, layers.ActConv2D | layers.MaxPool):
                self._step *= layer.stride[1]

    @staticmethod
    def suits(parts: Sequence[Any]) -> bool:
        """Return whether these are layers that can be run so."""
        return all(_keeps_within(layer) for layer in parts)

    def __call__(self, lines: Sequence[Tensor]) -> list[Tensor]:
        """Return the features (C, H, T) of lines (C, H, W) of one height and any widths."""
        if not lines:
            return []
        room = _PIXELS // lines[0].shape[1]
        found: list[Tensor] = [lines[0]] * len(lines)
        for spans in packs([line.shape[2] for line in lines], room, self._gap, self._step):
            for line, features in self._on_strip(lines, spans):
                found[line] = features
        return found

    def _on_strip(
        self, lines: Sequence[Tensor], spans: Sequence[Span]
    ) -> Iterator[tuple[int, Tensor]]:
        """Yield the numbers and features of the lines that have a place on one strip."""
        strip = self._strip(lines, spans)
        for layer in self._layers:
            strip, spans = _through(layer, strip, spans)
        for span in spans:
            yield span.line, strip[0, ..., span.start : span.end]

    def _strip(self, lines: Sequence[Tensor], spans: Sequence[Span]) -> Tensor:
        """Return lines side by side, zeros between and after them, of one of few widths."""
        first = lines[spans[0].line]
        width = _up(spans[-1].end, _up(_WIDTHS, self._step))
        strip = first.new_zeros(1, *first.shape[:2], width)
        for span in spans:
            strip[0, ..., span.start : span.end] = lines[span.line]
        return strip


def _through(layer: Any, strip: Tensor, spans: Sequence[Span]) -> tuple[Tensor, Sequence[Span]]:
    """Return what a layer makes of a strip, and where the lines are on it."""
    if isinstance(layer, layers.GroupNorm):
        for span in spans:
            line = strip[..., span.start : span.end]
            line.copy_(layer(line, None)[0])
        return strip, spans
    if isinstance(layer, layers.ActConv2D) and layer.nl_name == "RELU":
        strip = layer.co(strip).relu_()  # in place, since a map is large
    else:
        strip = layer(strip, None)[0]
    if not isinstance(layer, layers.ActConv2D | layers.MaxPool):
        return strip, spans
    spans = [
        replace(span, start=span.start // layer.stride[1], length=_length(layer, span.length))
        for span in spans
    ]
    _clear(strip, spans)
    return strip, spans


def _length(layer: Any, length: int) -> int:
    """Return how long a line is after a layer, as kraken has it."""
    if isinstance(layer, layers.MaxPool):
        return int((length - layer.kernel_size[1]) // layer.stride[1] + 1)
    reach = layer.dilation[1] * (layer.kernel_size[1] - 1) + 1
    return int(max(1, (length + 2 * layer.padding[1] - reach) // layer.stride[1] + 1))


def _clear(strip: Tensor, spans: Sequence[Span]) -> None:
    """Set what lies between and after the lines to zero."""
    ends = [span.end for span in spans]
    for end, start in zip(ends, [*(span.start for span in spans[1:]), strip.shape[3]], strict=True):
        strip[..., end:start] = 0


def _keeps_within(layer: Any) -> bool:
    if isinstance(layer, layers.ActConv2D):
        return not layer.transposed
    if isinstance(layer, layers.Reshape):
        return 3 not in (layer.src_dim, layer.high, layer.low)
    if isinstance(layer, layers.TransposedSummarizingRNN):
        return bool(layer.transpose)
    return isinstance(layer, layers.MaxPool | layers.Dropout | layers.GroupNorm)


def _up(value: int, step: int) -> int:
    return -(-value // step) * step
