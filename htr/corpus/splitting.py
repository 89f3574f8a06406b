"""A corpus's pages in lists, one a part, for commands that take `@list.txt`; and what was done."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from htr.corpus.split import Unit, split
from htr.corpus.statistics import group_of
from htr.errors import InputError, NothingToDo
from htr.exchange.register import PageFile
from htr.i18n import _
from htr.imaging.faults import opened
from htr.pipeline.files import write_whole

PARTS = ("train", "val", "test")
RECORD = "split.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a corpus: its groups (pages, documents or hands), pages, lines and characters."""

    name: str
    share: float
    groups: tuple[str, ...]
    pages: tuple[PageFile, ...]
    lines: int
    characters: int


@dataclass(frozen=True, slots=True)
class _Size:
    lines: int
    characters: int


def split_pages(
    files: Sequence[PageFile],
    by: Unit,
    shares: Mapping[str, float],
    seed: int,
    hands: Mapping[str, str] | None = None,
) -> tuple[Part, ...]:
    """Return the parts of a corpus, whose characters are as `shares` (which add up to 1).

    `hands` names the hand of pages, by their names or by the last part of them; a page that it
    does not name has its folder's. No page, document or hand is in two parts. Raises InputError
    where a page cannot be read, and NothingToDo where there are too few groups.
    """
    sizes = {file: _size(file) for file in files}
    groups = {file: _group(file, by, hands or {}) for file in files}
    weights = Counter[str]()
    for file, size in sizes.items():
        weights[groups[file]] += size.characters
    parts = []
    for name, members in split(weights, shares, seed).items():
        chosen = set(members)
        pages = tuple(file for file in files if groups[file] in chosen)
        parts.append(
            Part(
                name,
                shares[name],
                members,
                pages,
                sum(sizes[file].lines for file in pages),
                sum(sizes[file].characters for file in pages),
            )
        )
    return tuple(parts)


def read_hands(path: Path, files: Sequence[PageFile]) -> dict[str, str]:
    """Return the hand of each page that a CSV table with the columns page and hand names.

    Raises NotFound and the like, and InputError where it names a page that is not there.
    """
    with opened(path) as file:
        data = file.read()
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            _("This table is not text in UTF-8."),
            path=path,
            hint=_("Save it again as CSV UTF-8, or as text in Unicode (UTF-8)."),
        ) from error
    delimiter = next((mark for mark in ";\t" if lines and mark in lines[0]), ",")
    names = {file.name for file in files} | {_stem(file) for file in files}
    hands = {}
    for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
        if number == 1 or not row or not row[0].strip():
            continue
        page, hand = (*(cell.strip() for cell in row), "")[:2]
        if page not in names or not hand:
            raise InputError(
                _("Row {n} names no hand of a page that is there: {page}.").format(
                    n=number, page=page
                ),
                path=path,
                hint=_(
                    "Its first row is: page,hand. A page is named as `htr corpus check` names it."
                ),
            )
        hands[page] = hand
    return hands


def write_split(
    parts: Sequence[Part], folder: Path, *, by: Unit, seed: int, sources: Sequence[str]
) -> None:
    """Write a list of pages for each part, `NAME.txt`, and `split.toml`, which says what was done.

    Paths in lists are relative to the folder. The same split makes the same files. Raises
    OutputError.
    """
    for part in parts:
        if part.pages or part.share > 0:
            text = "".join(f"{_listed(file.path, folder)}\n" for file in part.pages)
            write_whole(folder / f"{part.name}.txt", text.encode("utf-8"))
    record = "\n".join(_record(parts, by, seed, sources)) + "\n"
    write_whole(folder / RECORD, record.encode("utf-8"))


def read_split(folder: Path) -> dict[Path, str]:
    """Return the part of each page that the lists in a folder name, by its resolved path.

    Raises NothingToDo where there are no lists.
    """
    found = {}
    for name in PARTS:
        path = folder / f"{name}.txt"
        if path.is_file():
            for line in path.read_text(encoding="utf-8-sig").splitlines():
                if line.strip() and not line.startswith("#"):
                    found[(folder / line.strip()).resolve()] = name
    if not found:
        raise NothingToDo(
            _("There are no lists of pages here (train.txt, val.txt, test.txt)."),
            path=folder,
            hint=_("Name the folder that `htr corpus split` wrote to."),
        )
    return found


def _size(file: PageFile) -> _Size:
    texts = [line.text for line in file.read(letters=False).lines if line.text]
    return _Size(len(texts), sum(map(len, texts)))


def _group(file: PageFile, by: Unit, hands: Mapping[str, str]) -> str:
    if by == "page":
        return file.name
    document = group_of(file.name, "document") or file.path.parent.name
    if by == "document":
        return document
    return hands.get(file.name) or hands.get(_stem(file)) or document


def _stem(file: PageFile) -> str:
    return file.name.rpartition("/")[2]


def _listed(path: Path, folder: Path) -> str:
    name = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    return f"./{name}" if name.startswith(("#", " ")) else name


def _record(parts: Sequence[Part], by: Unit, seed: int, sources: Sequence[str]) -> Iterator[str]:
    yield f"by = {_quoted(by)}"
    yield f"seed = {seed}"
    yield f"sources = [{', '.join(map(_quoted, sources))}]"
    for part in parts:
        yield ""
        yield f"[{part.name}]"
        yield f"share = {part.share:g}"
        yield f"pages = {len(part.pages)}"
        yield f"lines = {part.lines}"
        yield f"characters = {part.characters}"
        yield f"groups = [{', '.join(map(_quoted, part.groups))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
