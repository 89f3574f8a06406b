"""A corpus looked through for what is wrong with it, page by page and as a whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from htr.corpus.cache import LineCache
from htr.corpus.characters import LineText, odd_characters
from htr.corpus.findings import Check, Finding, ReadLine
from htr.corpus.lines import Choice, chosen, page_lines
from htr.corpus.measures import dense_lines
from htr.corpus.patching import open_page
from htr.corpus.reading import PageReading, Reader, doubtful_pages, error_rate, read_page
from htr.corpus.rewriting import texts
from htr.corpus.statistics import group_of, line_size
from htr.corpus.text_line import TextLine
from htr.document.page import Line, Page
from htr.errors import HtrError, InputError
from htr.exchange.register import PageFile
from htr.i18n import _, decimal, ngettext
from htr.imaging import raster
from htr.imaging.faults import opened
from htr.settings import TranscribeSettings

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")
_ROUNDING = 2  # pixels: what is lost where images are made smaller moves no line


@dataclass(frozen=True, slots=True)
class Options:
    """How a corpus is checked: characters that occur fewer than `rare` times are listed."""

    rare: int = 5
    cache: LineCache | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page as it was read; `raw` are its lines' texts as the file has them, in their own form."""

    name: str
    page: Page | None
    raw: tuple[str, ...]
    lines: tuple[TextLine, ...]
    findings: tuple[Finding, ...]


def check(
    files: Sequence[PageFile],
    reader: Reader | None = None,
    options: Options | None = None,
    observe: Callable[[], None] | None = None,
    model: str | None = None,
) -> Check:
    """Return what is wrong with pages and their images; `observe` is called after each page.

    With a model, lines are cut out and read: that shows which do not fit, and which truth is likely
    wrong. `model` is its name. Nothing is raised for a bad page: it is a finding.
    """
    options = options or Options()
    pages: list[_Seen] = []
    read: list[PageReading] = []
    with ThreadPoolExecutor() as pool:
        for seen in pool.map(lambda file: _seen(file, reader is not None, options), files):
            pages.append(seen)
            if reader is not None:
                read.append(read_page(seen.lines, reader))
            if observe is not None:
                observe()
    lines: list[ReadLine] = [line for one in read for line in one.lines]
    found = [finding for seen in pages for finding in seen.findings]
    found += [finding for one in read for finding in one.findings]
    found += [*_mixed(pages), *_dense(pages)]
    line_texts = list(_line_texts(pages))
    return Check(
        len(files),
        len(line_texts),
        tuple(found),
        odd_characters(
            line_texts,
            rare=options.rare,
            alphabet=None if reader is None else {*reader.alphabet, " "},
        ),
        doubtful_pages(lines),
        model,
        error_rate(lines),
    )


def _seen(file: PageFile, cuts: bool, options: Options) -> _Seen:
    try:
        page = file.read(letters=False)
        raw = tuple(text for _line, text in texts(open_page(file.path).root))
    except InputError as error:
        return _Seen(file.name, None, (), (), (Finding("unreadable", file.name, note=str(error)),))
    findings = [*_of_lines(file.name, page), *_of_image(file, page)]
    lines: tuple[TextLine, ...] = ()
    if cuts and not any(finding.kind == "image" for finding in findings):
        lines, uncut = _cut(file, page, options)
        findings += uncut
    return _Seen(file.name, page, raw, lines, tuple(findings))


def _cut(
    file: PageFile, page: Page, options: Options
) -> tuple[tuple[TextLine, ...], list[Finding]]:
    """Return the lines that count as truth, cut out, and those that cannot be."""
    try:
        lines = page_lines(file, Choice(), options.cache)
    except HtrError as error:
        return (), [Finding("image", file.name, note=str(error))]
    there = {line.id for line in lines}
    return lines, [
        Finding("cut", file.name, line.id, text=line.text)
        for line in chosen(page, Choice())
        if line.box is not None and line.id not in there
    ]


def _of_lines(name: str, page: Page) -> Iterator[Finding]:
    empty = True
    for line in page.lines:
        empty = False
        if line.box is None:
            yield Finding("place", name, line.id, text=line.text)
        elif line.baseline is None:
            yield Finding("baseline", name, line.id, text=line.text)
        elif line.polygon is None:
            yield Finding("polygon", name, line.id, text=line.text)
        if not line.text:
            yield Finding("text", name, line.id)
        if found := _ENTITY.search(line.text):
            yield Finding("entity", name, line.id, found[0], line.text)
    if empty:
        yield Finding("no-lines", name)


def _of_image(file: PageFile, page: Page) -> Iterator[Finding]:
    try:
        size = _image_size(file.image(page))
    except HtrError as error:
        yield Finding("image", file.name, note=error.message)
        return
    said = (page.image.width, page.image.height)
    off = max(abs(there - wanted) for there, wanted in zip(size, said, strict=True))
    if all(said) and off > _ROUNDING:
        yield Finding(
            "image-size",
            file.name,
            note=_("{w} × {h} pixels, and {wide} × {high} in the page's file").format(
                w=size[0], h=size[1], wide=said[0], high=said[1]
            ),
        )


def _image_size(path: Path) -> tuple[int, int]:
    with opened(path) as file:
        return raster.checked(file, path, max_pixels=TranscribeSettings().max_pixels).size


def _mixed(pages: Sequence[_Seen]) -> Iterator[Finding]:
    """Yield the pages with lines in another Unicode form than that of the most lines."""
    composed = {seen.name: sum(map(_is_composed, seen.raw)) for seen in pages}
    decomposed = {seen.name: sum(map(_is_decomposed, seen.raw)) for seen in pages}
    if not any(composed.values()) or not any(decomposed.values()):
        return
    fewer = sum(composed.values()) < sum(decomposed.values())
    other, form = (composed, "NFC") if fewer else (decomposed, "NFD")
    for name, count in other.items():
        if count:
            note = ngettext(
                "{n} line in {form}, unlike most", "{n} lines in {form}, unlike most", count
            ).format(n=count, form=form)
            yield Finding("forms", name, note=note)


def _is_decomposed(text: str) -> bool:
    return not unicodedata.is_normalized("NFC", text)


def _is_composed(text: str) -> bool:
    return not unicodedata.is_normalized("NFD", text) and not _is_decomposed(text)


def _dense(pages: Sequence[_Seen]) -> Iterator[Finding]:
    lines: dict[tuple[str, str], Line] = {
        (seen.name, line.id): line for seen in pages if seen.page for line in seen.page.lines
    }
    measured = {
        key: (group_of(key[0], "collection"), len(line.text), _heights(line))
        for key, line in lines.items()
    }
    pictures = {(line.page, line.id): line.image for seen in pages for line in seen.lines}
    for key, times in dense_lines(measured).items():
        note = (
            _("{n} times more text than is usual on such a length")
            if times > 1
            else _("{n} times less text than is usual on such a length")
        ).format(n=decimal(max(times, 1 / times)))
        yield Finding("density", *key, note, lines[key].text, pictures.get(key, b""))


def _heights(line: Line) -> float | None:
    """Return how long a line is in heights of itself."""
    width, height = line_size(line)
    return width / height if width and height else None


def _line_texts(pages: Sequence[_Seen]) -> Iterator[LineText]:
    for seen in pages:
        for line in seen.page.lines if seen.page else ():
            if line.text:
                yield LineText(seen.name, line.id, line.text)
