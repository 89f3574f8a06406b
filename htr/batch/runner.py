"""A run: what is left to do goes to the workers, a few pages ahead; every result is read."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from htr import engine
from htr.batch.executors import Executor, ProcessExecutor
from htr.batch.log import RunLog
from htr.batch.plan import Plan, plan
from htr.batch.standing import expected, standing
from htr.batch.summary import Summary, Tally
from htr.engine import EngineSpec, LanguageSpec, ModelFile, models
from htr.engine.language.lexicon import lexicon_file
from htr.errors import DiskFull
from htr.pipeline.files import held, remove_leftovers
from htr.pipeline.job import PageResult, now, page_number, run_job
from htr.settings import TranscribeSettings

Observer: TypeAlias = Callable[[PageResult, Tally], None]
_AHEAD = 2  # jobs handed out for each worker: enough that none waits, few to lose


def engine_spec(settings: TranscribeSettings) -> EngineSpec:
    """Return the engine that settings ask for; raises UnknownModel and BrokenModel.

    The model `fake` is the engine without weights, for a dry run.
    """
    if settings.model == "fake":
        return EngineSpec(models.FAKE, models.FAKE, kind="fake")
    recogniser = models.recogniser(settings.model)
    return EngineSpec(
        recogniser,
        models.segmenter(Path(settings.segmenter) if settings.segmenter else None),
        settings.device,
        settings.direction,
        exact_layout=settings.exact_layout,
        language=language_spec(settings, recogniser),
    )


def language_spec(settings: TranscribeSettings, recogniser: ModelFile) -> LanguageSpec | None:
    """Return what helps a recogniser to read as settings ask, or None where nothing does.

    Raises UnknownModel and BrokenModel; NotFound, InputError and NothingToDo for the lexicon.
    """
    use, name = recogniser.language, settings.language_model
    if name is None and use is not None:
        name = use.model
    model = None if name in (None, "none") else models.language_model(name)
    lexicon = None if settings.lexicon is None else lexicon_file(Path(settings.lexicon))
    if model is None and lexicon is None and not settings.alternatives:
        return None
    fits = use is not None and model is not None and use.model == model.name
    weights = use.weights if use is not None and fits else models.DEFAULT_WEIGHTS
    return LanguageSpec(model, weights, lexicon, settings.alternatives)


def _shared_out(pages: Plan, processors: int) -> Plan:
    """Return the plan with the processors that each page may use: several where pages are few.

    More pages at a time do more than more processors a page.
    """
    threads = max(1, processors // max(1, len(pages.jobs)))
    jobs = (replace(job, engine=replace(job.engine, threads=threads)) for job in pages.jobs)
    return replace(pages, jobs=tuple(jobs))


def transcribe(
    inputs: Sequence[str],
    output: Path,
    settings: TranscribeSettings,
    observe: Observer | None = None,
) -> Summary:
    """Transcribe what inputs hold into ALTO files below `output`, and return what became of it.

    Pages that are done already are left alone. `observe` sees each result as it comes. Models are
    tried before the first page. Raises what `plan` raises, ModelError, OutputError for a folder
    that cannot be written, FolderInUse, and DiskFull, after which the next run goes on; a failed
    page raises nothing. Ctrl-C gives a summary that says so.
    """
    spec = engine_spec(settings)
    with held(output):
        pages = _shared_out(plan(inputs, output, settings, spec), settings.jobs)
        _tidy(pages)
        preload = ("htr.engine.kraken",) if spec.kind == "kraken" else ()
        timeout = settings.page_timeout or None
        executor = ProcessExecutor(run_job, settings.jobs, timeout, preload)
        try:
            return run(pages, output, settings, executor, observe)
        finally:
            executor.stop()
            _tidy(pages)  # a worker may have been stopped while it wrote


def _tidy(pages: Plan) -> None:
    """Remove what workers left half written where these pages go."""
    for folder in {
        *(job.output.parent for job in pages.jobs),
        *(job.picture.parent for job in pages.jobs if job.picture),
    }:
        remove_leftovers(folder)


def run(
    pages: Plan,
    output: Path,
    settings: TranscribeSettings,
    executor: Executor,
    observe: Observer | None = None,
) -> Summary:
    """Run the jobs of a plan and return what became of them; see `transcribe`."""
    rule = pages.jobs[0].engine.calibration.pages if pages.jobs else None
    tally = Tally(len(pages.jobs) + len(pages.failures), rule)
    start = time.monotonic()
    interrupted = False
    with RunLog(output) as log:
        try:
            for result in _results(pages, settings, executor):
                tally.add(result)
                if result.status in ("done", "failed"):
                    log.write(result if result.finished else _stamped(result))
                if observe is not None:
                    observe(result, tally)
                if isinstance(result.error, DiskFull):
                    raise result.error
        except KeyboardInterrupt:
            interrupted = True
        seconds = time.monotonic() - start
        return tally.summary(output, log.path, seconds, interrupted=interrupted)


def _results(pages: Plan, settings: TranscribeSettings, executor: Executor) -> Iterator[PageResult]:
    """Yield every page's result as it comes, with a bounded number of jobs handed out."""
    yield from pages.failures
    running: deque[Future[PageResult]] = deque()
    tried = False
    for job in pages.jobs:
        what = standing(
            job, force=settings.force, overwrite_corrections=settings.overwrite_corrections
        )
        if what != "to do":
            known = expected(job.output) if what == "unchanged" else None
            yield PageResult(job.source.path, page_number(job), job.output, what, expected=known)
            continue
        if not tried:
            executor.call(_try_models, job.engine)
            tried = True
        running.append(executor.submit(job))
        if len(running) >= _AHEAD * executor.capacity:
            yield from _finished(running)
    while running:
        yield from _finished(running)


def _finished(running: deque[Future[PageResult]]) -> Iterator[PageResult]:
    """Wait for a result, and yield all that have come, in the order of their jobs."""
    wait(running, return_when=FIRST_COMPLETED)
    for _turn in range(len(running)):
        future = running.popleft()
        if future.done():
            yield future.result()
        else:
            running.append(future)


def _stamped(result: PageResult) -> PageResult:
    return replace(result, finished=now().isoformat())


def _try_models(spec: EngineSpec) -> None:
    engine.load(spec)
