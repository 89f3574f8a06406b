"""A network in two parts: what reads each line by itself, and what reads lines of all lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from kraken.lib.vgsl import layers
from torch import Tensor, nn

from htr.engine.packing import SideBySide


class Network:
    """The layers of a line recogniser, run so that no line feels those beside it.

    Convolutions see lines side by side (`SideBySide`). From the first LSTM along the line onwards,
    lines of about one length go together. A network that has there what this module does not know
    reads all lines one by one.
    """

    def __init__(self, net: Any) -> None:
        parts = list(net.children()) if isinstance(net, layers.MultiParamSequential) else []
        start = next((i for i, layer in enumerate(parts) if _along_line(layer)), len(parts))
        shared = [_shared(layer) for layer in parts[start:]]
        known = [layer for layer in shared if layer is not None]
        self._own: Any = net[:start] if len(known) == len(shared) and parts else net
        self._shared = known if len(known) == len(shared) else []
        own = list(self._own.children())
        self._together = SideBySide(own) if self._shared and SideBySide.suits(own) else None

    def own(self, lines: Sequence[Tensor]) -> list[Tensor]:
        """Return what the first layers make of each line (C, H, W): its features (T, F)."""
        if self._together is not None:
            features = self._together(lines)
        else:
            features = [self._own(line[None], None)[0][0] for line in lines]
        return [line[:, 0].T for line in features]

    def shared(self, lines: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the logits of lines (T, F): (longest T, N, labels), and their lengths (N,)."""
        lengths = torch.tensor([len(line) for line in lines], device=lines[0].device)
        batch = nn.utils.rnn.pad_sequence(list(lines))
        for layer in self._shared:
            batch = layer(batch, lengths)
        return batch, lengths


class _Recurrent(nn.Module):
    """An LSTM over lines of unequal lengths: (T, N, F) to (T, N, outputs).

    The backward half reads each line turned round within its own length, so that both halves come
    to what pads a line only after its end. Packing the lines would do the same several times
    slower.
    """

    def __init__(self, lstm: nn.LSTM) -> None:
        super().__init__()
        self.forwards = _half(lstm, "")
        self.backwards = _half(lstm, "_reverse") if lstm.bidirectional else None

    def forward(self, batch: Tensor, lengths: Tensor) -> Tensor:
        ahead: Tensor = self.forwards(batch)[0]
        if self.backwards is None:
            return ahead
        steps = torch.arange(len(batch), device=batch.device)[:, None]
        turn = torch.where(steps < lengths, lengths - 1 - steps, steps)
        column = torch.arange(batch.shape[1], device=batch.device)
        back, _state = self.backwards(batch[turn, column])
        return torch.cat((ahead, back[turn, column]), 2)


class _Linear(nn.Module):
    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, batch: Tensor, _lengths: Tensor) -> Tensor:
        logits: Tensor = self.linear(batch)
        return logits


class _Nothing(nn.Module):
    def forward(self, batch: Tensor, _lengths: Tensor) -> Tensor:
        return batch


def _along_line(layer: nn.Module) -> bool:
    return isinstance(layer, layers.TransposedSummarizingRNN) and not layer.transpose


def _shared(layer: Any) -> nn.Module | None:
    """Return a layer that reads lines together, or None for one that must not."""
    level = _along_line(layer) and layer.output_shape[2] == 1
    if level and not layer.summarize and layer.legacy is None:
        return _Recurrent(layer.layer)
    if isinstance(layer, layers.LinSoftmax) and not layer.augmentation:
        return _Linear(layer.lin)
    return _Nothing() if isinstance(layer, layers.Dropout) else None


def _half(lstm: nn.LSTM, suffix: str) -> nn.LSTM:
    """Return one direction of an LSTM as an LSTM of its own, with the same weights."""
    weights = {
        name: getattr(lstm, name + suffix)
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        if lstm.bias or name.startswith("weight")
    }
    half = nn.LSTM(lstm.input_size, lstm.hidden_size, bias=lstm.bias)
    half = half.to(weights["weight_ih_l0"])
    half.load_state_dict(weights)
    return half.eval()
