"""A recogniser of kraken to be trained: loaded or made of a specification, extended, saved."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from kraken.lib.vgsl import TorchVGSLModel
from kraken.models import load_models
from kraken.models.writers import write_coreml

from htr.engine.models import ModelFile
from htr.errors import BrokenModel, UsageProblem
from htr.i18n import _
from htr.pipeline.files import write_whole

# 1.5 million parameters; the stem halves a line in both directions at once, which is most of what
# makes it quick on a processor without a graphics card.
SPEC = (
    "[1,48,0,1 Cr4,4,32,2,2 Cr3,3,48 Mp2,2 Cr3,3,96 Mp2,1,2,1 Cr3,3,128 Mp2,1,2,1 "
    "S1(1x0)1,3 Lbx160 Do0.2 Lbx160 Do0.2]"
)
_PROBE = 1024  # pixels


def load(file: ModelFile) -> Any:
    """Return the recogniser in a model file, with its weights; raises BrokenModel."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger("coremltools").setLevel(logging.ERROR)
            model = load_models(file.path, tasks=["recognition"])[0]
    except (ValueError, RuntimeError, TypeError, KeyError, IndexError, OSError) as error:
        raise BrokenModel(
            _("This file does not load as {job} ({reason}).").format(
                job=_("a recogniser of text"), reason=str(error).splitlines()[0][:200]
            ),
            path=file.path,
            hint=_("Give a model that kraken 7 reads; `htr models list` names those of htr."),
        ) from error
    if not isinstance(model, TorchVGSLModel) or model.input[2] < 2 or model.input[1] != 1:
        raise BrokenModel(
            _("Training goes on only from VGSL networks that read grey lines."),
            path=file.path,
            hint=_("Take another model with --from, or train from scratch with --from none."),
        )
    return model


def from_spec(spec: str, alphabet: Iterable[str]) -> Any:
    """Return a new network of a VGSL specification without its output, for these characters.

    Weights are drawn at random. Raises UsageProblem where the specification is none.
    """
    labels = {character: [label] for label, character in enumerate(sorted(alphabet), start=1)}
    whole = f"{spec.strip().removesuffix(']')} O1c{len(labels) + 1}]"
    try:
        return TorchVGSLModel(
            vgsl=whole,
            codec=labels,
            model_type=["recognition"],
            seg_type="baselines",
            one_channel_mode="L",
            legacy_polygons=False,
        )
    except (ValueError, IndexError, TypeError) as error:
        raise UsageProblem(
            _("“{spec}” is no network in VGSL ({reason}).").format(spec=spec, reason=error),
            hint=_("Leave --spec out for the usual one: {spec}").format(spec=SPEC),
        ) from error


def alphabet(model: Any) -> frozenset[str]:
    """Return the characters that a recogniser can write."""
    return frozenset(model.codec.c2l)


def extend(model: Any, characters: Sequence[str]) -> None:
    """Let a recogniser write more characters; what it knows of others stays as it is."""
    if characters:
        model.add_codec(model.codec.add_labels(list(characters)))
        model.resize_output(model.codec.max_label + 1)


def stride(model: Any) -> float:
    """Return how many pixels of a line one time step of the network's output stands for."""
    _batch, channels, height, _width = model.input
    with torch.inference_mode():
        model.nn.eval()
        output, _lengths = model.nn(torch.zeros(1, channels, height, _PROBE), None)
    return _PROBE / float(output.shape[3])


def save(model: Any, path: Path) -> None:
    """Write a recogniser as a CoreML file, which kraken and htr read; raises OutputError."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place = Path(folder) / "model.mlmodel"
        write_coreml([model], place)
        write_whole(path, place.read_bytes())
