"""A register as a METS package: its ALTO, its images, and a mets.xml that orders them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from htr.document.description import Description
from htr.document.page import Page
from htr.errors import NameClash
from htr.exchange.folder import Outcome
from htr.exchange.package import (
    content,
    image_address,
    image_name,
    write_copy,
    write_parts,
)
from htr.exchange.register import PageFile
from htr.formats import write_alto
from htr.formats.media import media_type
from htr.formats.mets_writer import MetsFile, PageFiles, write_mets
from htr.i18n import _
from htr.pipeline.files import write_whole

_ALTO = "alto"
_IMAGES = "images"
_METS = "mets.xml"


@dataclass(frozen=True, slots=True)
class MetsOptions:
    """How a register becomes a METS package.

    `created` is the package's date (xsd:dateTime), `software` the program that makes it. Images
    are copied into the package; with `copy_images` false the METS names them where they are, and
    with `image_base` below that URL (see `image_address`).
    """

    description: Description
    created: str
    software: str
    copy_images: bool = True
    image_base: str | None = None


def spare(files: Iterable[PageFile], output: Path) -> None:
    """Raise NameClash if a package in this folder would write over ALTO that is no package's.

    That is so where a page's own file lies in `output/alto`, or any ALTO does without a mets.xml.
    """
    folder = output / _ALTO
    own = folder.resolve()
    stranger = next(folder.rglob("*.xml"), None) if not (output / _METS).exists() else None
    inside = (file.path for file in files if file.path.resolve().is_relative_to(own))
    place = next(inside, stranger)
    if place is not None:
        raise NameClash(
            _("A page stands here already, and an export does not overwrite it."),
            path=place,
            hint=_("Choose another place with -o."),
        )


def write_package(files: Iterable[PageFile], output: Path, options: MetsOptions) -> Outcome:
    """Write `output/alto`, `output/images` and, when all else is there, `output/mets.xml`.

    A page that cannot be read, or whose image is not there, is left out and reported in the
    outcome; without any page no METS is written. Raises OutputError where nothing can be written,
    and NameClash rather than overwrite another's image; `spare` looks to ALTO beforehand.
    """
    target = output / _METS
    again = target.exists()
    found = write_parts(files, lambda file: _write_page(file, output, options, again=again))
    if not found.parts:
        return found.outcome
    data = write_mets(
        found.parts, options.description, created=options.created, software=options.software
    )
    write_whole(target, data)
    return replace(found.outcome, written=(*found.outcome.written, target))


def _write_page(
    file: PageFile, output: Path, options: MetsOptions, *, again: bool
) -> tuple[PageFiles, tuple[Path, ...]]:
    """Write a page's files; return how METS names them, and their paths."""
    page = file.read()
    target = output / _ALTO / f"{file.name}.xml"
    image, reference, copied = _image(file, page, output, options, again=again)
    data = write_alto(replace(page, image=replace(page.image, name=reference)))
    write_whole(target, data)
    alto = _file(target, output, data)
    return PageFiles(file.name, image, alto), (*copied, target)


def _image(
    file: PageFile, page: Page, output: Path, options: MetsOptions, *, again: bool
) -> tuple[MetsFile, str, tuple[Path, ...]]:
    """Return the image as METS names it, as the page's ALTO names it, and the copy if one is made.

    Size and checksum are left out below a base URL: what is served there may be a derivative.
    """
    if options.image_base is not None:
        name = image_name(file, page)
        address = image_address(options.image_base, name)
        return MetsFile(address, media_type(name)), PurePosixPath(name).name, ()
    source = file.image(page)
    data = content(source)
    folder = (output / _ALTO / file.name).parent
    if not options.copy_images:
        return _file(source, output, data), _relative(source, folder), ()
    target = output / _IMAGES / f"{file.name}{source.suffix}"
    write_copy(target, data, again=again)
    return _file(target, output, data), _relative(target, folder), (target,)


def _file(path: Path, output: Path, data: bytes) -> MetsFile:
    return MetsFile(
        href=quote(_relative(path, output)),
        media_type=media_type(path.name),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
