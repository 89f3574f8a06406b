"""One contract for all executors, and what processes add: a fault costs its page only."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_work import die, job, refuse, work
from PIL import Image

from htr.batch.executors import Executor, ProcessExecutor, SerialExecutor
from htr.errors import DamagedImage, ModelError, PageCrash, PageTimeout


@pytest.fixture(params=["serial", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    made = SerialExecutor(work) if request.param == "serial" else ProcessExecutor(work, 2, 60)
    yield made
    made.stop()


@pytest.fixture
def processes() -> Iterator[ProcessExecutor]:
    made = ProcessExecutor(work, 2, 2)
    yield made
    made.stop()


def scans(folder: Path, *names: str) -> None:
    for name in names:
        Image.new("L", (200, 100), 255).save(folder / f"{name}.png")


def test_results_come_back_and_files_are_there(executor: Executor, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(5)]
    scans(tmp_path, *names)
    futures = [executor.submit(job(tmp_path, name)) for name in names]
    assert [future.result().status for future in futures] == ["done"] * 5
    assert all((tmp_path / "out" / f"{name}.xml").is_file() for name in names)


def test_a_failed_page_is_a_result(executor: Executor, tmp_path: Path) -> None:
    result = executor.submit(job(tmp_path, "broken")).result()
    assert result.status == "failed"
    assert isinstance(result.error, DamagedImage)
    missing = executor.submit(job(tmp_path, "none")).result()
    assert missing.status == "failed"


def test_calls_return_and_raise_as_they_would_here(executor: Executor) -> None:
    assert executor.call(sum, [1, 2]) == 3
    with pytest.raises(DamagedImage, match="No"):
        executor.call(refuse)


def test_a_call_that_kills_its_worker_is_an_error_for_people(processes: ProcessExecutor) -> None:
    with pytest.raises(ModelError, match="died"):
        processes.call(die)


def test_idle_workers_that_die_cost_no_page(processes: ProcessExecutor, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(6)]
    scans(tmp_path, *names)
    for _turn in range(2):
        os.kill(processes.call(os.getpid), signal.SIGKILL)
        futures = [processes.submit(job(tmp_path, name)) for name in names]
        assert [future.result(60).status for future in futures] == ["done"] * 6
    os.kill(processes.call(os.getpid), signal.SIGKILL)
    time.sleep(0.5)  # for pebble to give up the pool
    assert processes.call(sum, [1, 2]) == 3


def test_crashes_and_hangs_cost_their_page_only(processes: ProcessExecutor, tmp_path: Path) -> None:
    good = [f"p{number}" for number in range(12)]
    names = [*good[:4], "crash1", "hang1", *good[4:8], "crash2", "crash3", *good[8:]]
    scans(tmp_path, *names)
    results = {name: processes.submit(job(tmp_path, name)) for name in names}
    for name in good:
        assert results[name].result(60).status == "done"
    for name in ("crash1", "crash2", "crash3"):
        error = results[name].result(60).error
        assert isinstance(error, PageCrash)
        assert name in str(error)
    assert isinstance(results["hang1"].result(60).error, PageTimeout)
