"""From files to page jobs: which pages there are, where each goes, and that no two go to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

from htr.batch.inputs import Entry, expand
from htr.engine import EngineSpec
from htr.errors import HtrError, NameClash, NotFound, NotReadable
from htr.formats import read_file
from htr.i18n import _
from htr.imaging.source import IMAGE_SUFFIXES, Source, sources
from htr.pipeline.job import PageJob, PageResult, failed
from htr.settings import TranscribeSettings

PICTURES = "images"


@dataclass(frozen=True, slots=True)
class Plan:
    """The pages of a run in order, and those that cannot even be begun, as failed results."""

    jobs: tuple[PageJob, ...]
    failures: tuple[PageResult, ...]


def plan(
    inputs: Sequence[str], output: Path, settings: TranscribeSettings, engine: EngineSpec
) -> Plan:
    """Return the jobs that inputs make, with an output file each below the `output` folder.

    Raises what `expand` raises, and NameClash where two pages would share an output file, so that
    nothing has run by then. A file that cannot be opened becomes a failure of its own.
    """
    entries = expand(
        inputs, recursive=settings.recursive, with_xml=settings.keep_layout, without=output
    )
    claimed = {image.resolve() for entry in entries for image in _claimed(entry, settings)}
    jobs: list[PageJob] = []
    failures: list[PageResult] = []
    for entry in entries:
        if entry.path.resolve() in claimed:
            continue
        job = PageJob(
            Source(entry.path),
            _target(entry, output, entry.path.stem),
            engine,
            settings.dpi,
            settings.max_pixels,
        )
        try:
            jobs.extend(_pages(entry, job, output, keep_layout=settings.keep_layout))
        except HtrError as error:
            failures.append(failed(job, error))
    _refuse_clashes(jobs)
    return Plan(tuple(jobs), tuple(failures))


def _pages(entry: Entry, job: PageJob, output: Path, *, keep_layout: bool) -> Iterator[PageJob]:
    """Yield the job of each page of a file."""
    if entry.error is not None:
        raise entry.error
    _check_name(entry.path)
    is_xml = _is_xml(entry.path)
    image = _image_of(entry.path) if is_xml else entry.path
    pages = sources(image)
    digits = max(4, len(str(len(pages))))
    for source in pages:
        page = replace(job, source=source, layout=entry.path if is_xml and keep_layout else None)
        if source.frame is not None:
            name = f"{entry.path.stem}-{source.frame + 1:0{digits}d}"
            picture = output / PICTURES / entry.folder / name
            page = replace(page, output=_target(entry, output, name), picture=picture)
        yield page


def _claimed(entry: Entry, settings: TranscribeSettings) -> Iterator[Path]:
    """Yield the images that come with a layout file and so not on their own, even if it is bad."""
    if settings.keep_layout and _is_xml(entry.path):
        try:
            yield _image_of(entry.path)
        except HtrError:
            yield from _of_same_name(entry.path)


def _is_xml(path: Path) -> bool:
    return path.suffix.lower() == ".xml"


def _image_of(path: Path) -> Path:
    """Return the image that an ALTO or PAGE file describes, by its name there or its own name."""
    page = read_file(path)
    name = page.image.name.replace("\\", "/")
    named = (path.parent / name, path.parent / name.rsplit("/", 1)[-1])
    for candidate in (*named, *_of_same_name(path)):
        if candidate.is_file():
            return candidate
    raise NotFound(
        _("The image of this page, “{name}”, is not there.").format(name=page.image.name),
        path=path,
        hint=_("Put it beside the XML file."),
    )


def _of_same_name(path: Path) -> list[Path]:
    beside = sorted(path.parent.glob(f"{escape(path.stem)}.*"))
    return [image for image in beside if image.suffix.lower() in IMAGE_SUFFIXES]


def _check_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise NotReadable(
            _("This file's name is not valid text, so no XML can name it."),
            path=str(path).encode(errors="replace").decode(),
            hint=_("Rename the file."),
        ) from error


def _target(entry: Entry, output: Path, name: str) -> Path:
    return output / entry.folder / f"{name}.xml"


def _refuse_clashes(jobs: Iterable[PageJob]) -> None:
    """Raise NameClash where two outputs have one name, on file systems without case too."""
    seen: dict[str, PageJob] = {}
    for job in jobs:
        other = seen.setdefault(str(job.output).casefold(), job)
        if other is not job:
            raise NameClash(
                _("{first} and {second} would both be written here.").format(
                    first=other.source.path, second=job.source.path
                ),
                path=job.output,
                hint=_("Rename one of them, or transcribe them into two output folders."),
            )
