"""Work that goes wrong in ways of its own, by the name of the page; importable by workers."""

import os
import signal
import time
from pathlib import Path

from htr.engine import EngineSpec
from htr.engine.models import FAKE
from htr.errors import DamagedImage
from htr.imaging.source import Source
from htr.pipeline.job import PageJob, PageResult, failed, run_job

SPEC = EngineSpec(FAKE, FAKE, kind="fake")


def job(folder: Path, name: str) -> PageJob:
    return PageJob(Source(folder / f"{name}.png"), folder / "out" / f"{name}.xml", SPEC, 300, 10**6)


def work(page: PageJob) -> PageResult:
    """Do a page as its name has it: crash, hang, break, or go well."""
    name = page.source.path.stem
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("broken"):
        return failed(page, DamagedImage("It breaks off.", path=page.source.path))
    return run_job(page)


def refuse() -> None:
    raise DamagedImage("No.", path="here")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
