"""Others' pages into a folder of ALTO files with their images; a bad one costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from htr import __version__
from htr.document import segmonto
from htr.document.page import ImageRef, Page, Region, Step
from htr.errors import HtrError, InputError, OutputError
from htr.exchange.download import Client, Manners, remove_parts
from htr.exchange.incoming import Draft, Incoming, Size
from htr.exchange.sources import listed
from htr.formats import read_file, read_header, write_alto
from htr.imaging import raster
from htr.imaging.digest import sha256
from htr.imaging.faults import opened
from htr.pipeline.files import held, remove_leftovers, whole, write_whole
from htr.pipeline.job import SOFTWARE, now
from htr.settings import TranscribeSettings

Status: TypeAlias = Literal["done", "image", "unchanged", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How pages are imported.

    `ground_truth` marks all lines that have text as set by people, `by` says by whom. `force` and
    `overwrite_corrections` let files be replaced, as `htr transcribe` has it. `max_size` is the
    longer side in pixels that images are asked for; `max_pixels` the most that one may have.
    """

    ground_truth: bool = False
    by: str | None = None
    force: bool = False
    overwrite_corrections: bool = False
    max_size: int | None = None
    max_pixels: int = TranscribeSettings().max_pixels
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a page: `done`, or `image` where there was no text to it.

    `unchanged` pages were imported before; `kept` ones would have replaced a file that a person has
    corrected, or that is another's.
    """

    place: str
    target: Path
    status: Status
    error: HtrError | None = None


Observer: TypeAlias = Callable[[Imported, int], None]


def import_pages(
    sources: Sequence[str],
    output: Path,
    settings: ImportSettings,
    observe: Observer | None = None,
    clock: Callable[[], datetime] = now,
) -> tuple[Imported, ...]:
    """Import the pages of sources (paths and addresses) below `output`; return what became of each.

    `observe` sees each as it comes, with the number of all. Nothing is written before all sources
    are listed. Raises what `htr.exchange.sources.listed` raises, OutputError and FolderInUse; the
    error of a page is in its result.
    """
    results = []
    with Client(settings.manners) as client, ExitStack() as stack:
        pages = listed(sources, output, client, settings.max_size, stack)
        stack.enter_context(held(output))
        for folder in {(output / page.name).parent for page in pages}:
            remove_leftovers(folder)
        for page in pages:
            result = _imported(page, output, settings, clock)
            results.append(result)
            if observe is not None:
                observe(result, len(pages))
    return tuple(results)


def _imported(
    page: Incoming, output: Path, settings: ImportSettings, clock: Callable[[], datetime]
) -> Imported:
    target = output / f"{page.name}.xml"
    try:
        draft = page.open()
        steps = _steps(draft, settings, clock)
        picture = output / f"{page.name}{draft.suffix}"
        status = _standing(target, picture, draft, steps, settings)
        if status != "to do":
            return Imported(page.place, target, status)
        return Imported(page.place, target, _write(draft, target, picture, steps, settings))
    except OutputError:
        raise
    except HtrError as error:
        return Imported(page.place, target, "failed", error)


def _steps(
    draft: Draft, settings: ImportSettings, clock: Callable[[], datetime]
) -> tuple[Step, ...]:
    """Return what the page's history will say of the import."""
    date = clock().isoformat()
    step = Step("other", "imported", SOFTWARE, __version__, draft.record, date)
    if not settings.ground_truth:
        return (step,)
    return step, Step("correction", "ground truth set by people", date=date, agency=settings.by)


def _standing(
    target: Path, picture: Path, draft: Draft, steps: tuple[Step, ...], settings: ImportSettings
) -> Literal["to do", "unchanged", "kept"]:
    """Return what to do with a page, from the files that are there."""
    if not target.exists():
        if not picture.exists() or settings.force:
            return "to do"
        if draft.image_sha256 is None:
            return "to do" if draft.read else "unchanged"
        return "to do" if sha256(picture) == draft.image_sha256 else "kept"
    if not settings.force and _is_same(target, picture, draft, steps):
        return "unchanged"
    if draft.read is None and not settings.force:
        return "unchanged" if picture.exists() else "to do"
    if settings.overwrite_corrections:
        return "to do"
    return "to do" if settings.force and not _is_corrected(target) else "kept"


def _is_same(target: Path, picture: Path, draft: Draft, steps: tuple[Step, ...]) -> bool:
    header = read_header(target)
    if header is None or header.image_name != picture.name or not picture.exists():
        return False
    there = [(step.kind, step.settings, step.agency) for step in header.steps[-len(steps) :]]
    digest = sha256(picture)
    return (
        there == [(step.kind, step.settings, step.agency) for step in steps]
        and header.image_sha256 == digest
        and draft.image_sha256 in (None, digest)
    )


def _is_corrected(target: Path) -> bool:
    try:
        return read_file(target).corrected
    except InputError:
        return True  # whatever it is, it is not ours to lose


def _write(
    draft: Draft, target: Path, picture: Path, steps: tuple[Step, ...], settings: ImportSettings
) -> Literal["done", "image", "unchanged"]:
    """Write a page's image, unless it is there, and its ALTO, once both are known to be sound."""
    there = picture.exists() and not settings.force
    if there:
        size, page = _checked(picture, draft, settings)
    else:
        with whole(picture) as file:
            draft.save(file, picture)
            size, page = _checked(file, draft, settings)
        remove_parts(picture)
    if page is None:
        return "unchanged" if there else "image"
    image = ImageRef(picture.name, *size, sha256(picture))
    regions = segmonto.mapped(page.regions)
    if settings.ground_truth:
        regions = tuple(map(_as_truth, regions))
    write_whole(
        target,
        write_alto(replace(page, image=image, regions=regions, steps=(*page.steps, *steps))),
    )
    return "done"


def _checked(file: Path, draft: Draft, settings: ImportSettings) -> tuple[Size, Page | None]:
    """Return the size of an image that has been decoded whole, and the page on it."""
    try:
        with opened(file) as stream:
            size = raster.read(stream, file, None, max_pixels=settings.max_pixels).image.size
    except HtrError as error:
        raise type(error)(error.message, path=draft.image, hint=error.hint) from error
    return size, draft.read(size) if draft.read else None


def _as_truth(region: Region) -> Region:
    """Return a region whose lines, where they have text, no machine overwrites."""
    return replace(
        region,
        lines=tuple(
            replace(line, corrected=line.corrected or bool(line.text)) for line in region.lines
        ),
    )
