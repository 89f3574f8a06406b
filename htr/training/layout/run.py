"""The training of a segmenter from beginning to end: pages in, a model and its report out."""

from __future__ import annotations

import copy
import hashlib
import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from htr.engine.models import ModelFile
from htr.errors import UsageProblem
from htr.evaluation.layout import LayoutScores
from htr.i18n import _
from htr.training.layout import network, trainer
from htr.training.layout.judge import Judge
from htr.training.layout.kinds import Kinds, kinds_of
from htr.training.layout.outcome import LayoutOutcome, Observer, Pixels, Start
from htr.training.layout.prepared import Prepared, prepared
from htr.training.layout.settings import LayoutSettings
from htr.training.layout.truth import Truth, read_truth
from htr.training.layout.watch import Watch
from htr.training.layout.written import write


def state_file(output: Path) -> Path:
    """Return where the state of a training is kept as long as its model is not there."""
    return output.with_name(f"{output.name}.checkpoint")


def train_layout(
    sources: Sequence[Path], output: Path, settings: LayoutSettings, observe: Observer
) -> LayoutOutcome:
    """Train a segmenter on pages of ground truth and write it to `output`, with what it came to.

    The model's file is a CoreML file (`.mlmodel`) or `.safetensors`, as its suffix says; beside it
    go an entry for an index of models, model cards in two languages and the figures in JSON. Raises
    the errors of `read_truth` and of opening images and models, DeviceError, OutputError,
    UsageProblem, and KeyboardInterrupt, after which the training can be resumed.
    """
    start = time.monotonic()
    if output.suffix not in network.SUFFIXES:
        raise UsageProblem(
            _("A segmenter is written to a file named .mlmodel or .safetensors."), path=output
        )
    device = trainer.device(settings.device)
    truth = read_truth(sources, settings)
    observe(Start(truth.division, truth.left_out, _counted(truth)))
    with trainer.quiet(), tempfile.TemporaryDirectory(prefix="htr-") as folder:
        beginning = _beginning(truth, settings, device, Path(folder))
        with trainer.interruptible() as stopping:
            watch = _watch(truth, settings, beginning, output, observe, (start, stopping))
            net = _trained(beginning, settings, watch, state_file(output))
        pixels = trainer.tested(net, beginning.kinds, beginning.held_out, settings.device)
        network.save(net, output)
    outcome = _outcome(output, truth, settings, beginning, watch, pixels)
    write(outcome, output)
    state_file(output).unlink(missing_ok=True)
    return outcome


def _watch(
    truth: Truth,
    settings: LayoutSettings,
    beginning: _Beginning,
    output: Path,
    observe: Observer,
    clock: tuple[float, Callable[[], bool]],
) -> Watch:
    pages = len(beginning.learned)
    return Watch(
        settings,
        beginning.judge,
        observe,
        rounds=math.ceil(settings.passes * pages / min(settings.round_pages, pages)),
        purpose=_purpose(truth, settings, beginning),
        state=state_file(output),
        base=beginning.scores,
        start=clock[0],
        stopping=clock[1],
    )


def _trained(beginning: _Beginning, settings: LayoutSettings, watch: Watch, state: Path) -> Any:
    """Return the network with the best weights: those of the base where none were better."""
    net = trainer.train(
        beginning.net,
        beginning.kinds,
        (beginning.learned, beginning.held_out),
        settings,
        watch,
        resume=state if settings.resume and state.exists() else None,
    )
    net.load_state_dict(beginning.weights if watch.weights is None else watch.weights)
    return net


def _counted(truth: Truth) -> dict[str, int]:
    """Return how many regions and lines of each kind there are to learn from."""
    counts = Counter[str]()
    for region in (region for page in truth.learned for region in page.regions):
        counts.update(kind for kind in (region.kind,) if kind)
        counts.update(line.kind for line in region.lines if line.kind)
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True, eq=False)
class _Beginning:
    """What the training begins with: a network, its file, kinds, weights and scores; the pages."""

    net: Any
    base: ModelFile | None
    kinds: Kinds
    weights: Mapping[str, Any]
    scores: LayoutScores | None
    judge: Judge
    learned: Sequence[Prepared]
    held_out: Sequence[Prepared]


def _beginning(
    truth: Truth, settings: LayoutSettings, device: torch.device, folder: Path
) -> _Beginning:
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    base = network.base_file(settings)
    kinds = kinds_of(page.regions for page in truth.learned)
    net = network.from_spec(settings.spec, kinds) if base is None else network.load(base)
    learned = prepared(truth.learned, network.taken(net), folder / "learned")
    held_out = prepared(truth.held_out, network.taken(net), folder / "held-out")
    judge = Judge(held_out, settings.wording, device)
    scores = None
    if base is not None:
        scores = judge(net)
        kinds = network.fit(net, kinds)
    weights = copy.deepcopy(net.state_dict())
    return _Beginning(net, base, kinds, weights, scores, judge, learned, held_out)


def _purpose(truth: Truth, settings: LayoutSettings, beginning: _Beginning) -> str:
    """Return what tells this training from others: pages, settings and where it began."""
    lasting = replace(
        settings, passes=0, minutes=None, patience=0, device="", threads=None, resume=False
    )
    names = [[page.name for page in part] for part in (truth.learned, truth.held_out)]
    base = beginning.base and beginning.base.sha256
    text = repr((names, lasting, base, sorted(beginning.kinds.classes().items())))
    return hashlib.sha256(text.encode()).hexdigest()


def _outcome(
    output: Path,
    truth: Truth,
    settings: LayoutSettings,
    beginning: _Beginning,
    watch: Watch,
    pixels: Pixels,
) -> LayoutOutcome:
    after = beginning.scores if watch.best is None else watch.rounds[watch.best].scores
    assert after is not None  # the first round is better than nothing
    return LayoutOutcome(
        name=output.stem,
        base=None if beginning.base is None else beginning.base.name,
        spec=beginning.net.spec,
        division=truth.division,
        pages=len(truth.learned),
        lines=sum(page.lines for page in truth.learned),
        rounds=tuple(watch.rounds),
        best=watch.best,
        before=beginning.scores,
        after=after,
        pixels=pixels,
        left_out=truth.left_out,
        collections=tuple(sorted({page.collection for page in truth.learned})),
        settings=_said(settings),
        seconds=watch.seconds,
        finished=datetime.now(UTC).strftime("%Y-%m-%d"),
    )


def _said(settings: LayoutSettings) -> tuple[tuple[str, str], ...]:
    """Return the settings that are not the usual ones, as in a recipe."""
    usual = LayoutSettings()
    return tuple(
        (field.name, str(value))
        for field in fields(settings)
        if (value := getattr(settings, field.name)) != getattr(usual, field.name)
        and field.name not in ("resume", "threads")
    )
