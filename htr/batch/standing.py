"""Whether a page is still to do: by its ALTO on the disk, not by a list that could be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from htr.document.page import Step
from htr.document.page_error import SETTINGS, Estimate, from_steps
from htr.errors import HtrError
from htr.formats import Header, read_header
from htr.imaging.digest import sha256
from htr.pipeline.job import SOFTWARE, PageJob, recipe

Standing: TypeAlias = Literal["to do", "unchanged", "kept"]


def standing(job: PageJob, *, force: bool, overwrite_corrections: bool) -> Standing:
    """Return what to do with a job, from the file that is there.

    `kept`: a person has corrected the page, or the file was not made by htr; nothing but
    `overwrite_corrections` has it redone. `unchanged`: it was made from the same image bytes, with
    the same models and settings, and its picture is there; `force` has it redone.
    """
    if not job.output.exists():
        return "to do"
    header = read_header(job.output)
    if not overwrite_corrections and (header is None or not _machine_made(header)):
        return "kept"
    return "to do" if force or header is None or not _up_to_date(job, header) else "unchanged"


def expected(path: Path) -> Estimate | None:
    """Return the CER to be expected of a page that was done before, as its file has it."""
    header = read_header(path)
    return None if header is None else from_steps(header.steps)


def _machine_made(header: Header) -> bool:
    ours = any(step.kind == "recognition" and step.software == SOFTWARE for step in header.steps)
    return ours and not any(step.kind == "correction" for step in header.steps)


def _up_to_date(job: PageJob, header: Header) -> bool:
    try:
        return (
            _essence(header.steps) == _essence(recipe(job))
            and (job.output.parent / header.image_name).is_file()
            and header.image_sha256 == sha256(job.source.path)
        )
    except HtrError:
        return False  # the page is tried again, and the error reported as the page's own


def _essence(steps: tuple[Step, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was done, without what it came to."""
    return [
        (step.kind, [setting for setting in step.settings if setting[0] not in SETTINGS])
        for step in steps
    ]
