"""kraken's trainer of segmenters, made quiet, interruptible, and sure of its settings."""

from __future__ import annotations

import logging
import pickle
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import torch
from kraken.configs import (
    BLLASegmentationTestDataConfig,
    BLLASegmentationTrainingConfig,
    BLLASegmentationTrainingDataConfig,
)
from kraken.containers import BaselineLine, Region, Segmentation
from kraken.train import BLLASegmentationDataModule, BLLASegmentationModel, KrakenTrainer
from lightning.pytorch.utilities.exceptions import SIGTERMException

from htr.errors import DeviceError, InputError
from htr.i18n import _
from htr.training.layout.judge import Interrupted
from htr.training.layout.kinds import SEPARATORS, Kinds
from htr.training.layout.network import taken
from htr.training.layout.outcome import Pixels
from htr.training.layout.prepared import Prepared
from htr.training.layout.settings import LayoutSettings
from htr.training.layout.watch import Watch

Config = TypeVar("Config")

_LOGGERS = ("lightning", "lightning.pytorch", "lightning.fabric", "kraken", "coremltools")
_KEPT = (  # all that a state holds besides numbers, texts and weights
    BLLASegmentationTrainingConfig,
    BLLASegmentationTrainingDataConfig,
    BaselineLine,
    Region,
    Segmentation,
)
_WORKERS = 4  # that read pages for a graphics card; the processor alone is busy enough


def configured(kind: Callable[..., Config], **values: Any) -> Config:
    """Return a configuration of kraken's; raises TypeError for a name that it does not have.

    kraken itself passes over such names without a word.
    """
    config = kind(**values)
    unknown = sorted(values.keys() - vars(config).keys())
    if unknown:
        raise TypeError(f"{kind} has no {', '.join(unknown)}")
    return config


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the messages and warnings of kraken, Lightning and torch from the user."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Give what says whether the process was asked to end (Ctrl-C, SIGTERM) within the block.

    When asked a second time it ends at once. Lightning itself would end it with status 1.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, _frame: object) -> None:
        asked.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def train(
    net: Any,
    kinds: Kinds,
    pages: tuple[Sequence[Prepared], Sequence[Prepared]],
    settings: LayoutSettings,
    watch: Watch,
    *,
    resume: Path | None,
) -> Any:
    """Train a network on the first pages and return it with its last weights.

    `resume` is the state of a training that was broken off. Raises KeyboardInterrupt where the
    user or the system stops the process, and InputError where the state cannot be read.
    """
    graphics = settings.device != "cpu"
    data = BLLASegmentationDataModule(
        configured(
            BLLASegmentationTrainingDataConfig,
            **_data(net, kinds),
            training_data=_docs(net, pages[0]),
            evaluation_data=_docs(net, pages[1]),
            augment=settings.augment,
            num_workers=_WORKERS if graphics else 0,
        )
    )
    config = _config(settings)
    trainer = _trainer(
        settings.device,
        max_epochs=watch.all_rounds,
        limit_train_batches=min(settings.round_pages, len(pages[0])),
        limit_val_batches=0,
        gradient_clip_val=config.gradient_clip_val,
        callbacks=[watch],
    )
    model = BLLASegmentationModel(config, model=net)
    _fit(trainer, model, data, resume, watch)
    return model.net


def _fit(trainer: Any, model: Any, data: Any, resume: Path | None, watch: Watch) -> None:
    try:
        with torch.serialization.safe_globals(list(_KEPT)):
            trainer.fit(model, data, ckpt_path=resume, weights_only=True)
    except (Interrupted, SIGTERMException) as error:
        raise KeyboardInterrupt from error
    except (pickle.UnpicklingError, EOFError, KeyError, RuntimeError) as error:
        if resume is None or watch.rounds:
            raise
        raise InputError(
            _("This checkpoint cannot be read ({reason}).").format(
                reason=str(error).splitlines()[0][:200]
            ),
            path=resume,
            hint=_("Leave --resume out to begin anew."),
        ) from error


def tested(net: Any, kinds: Kinds, pages: Sequence[Prepared], device: str) -> Pixels:
    """Return what kraken's test says of a network on pages."""
    data = BLLASegmentationDataModule(
        configured(
            BLLASegmentationTestDataConfig,
            **_data(net, kinds),
            test_data=_docs(net, pages),
            test_class_mapping_mode="custom",
            num_workers=0,
        )
    )
    model = BLLASegmentationModel(configured(BLLASegmentationTrainingConfig), model=net)
    found = _trainer(device).test(model, data, verbose=False)
    names = {number: kind for kind, number in {**SEPARATORS, **kinds.regions}.items()}
    outputs = [names[number] for number in sorted(names)]
    return Pixels(
        dict(zip(outputs, found.class_pixel_accuracy.tolist(), strict=True)),
        dict(zip(outputs, found.class_iu.tolist(), strict=True)),
        float(found.mean_iu),
        {
            kind: (counts["precision"], counts["recall"], counts["f1"])
            for kind, counts in found.bl_detection_per_class.items()
        },
    )


def _trainer(device: str, **options: Any) -> Any:
    kind, _colon, number = device.partition(":")
    return KrakenTrainer(
        accelerator={"cuda": "gpu"}.get(kind, kind),
        devices=[int(number)] if number else 1,
        precision="bf16-mixed" if kind == "cuda" else "32-true",
        enable_progress_bar=False,
        enable_summary=False,
        enable_model_summary=False,
        enable_checkpointing=False,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
        min_epochs=0,
        **options,
    )


def _config(settings: LayoutSettings) -> BLLASegmentationTrainingConfig:
    return configured(BLLASegmentationTrainingConfig, lrate=settings.peak, schedule="constant")


def _data(net: Any, kinds: Kinds) -> dict[str, Any]:
    return {
        "format_type": None,
        "line_class_mapping": dict(kinds.lines),
        "region_class_mapping": dict(kinds.regions),
        "line_width": taken(net).line_width,
        "topline": net.user_metadata.get("topline", False),
    }


def _docs(net: Any, pages: Sequence[Prepared]) -> list[dict[str, Any]]:
    width = taken(net).line_width
    return [{"doc": page.segmentation(width)} for page in pages]


def device(name: str) -> torch.device:
    """Return the device of that name: `cpu`, `cuda:N` or `mps`; raises DeviceError."""
    kind, _colon, number = name.partition(":")
    there = {
        "cpu": name == "cpu",
        "cuda": number.isdecimal() and int(number) < torch.cuda.device_count(),
        "mps": name == "mps" and torch.backends.mps.is_available(),
    }
    if not there.get(kind, False):
        raise DeviceError(
            _("There is no device “{name}” here.").format(name=name),
            hint=_("Use --device cpu, which every computer has."),
        )
    return torch.device(name)
