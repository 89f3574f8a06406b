"""From files to page jobs: which pages there are, where each goes, and that no two go to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from htr.batch.inputs import Entry, expand
from htr.engine import EngineSpec
from htr.errors import HtrError, InputError, NameClash, NotFound, NotReadable
from htr.formats import is_page, read
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
    jobs: list[PageJob] = []
    failures: list[PageResult] = []
    for entry, image, layout in _paired(entries, settings.keep_layout):
        try:
            if entry.error is not None:
                raise entry.error
            _check_name(entry.path)
            jobs.extend(
                _jobs(entry, image or _image_of(entry.path), layout, output, settings, engine)
            )
        except HtrError as error:
            job = PageJob(Source(entry.path), _target(entry, output, entry.path.stem), engine)
            failures.append(failed(job, error))
    _refuse_clashes(jobs)
    return Plan(tuple(jobs), tuple(failures))


def _paired(
    entries: Sequence[Entry], keep_layout: bool
) -> Iterable[tuple[Entry, Path | None, Path | None]]:
    """Yield (entry, its image if known, the layout to keep), images in the place of their XML.

    An image whose layout file is among the entries comes with it and not on its own. XML files of
    other kinds (METS, EAD) are passed over where a folder holds them.
    """
    layouts = [entry for entry in entries if _is_xml(entry.path) and _describes_page(entry)]
    images = {entry.path: _image_or_none(entry) for entry in layouts}
    claimed = {image.resolve() for image in images.values() if image is not None}
    for entry in entries:
        if not _is_xml(entry.path):
            if not (keep_layout and entry.path.resolve() in claimed):
                yield entry, entry.path, None
        elif entry.path in images:
            yield entry, images[entry.path], entry.path if keep_layout else None


def _is_xml(path: Path) -> bool:
    return path.suffix.lower() == ".xml"


def _describes_page(entry: Entry) -> bool:
    """Whether an XML file is a page's, or so broken that it must be reported."""
    try:
        return is_page(entry.path)
    except (OSError, InputError):
        return True


def _image_or_none(entry: Entry) -> Path | None:
    try:
        return _image_of(entry.path)
    except HtrError:
        return None


def _image_of(path: Path) -> Path:
    """Return the image that an ALTO or PAGE file describes, by its name there or its own name."""
    try:
        page = read(path.read_bytes(), path=path)
    except OSError as error:
        raise NotReadable(
            _("This file cannot be read ({reason}).").format(reason=error.strerror),
            path=path,
            hint=_("Check the path and your right to read it."),
        ) from error
    name = page.image.name.replace("\\", "/")
    beside = [path.parent / name, path.parent / name.rsplit("/", 1)[-1]]
    beside += [
        image
        for image in sorted(path.parent.glob(f"{path.stem}.*"))
        if image.suffix.lower() in IMAGE_SUFFIXES
    ]
    for candidate in beside:
        if candidate.is_file():
            return candidate
    raise NotFound(
        _("The image of this page, “{name}”, is not there.").format(name=page.image.name),
        path=path,
        hint=_("Put it beside the XML file."),
    )


def _check_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise NotReadable(
            _("This file's name is not valid text, so no XML can name it."),
            path=str(path).encode(errors="replace").decode(),
            hint=_("Rename the file."),
        ) from error


def _jobs(
    entry: Entry,
    image: Path,
    layout: Path | None,
    output: Path,
    settings: TranscribeSettings,
    engine: EngineSpec,
) -> Iterable[PageJob]:
    pages = sources(image)
    digits = max(4, len(str(len(pages))))
    for source in pages:
        name = entry.path.stem
        if source.frame is not None:
            name = f"{name}-{source.frame + 1:0{digits}d}"
        yield PageJob(
            source,
            _target(entry, output, name),
            engine,
            None if source.frame is None else output / PICTURES / entry.folder / name,
            layout,
            settings.dpi,
            settings.max_pixels,
        )


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
