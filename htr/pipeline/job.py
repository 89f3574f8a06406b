"""One page from image to ALTO, as a job that any process can run."""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from htr import __version__
from htr.document import page_error
from htr.document.page import ImageRef, Page, Region, Step
from htr.engine import Engine, EngineSpec, LanguageSpec, load
from htr.errors import BadXml, HtrError, PageFailure
from htr.formats import read_file, write_alto
from htr.i18n import _
from htr.imaging.digest import sha256
from htr.imaging.load import Loaded, extract
from htr.imaging.load import load as load_image
from htr.imaging.source import Source
from htr.pipeline import assemble
from htr.pipeline.files import write_whole

SOFTWARE = "htr"
_ROUNDING = 2  # pixels by which a layout and its image may differ: both were scaled together

Status: TypeAlias = Literal["done", "failed", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to transcribe: paths and settings, small and picklable.

    `picture` is where the page's own image is written, less its suffix, for a frame or a PDF page;
    None where the source is the image. `layout` is the ALTO or PAGE file whose layout is kept. See
    `htr.settings.TranscribeSettings` for `dpi` and `max_pixels`.
    """

    source: Source
    output: Path
    engine: EngineSpec
    dpi: int
    max_pixels: int
    picture: Path | None = None
    layout: Path | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of a page; the run log's record.

    `expected` is the CER that the page's confidences foretell, where the model was calibrated for
    it. `seconds` are (stage, wall-clock seconds), `cpu_seconds` those of all threads,
    `peak_memory_mb` the most that the worker has ever held. `unchanged` pages were done before,
    `kept` ones hold a person's work, or another program's, and were left alone.
    """

    input: Path
    page: int | None
    output: Path
    status: Status
    lines: int = 0
    characters: int = 0
    confidence: float | None = None
    expected: page_error.Estimate | None = None
    input_sha256: str | None = None
    output_sha256: str | None = None
    seconds: tuple[tuple[str, float], ...] = ()
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    error: HtrError | None = None
    finished: str | None = None


def now() -> datetime:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def recipe(job: PageJob) -> tuple[Step, ...]:
    """Return the steps that make the job's page, less software and dates.

    A page on the disk is up to date when its steps have the same kinds and settings, but for what
    they came to (`htr.document.page_error.SETTINGS`), and its image the same bytes. Raises
    InputError where the layout's file cannot be read.
    """
    steps = []
    if job.source.frame is not None:
        pdf = (("dpi", str(job.dpi)),) if job.source.path.suffix.lower() == ".pdf" else ()
        place = (("file", job.source.path.name), ("page", str(job.source.frame + 1)), *pdf)
        steps.append(Step("other", "page taken out of a file of several", settings=place))
    if job.layout is not None:
        kept = (("file", job.layout.name), ("sha256", sha256(job.layout)))
        steps.append(Step("layout", "layout kept from a file", settings=kept))
    else:
        settings = (
            ("model", job.engine.segmenter.name),
            ("sha256", job.engine.segmenter.sha256),
            ("direction", job.engine.direction),
            *((("steps", "kraken"),) if job.engine.exact_layout else ()),
        )
        steps.append(Step("layout", "regions, baselines and reading order", settings=settings))
    steps.append(Step("recognition", "text and confidences", settings=_reading(job.engine)))
    return tuple(steps)


def _reading(engine: EngineSpec) -> tuple[tuple[str, str], ...]:
    """Return what reads the lines, and what its confidences were found to be worth."""
    calibration = engine.calibration
    return (
        ("model", engine.recogniser.name),
        ("sha256", engine.recogniser.sha256),
        *_language(engine.language),
        *((("calibration", calibration.summary()),) if calibration.lines else ()),
    )


def _language(language: LanguageSpec | None) -> Iterator[tuple[str, str]]:
    """Yield what the lines are read with besides the recogniser."""
    if language is None:
        return
    if language.model is not None:
        weights = language.weights
        yield "language_model", language.model.name
        yield "language_model_sha256", language.model.sha256
        yield "weight", f"{weights.weight:g}, {weights.bonus:g} a letter"
    if language.lexicon is not None:
        yield "lexicon", language.lexicon.name
        yield "lexicon_sha256", language.lexicon.sha256
    if language.alternatives:
        yield "alternatives", str(language.alternatives)


def run_job(job: PageJob, clock: Callable[[], datetime] = now) -> PageResult:
    """Transcribe one page and write its ALTO; return what became of it, never raise.

    Whatever goes wrong costs this page only, so every exception becomes the result's error.
    """
    watch = _Watch()
    cpu = time.process_time()
    try:
        result = _transcribe(job, clock, watch)
    except HtrError as error:
        result = failed(job, error)
    except Exception as error:  # the libraries below raise what they like on odd pages
        reason = f"{type(error).__name__}: {error}"
        result = failed(
            job,
            PageFailure(
                _("This page could not be transcribed ({reason}).").format(reason=reason),
                path=job.source.path,
                hint=_("Please report it with the page; the other pages are not affected."),
            ),
        )
    return replace(
        result,
        seconds=watch.stages(),
        cpu_seconds=round(time.process_time() - cpu, 3),
        peak_memory_mb=round(_peak_memory(), 1),
        finished=clock().isoformat(),
    )


def failed(job: PageJob, error: HtrError) -> PageResult:
    """Return the result of a job that came to nothing."""
    return PageResult(job.source.path, page_number(job), job.output, "failed", error=error)


def page_number(job: PageJob) -> int | None:
    """Return which page of its file the job is, counted from 1; None where the file is the page."""
    return None if job.source.frame is None else job.source.frame + 1


def _transcribe(job: PageJob, clock: Callable[[], datetime], watch: _Watch) -> PageResult:
    with watch("load"):
        digest = sha256(job.source.path)
        loaded, name = _image(job)
        width, height = loaded.image.size
        image = ImageRef(name, width, height, digest)
        steps = recipe(job)
        kept = None if job.layout is None else _kept_layout(job.layout, image)
    with watch("models"):
        engine = load(job.engine)
    with watch("layout"):
        regions = engine.segment(loaded.image) if kept is None else kept
    with watch("recognition"):
        lines = [line for region in regions for line in region.lines if not line.corrected]
        readings = engine.read(loaded.image, lines)
    with watch("write"):
        calibration = job.engine.calibration
        glyphs = [reading.glyphs for reading in readings]
        regions = assemble.lines_with_text(regions, glyphs, calibration.words)
        regions = assemble.with_alternatives(regions, [one.alternatives for one in readings])
        done = tuple(_signed(step, engine, clock) for step in steps)
        page = assemble.page("page", image, regions, done)
        if calibration.pages is not None:
            seen = [one.network for one in readings if one.network is not None]
            network = sum(seen, page_error.Doubt()) if seen else None
            estimate = page_error.of_page(page.lines, calibration.pages, network)
            page = _with_estimate(page, estimate)
        data = write_alto(page)
        write_whole(job.output, data)
    return _result(job, page, data)


def _with_estimate(page: Page, estimate: page_error.Estimate | None) -> Page:
    """Return the page with its expected error among the settings of the step that read it."""
    if estimate is None:
        return page
    *before, reading = page.steps
    known = replace(reading, settings=(*reading.settings, *page_error.as_settings(estimate)))
    return replace(page, steps=(*before, known))


def _image(job: PageJob) -> tuple[Loaded, str]:
    """Return the page's image and the name under which the ALTO finds it."""
    if job.picture is None:
        loaded = load_image(job.source, max_pixels=job.max_pixels, dpi=job.dpi)
        return loaded, _relative(job.source.path, job.output.parent)
    taken = extract(job.source, max_pixels=job.max_pixels, dpi=job.dpi)
    picture = job.picture.with_name(job.picture.name + taken.suffix)
    write_whole(picture, taken.data)
    return taken.loaded, _relative(picture, job.output.parent)


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _kept_layout(path: Path, image: ImageRef) -> tuple[Region, ...]:
    """Return the regions of an ALTO or PAGE file of the same image; raises BadXml for another's."""
    size = (image.width, image.height)
    page = read_file(path, image_size=size)
    off = max(abs(page.image.width - image.width), abs(page.image.height - image.height))
    if page.image.width and off > _ROUNDING:
        raise BadXml(
            _("This layout is of an image of {w} x {h} pixels, but {name} has {iw} x {ih}.").format(
                w=page.image.width, h=page.image.height, name=image.name, iw=size[0], ih=size[1]
            ),
            path=path,
            hint=_("Put the image that the layout was made on beside it."),
        )
    return page.regions


def _signed(step: Step, engine: Engine, clock: Callable[[], datetime]) -> Step:
    version = f"{__version__} ({' '.join(engine.software)})"
    return replace(step, software=SOFTWARE, version=version, date=clock().isoformat())


def _result(job: PageJob, page: Page, data: bytes) -> PageResult:
    lines = tuple(page.lines)
    return PageResult(
        job.source.path,
        page_number(job),
        job.output,
        "done",
        lines=len(lines),
        characters=sum(len(line.text) for line in lines),
        confidence=page.confidence,
        expected=page_error.from_steps(page.steps),
        input_sha256=page.image.sha256,
        output_sha256=hashlib.sha256(data).hexdigest(),
    )


def _peak_memory() -> float:
    """Return the most memory that this process has held, in MB (getrusage: kB, bytes on macOS)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


@dataclass(slots=True)
class _Watch:
    """Measures stages in wall-clock seconds."""

    _seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = round(time.perf_counter() - start, 3)

    def stages(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._seconds.items())
