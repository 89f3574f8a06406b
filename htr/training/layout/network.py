"""A segmenter of kraken to be trained: loaded or made of a specification, fitted, saved."""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

from kraken.lib.vgsl import TorchVGSLModel
from kraken.models import load_models
from kraken.models.writers import write_coreml, write_safetensors

from htr.engine import models
from htr.engine.layout.heatmaps import without_denormals
from htr.engine.models import ModelFile
from htr.errors import BrokenModel, UsageProblem
from htr.i18n import _
from htr.pipeline.files import write_whole
from htr.training.layout.kinds import Kinds, fitted, known
from htr.training.layout.prepared import Input
from htr.training.layout.settings import DEFAULT, LEAN_SPEC, LayoutSettings

SUFFIXES = (".mlmodel", ".safetensors")


def base_file(settings: LayoutSettings) -> ModelFile | None:
    """Return the model that the training begins from, if any; raises UnknownModel."""
    if settings.scratch:
        return None
    return models.segmenter(None if settings.base in (None, DEFAULT) else Path(settings.base))


def load(file: ModelFile) -> Any:
    """Return the segmentation network in a model file; raises BrokenModel."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger("coremltools").setLevel(logging.ERROR)
            found = load_models(file.path, tasks=["segmentation"])
    except (ValueError, RuntimeError, TypeError, KeyError, IndexError, OSError) as error:
        raise BrokenModel(
            _("This file does not load as {job} ({reason}).").format(
                job=_("a segmenter"), reason=str(error).splitlines()[0][:200]
            ),
            path=file.path,
            hint=_("Give a model that kraken 7 reads; `htr models list` names those of htr."),
        ) from error
    if len(found) != 1 or not isinstance(found[0], TorchVGSLModel) or _kinds(found[0]) is None:
        raise BrokenModel(
            _("Training goes on only from one VGSL network with the usual outputs for lines."),
            path=file.path,
            hint=_("Take another model with --from, or train from scratch with --from none."),
        )
    return found[0]


def from_spec(spec: str | None, kinds: Kinds) -> Any:
    """Return a new network of a VGSL specification without its output, with random weights.

    None is for a lean one of htr. Raises UsageProblem where the specification is none.
    """
    text = (spec or LEAN_SPEC).strip()
    try:
        net = TorchVGSLModel(
            vgsl=f"{text.removesuffix(']')} O2l{kinds.outputs}]",
            model_type=["segmentation"],
            topline=False,
            class_mapping=kinds.classes(),
        )
        if net.input[1] not in (1, 3) or max(net.input[2:]) < 2 or net.output[1] != kinds.outputs:
            raise ValueError(_("it takes no pages"))
    except (ValueError, IndexError, TypeError) as error:
        raise UsageProblem(
            _("“{spec}” is no network in VGSL ({reason}).").format(spec=text, reason=error),
            hint=_("Leave --spec out for the usual one: {spec}").format(spec=LEAN_SPEC),
        ) from error
    return net


def fit(net: Any, wanted: Kinds) -> Kinds:
    """Give a network the wanted kinds, those that it knows with their weights.

    Returns them by the network's outputs. Kinds that are not wanted go.
    """
    base = _kinds(net)
    assert base is not None  # `load` has seen to it
    kinds, gone = fitted(base, wanted)
    if gone or kinds.outputs != base.outputs:
        net.resize_output(kinds.outputs, gone)
    net.user_metadata["class_mapping"] = kinds.classes()
    without_denormals(net.nn)
    return kinds


def taken(net: Any) -> Input:
    """Return what a network takes."""
    _batch, channels, height, width = net.input
    return Input(height, width, colour=channels == 3)


def save(net: Any, path: Path) -> None:
    """Write a segmenter in the format that the suffix names (`SUFFIXES`); raises OutputError."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place = Path(folder) / f"model{path.suffix}"
        write_of_format = write_coreml if path.suffix == ".mlmodel" else write_safetensors
        write_of_format([net], place)
        write_whole(path, place.read_bytes())


def _kinds(net: Any) -> Kinds | None:
    classes = net.user_metadata.get("class_mapping") or {}
    return known(classes) if {"aux", "baselines", "regions"} <= classes.keys() else None
