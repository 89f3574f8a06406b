"""What a check of a corpus found as one HTML page, with pictures of the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from htr.cli.report_corpus import (
    character_name,
    kind_title,
    overview,
    plain,
    reason_name,
    verdict,
)
from htr.corpus.characters import OddCharacter
from htr.corpus.findings import Check, DoubtfulPage, Finding, ReadLine
from htr.i18n import _, language, percent
from htr.training.report.mistakes import spans
from htr.training.report.render import render
from htr.training.report.view import Block, Line, Lines, Prose, Section, Span, Table, View

_PICTURES = 100  # of a kind: enough to see what is the matter, in a file that still opens


def page(found: Check) -> bytes:
    """Return a report of a check as HTML in UTF-8, in the user's language, pictures within."""
    sections = tuple(filter(None, _sections(found)))
    view = View(
        language(),
        _("Check of a corpus"),
        overview(found),
        _("Contents"),
        sections or (Section("verdict", _("Result"), (Prose(verdict(found)),)),),
        _("Made by htr corpus check."),
    )
    return render(view).encode("utf-8")


def _sections(found: Check) -> Iterator[Section | None]:
    yield Section("verdict", _("Result"), (Prose(verdict(found)),))
    if found.doubtful:
        yield _doubtful(found.doubtful)
    kinds: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in found.findings:
        kinds[finding.kind].append(finding)
    for some in sorted(kinds.values(), key=lambda some: not some[0].serious):
        yield Section(some[0].kind, kind_title(some[0].kind), tuple(_blocks(some)))
    if found.characters:
        yield _characters(found.characters)


def _doubtful(pages: Sequence[DoubtfulPage]) -> Section:
    blocks: list[Block] = [
        Prose(
            _(
                "The model reads these pages far worse than the others of their collection. Either "
                "they are hard to read, or their text is not what stands on the image: compare."
            )
        )
    ]
    for one in pages:
        rate = _("{page}: CER {cer}, usually {usual}; the worst lines:").format(
            page=one.page, cer=percent(one.cer), usual=percent(one.usual)
        )
        blocks += [Prose(rate), _lines(map(_read, one.worst), _("Truth"), _("Reading"))]
    title = _("Pages whose truth is likely wrong, by how badly they are read")
    return Section("doubtful", title, tuple(blocks))


def _read(line: ReadLine) -> Line:
    truth, reading = spans(line.truth, line.reading)
    rate = _("CER {cer}").format(cer=percent(line.cer))
    return _line(line.picture, line.page, line.line, rate, truth, reading)


def _blocks(findings: Sequence[Finding]) -> Iterator[Block]:
    seen = [one for one in findings if one.picture][:_PICTURES]
    rest = [one for one in findings if not any(one is other for other in seen)]
    if seen:
        yield _lines(map(_pictured, seen), _("Text"), _("Remark"))
    if rest:
        head = (_("Page"), _("Line"), _("Text"), _("Remark"))
        rows = tuple((one.page, one.line, plain(one.text), one.note) for one in rest)
        yield Table(kind_title(rest[0].kind), head, rows, words=4)


def _pictured(one: Finding) -> Line:
    text, note = (Span(one.text, differs=False),), (Span(one.note, differs=False),)
    return _line(one.picture, one.page, one.line, "", text, note)


def _lines(lines: Iterator[Line], first: str, second: str) -> Lines:
    return Lines(first, second, _("(nothing)"), tuple(lines))


def _line(
    picture: bytes,
    page_name: str,
    line: str,
    errors: str,
    first: tuple[Span, ...],
    second: tuple[Span, ...],
) -> Line:
    alt = _("Picture of the line on page {page}").format(page=page_name)
    place = _("{page}, line {line}").format(page=page_name, line=line) if line else page_name
    return Line(picture, alt, place, errors, first, second)


def _characters(characters: Sequence[OddCharacter]) -> Section:
    head = (_("Character"), _("What is odd"), _("Where"), _("Times"))
    rows = tuple(
        (
            character_name(one.character),
            ", ".join(map(reason_name, one.reasons)),
            "; ".join(
                f"{place.page} {place.line}".strip() + f": {plain(place.around)}"
                for place in one.places
            ),
            str(one.count),
        )
        for one in characters
    )
    return Section(
        "characters", _("Odd characters"), (Table(_("Odd characters"), head, rows, words=3),)
    )
