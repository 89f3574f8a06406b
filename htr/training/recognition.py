"""`htr train` for recognisers: from lines of ground truth to a better model and its report."""

from __future__ import annotations

import copy
import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeAlias

import torch

from htr.corpus.cache import LineCache
from htr.corpus.lines import Choice, read_lines
from htr.corpus.split import Split, held_out
from htr.corpus.text_line import TextLine
from htr.document.metrics import EditCounts
from htr.engine.models import ModelFile, from_file, recogniser
from htr.errors import NothingToDo
from htr.evaluation.evaluate import compare
from htr.i18n import _, ngettext
from htr.training import network
from htr.training.alphabet import rare, unknown, writable
from htr.training.batches import Sample, fits, sample
from htr.training.checkpoint import Checkpoint
from htr.training.entries import store_language
from htr.training.loop import Lines, Plan, Training, read
from htr.training.outcome import CurvePoint, LineOutcome, Moment, NewCharacter, Outcome
from htr.training.settings import SCRATCH, TrainSettings

FEWEST_LINES = 20
_HELD_OUT, _TEN, _PAGES = 0.1, 10, 3
_MEASURED = 600  # held-out lines that progress is measured on; all count in the end
_CURVE = ((0.25, 0.15), (0.5, 0.25))  # shares of the lines, and of the time, of smaller trainings


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: on which share of the lines, how much is done, and how it reads."""

    lines: float
    done: float
    moment: Moment


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is told before a training begins; `left_out` lines cannot be written or do not fit."""

    split: str
    new_characters: tuple[NewCharacter, ...]
    rare_characters: tuple[NewCharacter, ...]
    left_out: int


Observer: TypeAlias = Callable[[Progress | Preparation], None]


@dataclass(frozen=True, slots=True)
class _Material:
    """The lines of a training: its own, others that are mixed in, and others to be kept up."""

    split: Split
    mixed: Sequence[TextLine]
    kept: Sequence[TextLine]


@dataclass(frozen=True, slots=True)
class _Readings:
    """What a model reads on the held-out lines, and on those to be kept up."""

    held_out: Sequence[str]
    kept: Sequence[str]


def train(
    sources: Sequence[Path], output: Path, settings: TrainSettings, observe: Observer
) -> Outcome:
    """Train a recogniser on pages and tars of lines, and write its best weights to `output`.

    It goes on from a model, whose alphabet grows by new characters, or from nothing. Where it
    stands is kept beside `output` (`.checkpoint`) until the end. Raises NothingToDo where there
    are too few lines, and the errors of reading sources and models and of writing.
    """
    start = time.monotonic()
    if settings.threads:
        torch.set_num_threads(settings.threads)
    material = _material(sources, settings)
    base = None if settings.base == SCRATCH else recogniser(settings.base)
    model = _model(base, settings, material.split.train)
    grows = base is not None and not settings.fixed_alphabet
    new = unknown(material.split.train, network.alphabet(model)) if grows else ()
    before = _readings(model, material)
    network.extend(model, [one.character for one in new])
    lines = _lines(model, material, settings)
    uncommon = rare(material.split.train)
    left_out = len(material.split.train) - len(lines.train)
    observe(Preparation(material.split.said, new, uncommon, left_out))
    curve = _Curve(copy.deepcopy(model), material, settings, observe)
    training = Training(model, _plan(settings, share=curve.rest))
    purpose = _purpose(settings, material, "" if base is None else base.sha256)
    place = output.with_name(output.name + ".checkpoint")
    checkpoint = Checkpoint(place, purpose, resume=settings.resume)
    training.run(lines, lambda moment, done: observe(Progress(1.0, done, moment)), checkpoint)
    after = _readings(training.best, material)
    network.save(training.best, output)
    if base is not None and base.language is not None:
        store_language(from_file(output), base.language)
    points = curve.points(lines.train, before, after)
    checkpoint.remove()
    return Outcome(
        name=output.stem,
        base=None if base is None else base.name,
        spec=training.best.spec,
        split=material.split.said,
        trained=len(lines.train),
        pages=len({one.line.page for one in lines.train}),
        held_out=len(material.split.val),
        moments=tuple(training.state.moments),
        best=training.state.best or None,
        lines=_outcomes(material.split.val, before.held_out, after.held_out),
        kept=_outcomes(material.kept, before.kept, after.kept),
        curve=points,
        new_characters=new,
        rare_characters=uncommon,
        collections=tuple(sorted({one.line.collection for one in lines.train} - {""})),
        settings=_said(settings),
        seconds=time.monotonic() - start,
        alphabet=len(network.alphabet(training.best)),
        normalisation=settings.normalisation,
        held_out_by=material.split.by,
    )


def _material(sources: Sequence[Path], settings: TrainSettings) -> _Material:
    """Return the lines that sources and settings name; raises NothingToDo where they are few."""
    choice = Choice(settings.all_lines, settings.normalisation, settings.left_out)
    everything = replace(choice, all_lines=True)
    cache = LineCache()
    lines = [
        line
        for line in read_lines(sources, choice, cache)
        if not any(fnmatchcase(line.place, pattern) for pattern in settings.without)
    ]
    if len(lines) < FEWEST_LINES:
        raise NothingToDo(
            ngettext(
                "There is only {n} line to learn from.",
                "There are only {n} lines to learn from.",
                len(lines),
            ).format(n=len(lines)),
            path=" ".join(map(str, sources)),
            hint=_(
                "Correct some pages first: lines that a person has corrected count, and pages "
                "of other programs as a whole. With --all-lines, what htr read counts too."
            ),
        )
    share = settings.held_out or usual_share(len({line.page for line in lines}))
    split = held_out(lines, settings.split, share, settings.seed)
    mixed = [
        line
        for line in read_lines([Path(path) for path in settings.mix], everything, cache)
        if line.split in (None, "train")
    ]
    kept = list(read_lines([Path(path) for path in settings.keep], everything, cache))
    return _Material(split, mixed, kept)


def usual_share(pages: int) -> float:
    """Return how much of the text is held out if nobody says: see `TrainSettings`."""
    return _HELD_OUT if pages < _TEN else max(_HELD_OUT, _PAGES / pages)


def _model(base: ModelFile | None, settings: TrainSettings, lines: Sequence[TextLine]) -> Any:
    if base is not None:
        return network.load(base)
    torch.manual_seed(settings.seed)
    letters = {character for line in lines for character in line.text}
    return network.from_spec(settings.spec or network.SPEC, letters)


def _lines(model: Any, material: _Material, settings: TrainSettings) -> Lines:
    known, height = network.alphabet(model), model.input[2]
    stride = network.stride(model)

    def samples(lines: Sequence[TextLine]) -> list[Sample]:
        made = (sample(line, model.codec, stride) for line in writable(lines, known))
        return [one for one in made if fits(one, height)]

    chance = random.Random(settings.seed)
    held_out_lines = material.split.val
    measured = chance.sample(held_out_lines, min(_MEASURED, len(held_out_lines)))
    return Lines(samples(material.split.train), measured, samples(material.mixed))


def _plan(settings: TrainSettings, share: float) -> Plan:
    """Return the plan of a training that may take a share of the time that settings give."""
    return Plan(
        passes=settings.passes,
        seconds=None if settings.minutes is None else 60 * settings.minutes * share,
        patience=settings.patience,
        peak=settings.learning_rate,
        pixels=settings.batch_pixels,
        mixed=settings.mix_share if settings.mix else 0.0,
        seed=settings.seed,
        device=settings.device,
        scratch=settings.base == SCRATCH,
    )


def _readings(model: Any, material: _Material) -> _Readings:
    return _Readings(read(model, material.split.val), read(model, material.kept))


def _outcomes(
    lines: Sequence[TextLine], before: Sequence[str], after: Sequence[str]
) -> tuple[LineOutcome, ...]:
    return tuple(map(LineOutcome, lines, before, after))


@dataclass(frozen=True, slots=True)
class _Curve:
    """Smaller trainings from the same start, on a part of the pages each."""

    model: Any
    material: _Material
    settings: TrainSettings
    observe: Observer

    @property
    def rest(self) -> float:
        """The share of the time that is left for the training proper."""
        return 1 - sum(share for _lines, share in _CURVE) if self.settings.curve else 1.0

    def points(
        self, samples: Sequence[Sample], before: _Readings, after: _Readings
    ) -> tuple[CurvePoint, ...]:
        """Return how well models that learned from more and more lines read the held-out pages."""
        if not self.settings.curve:
            return ()
        found = [self._point(0, before.held_out)]
        for share, time_share in _CURVE:
            part = self._part(samples, share)
            if part:
                found.append(self._point(len(part), self._learned(part, share, time_share)))
        return (*found, self._point(len(samples), after.held_out))

    def _learned(self, part: list[Sample], share: float, time_share: float) -> list[str]:
        training = Training(copy.deepcopy(self.model), _plan(self.settings, time_share))
        lines = Lines(part, self.material.split.val[:_MEASURED])
        training.run(lines, lambda moment, done: self.observe(Progress(share, done, moment)), None)
        return read(training.best, self.material.split.val)

    def _part(self, samples: Sequence[Sample], share: float) -> list[Sample]:
        """Return whole pages with about a share of the lines; of a single page, its lines."""
        pages = sorted({one.line.page for one in samples})
        order = random.Random(self.settings.seed).sample(pages, len(pages))
        if len(pages) == 1:
            return list(samples[: round(share * len(samples))])
        chosen: list[Sample] = []
        for page in order:
            if len(chosen) >= share * len(samples):
                break
            chosen += [one for one in samples if one.line.page == page]
        return chosen

    def _point(self, lines: int, readings: Sequence[str]) -> CurvePoint:
        pages: dict[str, EditCounts] = defaultdict(EditCounts)
        for line, reading in zip(self.material.split.val, readings, strict=True):
            pages[line.page] += compare(line.text, reading)[0].characters
        return CurvePoint(lines, dict(pages))


def _purpose(settings: TrainSettings, material: _Material, base: str) -> str:
    """Return what tells trainings apart: their settings and lines, and what they go on from."""
    made = hashlib.sha256(repr((replace(settings, resume=False, threads=None), base)).encode())
    for line in (*material.split.train, *material.split.val, *material.mixed):
        made.update(f"{line.page}\0{line.id}\0{line.text}\0".encode())
    return made.hexdigest()


def _said(settings: TrainSettings) -> tuple[tuple[str, str], ...]:
    """Return the settings that differ from the usual ones, by name."""
    usual = TrainSettings()
    return tuple(
        (field.name, _text(getattr(settings, field.name)))
        for field in fields(settings)
        if getattr(settings, field.name) != getattr(usual, field.name)
    )


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
