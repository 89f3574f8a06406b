"""Transcriptions measured against the truth: CER and WER by page, by collection and overall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from rapidfuzz.distance import Editops, Levenshtein

from htr.document.metrics import Confusion, EditCounts, Scores, merge
from htr.document.page import Line, Page, Word
from htr.document.page_error import Estimate, from_steps
from htr.document.text import Normalisation, join_lines, normalise
from htr.evaluation.judging import NOTHING, Judgements, judge
from htr.evaluation.matching import match_lines
from htr.evaluation.pairing import pair
from htr.evaluation.reliability import JudgedLine, Trust, trust
from htr.formats import read_file

Match: TypeAlias = Literal["lines", "page"]

_CONFUSIONS = 50


@dataclass(frozen=True, slots=True)
class PageScore:
    """How well one page was read; `confidence` is what the prediction says of itself.

    `expected` is the CER that it foretells, `judgements` are of its words and glyphs, and `lines`
    of its lines where these were compared.
    """

    name: str
    collection: str
    scores: Scores
    confidence: float | None = None
    confusions: tuple[Confusion, ...] = ()
    judgements: Judgements = NOTHING
    lines: tuple[JudgedLine, ...] = ()
    expected: Estimate | None = None

    @property
    def foretold(self) -> bool | None:
        """Whether the CER lies in the interval that was foretold; None where none was."""
        if self.expected is None or self.scores.cer is None:
            return None
        return self.expected.low <= self.scores.cer <= self.expected.high


@dataclass(frozen=True, slots=True)
class CollectionScore:
    """How well a collection's pages were read, and how many they are."""

    scores: Scores
    pages: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `evaluate` found.

    `collections` is by name, "" for pages directly in the folder; `pages` worst first (by CER,
    then by errors, then by name); `confusions` the 50 commonest. `missing` names pages of truth
    without a prediction, which count as wholly missed; `extra` names predictions without truth,
    which do not count. `trust` is None where the predictions have no confidences.
    """

    scores: Scores
    collections: dict[str, CollectionScore]
    pages: tuple[PageScore, ...]
    confusions: tuple[Confusion, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    normalisation: Normalisation
    match: Match
    trust: Trust | None = None


def evaluate(
    truth: Path,
    prediction: Path,
    *,
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> Evaluation:
    """Return how well the pages under `prediction` read those under `truth` (ALTO or PAGE).

    Both are folders, whose pages are paired by name, or files (see `pairing.pair`). A page's
    collection is the first folder below `truth` that it lies in. `score_page` says what
    `normalisation` and `match` do, `htr.document.metrics` what the rates are. Raises the errors of
    `pairing.pair` and of `htr.formats.read_file`.
    """
    pairing = pair(truth, prediction)
    pages = [
        score_page(
            name,
            read_file(wanted),
            None if found is None else read_file(found),
            normalisation=normalisation,
            match=match,
        )
        for name, wanted, found in pairing.pages
    ]
    missing = tuple(name for name, _wanted, found in pairing.pages if found is None)
    return summarise(
        pages, missing=missing, extra=pairing.extra, normalisation=normalisation, match=match
    )


def score_page(
    name: str,
    truth: Page,
    prediction: Page | None,
    *,
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> PageScore:
    """Return how well a page was read; without a prediction, all its characters count as missed.

    With `lines`, each line is compared with the one that `matching.match_lines` finds for it;
    lines that match none count as missed or as invented, all their characters. So a wrong reading
    order costs nothing. With `page`, the text of the whole page in reading order is compared, its
    lines joined by single spaces. Texts are normalised first (`htr.document.text.normalise`).
    Confusions are those inside texts that have a counterpart: a line that was missed whole says
    nothing of how letters are read.
    """
    found = Page(truth.id, truth.image) if prediction is None else prediction
    texts = (_whole if match == "page" else _by_line)(truth, found, normalisation)
    compared = [compare(text.truth, text.read) for text in texts]
    return PageScore(
        name,
        name.partition("/")[0] if "/" in name else "",
        sum((scores for scores, _confusions in compared), Scores()),
        None if prediction is None else prediction.confidence,
        merge(one for _scores, confusions in compared for one in confusions),
        Judgements.all_of(judge(text.truth, text.words, normalisation) for text in texts),
        tuple(
            JudgedLine(text.confidence, scores.characters)
            for text, (scores, _confusions) in zip(texts, compared, strict=True)
            if text.confidence is not None
        ),
        from_steps(found.steps),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of the truth and what was read there, normalised; the confidence of a line."""

    truth: str
    read: str
    words: tuple[Word, ...]
    confidence: float | None = None


def _by_line(truth: Page, found: Page, form: Normalisation) -> list[_Text]:
    nothing = Line("")
    pairs = ((one or nothing, other or nothing) for one, other in match_lines(truth, found))
    return [
        _Text(normalise(one.text, form), normalise(other.text, form), other.words, other.confidence)
        for one, other in pairs
    ]


def _whole(truth: Page, found: Page, form: Normalisation) -> list[_Text]:
    wanted, read = (join_lines((line.text for line in page.lines), form) for page in (truth, found))
    return [_Text(wanted, read, tuple(word for line in found.lines for word in line.words))]


def summarise(
    pages: Iterable[PageScore],
    *,
    missing: Sequence[str] = (),
    extra: Sequence[str] = (),
    normalisation: Normalisation = "nfc",
    match: Match = "lines",
) -> Evaluation:
    """Return the evaluation that pages, in any order, add up to."""
    ranked = tuple(sorted(pages, key=_badness))
    members: dict[str, list[PageScore]] = {
        name: [] for name in sorted({page.collection for page in ranked})
    }
    for page in ranked:
        members[page.collection].append(page)
    return Evaluation(
        scores=_total(ranked),
        collections={
            name: CollectionScore(_total(pages), len(pages)) for name, pages in members.items()
        },
        pages=ranked,
        confusions=merge((one for page in ranked for one in page.confusions), _CONFUSIONS),
        missing=tuple(missing),
        extra=tuple(extra),
        normalisation=normalisation,
        match=match,
        trust=trust(
            Judgements.all_of(page.judgements for page in ranked),
            (line for page in ranked for line in page.lines),
        ),
    )


def _badness(page: PageScore) -> tuple[float, int, str]:
    rate = page.scores.cer
    return (float("-inf") if rate is None else -rate, -page.scores.characters.errors, page.name)


def _total(pages: Iterable[PageScore]) -> Scores:
    return sum((page.scores for page in pages), Scores())


def compare(truth: str, prediction: str) -> tuple[Scores, list[Confusion]]:
    """Return a text's scores, and its confusions if it has a counterpart at all.

    Texts are compared as they stand, character by character.
    """
    edits = Levenshtein.editops(truth, prediction)
    words = Levenshtein.editops(truth.split(), prediction.split())
    scores = Scores(_counts(edits, len(truth)), _counts(words, len(truth.split())))
    if not (truth and prediction):
        return scores, []
    return scores, [
        Confusion(
            "" if edit.tag == "insert" else truth[edit.src_pos],
            "" if edit.tag == "delete" else prediction[edit.dest_pos],
            1,
        )
        for edit in edits
    ]


def _counts(edits: Editops, length: int) -> EditCounts:
    tags = [edit.tag for edit in edits]
    return EditCounts(tags.count("replace"), tags.count("insert"), tags.count("delete"), length)
