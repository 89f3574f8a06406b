"""Where jobs run, behind one seam: `submit(job)` gives a future of the page's result."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Semaphore
from typing import Any, Protocol, TypeAlias

from htr.errors import ModelError, PageCrash, PageTimeout
from htr.i18n import _
from htr.pipeline.job import PageJob, PageResult, failed

Work: TypeAlias = Callable[[PageJob], PageResult]
_ATTEMPTS = 3
_MOST_START = 5.0  # seconds that a stop waits for workers which are being started


class Executor(Protocol):
    """Runs jobs, `capacity` of them at a time."""

    @property
    def capacity(self) -> int:
        """How many jobs run at a time."""
        ...

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function returns, or raise what it raises, where the jobs will run."""
        ...

    def submit(self, job: PageJob) -> Future[PageResult]:
        """Return the future result of a job; it never raises, whatever becomes of the worker."""
        ...

    def stop(self) -> None:
        """End all workers at once; jobs that are not done are given up."""
        ...


class SerialExecutor:
    """Runs each job at once in this process: simple to follow, with no protection from crashes."""

    capacity = 1

    def __init__(self, work: Work) -> None:
        self._work = work

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function returns."""
        return function(*arguments)

    def submit(self, job: PageJob) -> Future[PageResult]:
        """Return the result of a job, done by then."""
        future: Future[PageResult] = Future()
        future.set_result(self._work(job))
        return future

    def stop(self) -> None:
        """Do nothing: no worker is left behind."""


class ProcessExecutor:
    """Runs jobs in worker processes; a crash or a timeout costs the one page and its worker.

    Workers are forked from a server process that has run no threads, with `preload` modules
    imported there once. pebble replaces a worker that dies (ADR 0002).
    """

    def __init__(
        self, work: Work, workers: int, timeout: float | None, preload: tuple[str, ...] = ()
    ) -> None:
        self._work = work
        self._timeout = timeout
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self.capacity = workers
        self._renewing = threading.Lock()
        self._pool = self._new_pool()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function returns, or raise what it raises, in a worker.

        Raises ModelError if the worker dies of it, since what is tried so is loading models.
        """
        from pebble import ProcessExpired

        try:
            return self._schedule(function, *arguments).result()
        except (ProcessExpired, BrokenProcessPool) as error:
            raise ModelError(
                _("The process that loads the models died ({reason}).").format(reason=error),
                hint=_("If memory ran out, close other programs, or use a smaller model."),
            ) from error

    def submit(self, job: PageJob) -> Future[PageResult]:
        """Return the future result of a job."""
        outcome: Future[PageResult] = Future()
        self._attempt(job, outcome, 1)
        return outcome

    def stop(self) -> None:
        """End all workers at once, once those that are being started have begun.

        A worker that is still starting when its pool goes would fail for want of the pool's locks,
        and say so to the user, though a quick run has long been done.
        """
        deadline = time.monotonic() + _MOST_START
        for _worker in range(self.capacity):
            self._started.acquire(timeout=max(0.0, deadline - time.monotonic()))
        self._pool.stop()
        self._pool.join()

    def _attempt(self, job: PageJob, outcome: Future[PageResult], number: int) -> None:
        future = self._schedule(self._work, job, timeout=self._timeout)
        future.add_done_callback(lambda done: self._settle(job, done, outcome, number))

    def _schedule(
        self, function: Callable[..., Any], *arguments: Any, timeout: float | None = None
    ) -> Future[Any]:
        """Hand a call to the workers, to new ones where pebble has given up the pool."""
        with self._renewing:
            if not self._pool.active:
                self.stop()
                self._pool = self._new_pool()
            future: Future[Any] = self._pool.schedule(function, args=arguments, timeout=timeout)
        return future

    def _settle(
        self, job: PageJob, done: Future[PageResult], outcome: Future[PageResult], number: int
    ) -> None:
        if done.cancelled():
            outcome.cancel()
            return
        error = done.exception()
        if error is None:
            outcome.set_result(done.result())
        elif isinstance(error, BrokenProcessPool) and number < _ATTEMPTS:
            # Workers died before any had begun a page: none of the pages is to blame.
            threading.Thread(target=self._attempt, args=(job, outcome, number + 1)).start()
        else:
            outcome.set_result(failed(job, self._explained(job, error)))

    def _explained(self, job: PageJob, error: BaseException) -> PageTimeout | PageCrash:
        if isinstance(error, TimeoutError):
            return PageTimeout(
                _("This page took more than {seconds:g} seconds.").format(seconds=self._timeout),
                path=job.source.path,
                hint=_("Allow more with --page-timeout, or work on fewer pages with --jobs."),
            )
        return PageCrash(
            _("The process that worked on this page died ({reason}).").format(reason=error),
            path=job.source.path,
            hint=_("If memory ran out, work on fewer pages at a time with --jobs."),
        )

    def _new_pool(self) -> Any:
        from pebble import ProcessPool

        self._started = self._context.Semaphore(0)
        return ProcessPool(
            self.capacity,
            initializer=start_worker,
            initargs=(self._started,),
            context=self._context,
        )


def start_worker(started: Semaphore) -> None:
    """Prepare a worker: its libraries are quiet, and it ends when its run has ended.

    `started` is released, by which the run knows of it.
    """
    started.release()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent has gone: a killed run must not go on in the background."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
