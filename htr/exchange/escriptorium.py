"""A register as a zip that eScriptorium imports: images, ALTO that it reads well, and METS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from htr.document.description import Description
from htr.exchange.folder import Outcome
from htr.exchange.package import content, write_parts
from htr.exchange.register import PageFile
from htr.formats.escriptorium import write_for_escriptorium
from htr.formats.media import media_type
from htr.formats.mets_writer import MetsFile, PageFiles, Uses, write_mets
from htr.pipeline.files import whole

_METS = "METS.xml"
# eScriptorium opens what an href says as it stands, others unescape it: both find such names.
_UNSAFE = re.compile(r"[/\\%#?:*\"<>|\x00-\x1f]")
_USES = Uses(image="image", alto="htr")  # the latter becomes the transcription's name


@dataclass(frozen=True, slots=True)
class ZipOptions:
    """What is said of a register in its zip; `created` is the date of the METS and of all entries.

    `software` is the program that makes it.
    """

    description: Description
    created: datetime
    software: str


def write_zip(files: Iterable[PageFile], target: Path, options: ZipOptions) -> Outcome:
    """Write pages in order as one zip, which appears whole or not at all; the same for the same.

    Names are flat, each image stands before its ALTO, and METS comes last: eScriptorium takes
    entries in their order and finds an ALTO's image by its bare name. Images are stored as they
    are. A page that cannot be read, or whose image is not there, is left out and reported in the
    outcome; if all are so, the first error is raised. Raises OutputError where nothing can be
    written.
    """
    taken = {Path(_METS).stem.lower()}
    with whole(target) as temporary, ZipFile(temporary, "w") as archive:

        def write(file: PageFile) -> tuple[PageFiles, tuple[Path, ...]]:
            page = file.read()
            source = file.image(page)
            image = content(source)
            stem = _flat(file.name, taken)
            name = f"{stem}{source.suffix}"
            alto = write_for_escriptorium(page, name)
            _add(archive, name, image, options.created, ZIP_STORED)
            _add(archive, f"{stem}.xml", alto, options.created, ZIP_DEFLATED)
            return PageFiles(file.name, _file(name, image), _file(f"{stem}.xml", alto)), ()

        found = write_parts(files, write)
        if not found.parts:
            raise found.outcome.failed[0]
        data = write_mets(
            found.parts,
            options.description,
            created=options.created.isoformat(),
            software=options.software,
            uses=_USES,
        )
        _add(archive, _METS, data, options.created, ZIP_DEFLATED)
    return replace(found.outcome, written=(target,))


def _flat(name: str, taken: set[str]) -> str:
    """Return a page's name without folders, unlike any taken, and take it."""
    stem = _UNSAFE.sub("_", name)
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    found = next(new for new in names if new.lower() not in taken)
    taken.add(found.lower())
    return found


def _add(archive: ZipFile, name: str, data: bytes, date: datetime, method: int) -> None:
    entry = ZipInfo(name, date.timetuple()[:6])
    entry.compress_type = method
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _file(name: str, data: bytes) -> MetsFile:
    return MetsFile(name, media_type(name), len(data), hashlib.sha256(data).hexdigest())
