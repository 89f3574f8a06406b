"""What the commands do, from Python: transcribe, read and write pages, evaluate, train.

from htr.api import evaluate, export_page, read_page, train, transcribe

summary = transcribe(["scans"], "alto", jobs=2)
page = read_page("alto/p1.xml")
print(page.text, page.confidence)
export_page(page, "page/p1.xml", "page")
print(evaluate("truth", "alto", normalisation="loose").scores.cer)
train("corrected", "my-hand.mlmodel", minutes=15)
transcribe(["scans"], "better", model="my-hand.mlmodel")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from htr import __version__
from htr.batch import runner
from htr.batch.summary import Summary
from htr.document.page import Page
from htr.document.text import Normalisation
from htr.evaluation import evaluate as evaluation
from htr.evaluation.evaluate import Evaluation
from htr.formats import read_file, write_alto
from htr.formats.hocr_writer import write_hocr
from htr.formats.json_page import write_json
from htr.formats.page_writer import write_page as write_page_xml
from htr.formats.plain_text import write_text
from htr.pipeline.files import write_whole
from htr.settings import TranscribeSettings
from htr.training.outcome import Outcome
from htr.training.settings import TrainSettings

__all__ = [
    "Evaluation",
    "Outcome",
    "Page",
    "Summary",
    "evaluate",
    "export_page",
    "read_page",
    "train",
    "transcribe",
    "write_page",
]

_PathLike = str | os.PathLike[str]


def transcribe(
    inputs: _PathLike | Sequence[_PathLike],
    output: _PathLike,
    observe: runner.Observer | None = None,
    **settings: Any,
) -> Summary:
    """Transcribe folders, images, PDFs, ALTO or PAGE files into ALTO files below `output`.

    `settings` are the fields of `htr.settings.TranscribeSettings`, as `htr transcribe` has them:
    `jobs=2`, `keep_layout=True`, `model="name"`, ...; `observe` is called with each page's result
    and the tally so far. A page that fails raises nothing: it is in the summary's `failed`.
    Raises HtrError for what stops the whole run. Worker processes are started, so a script calls
    this below `if __name__ == "__main__":`.
    """
    several = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    names = [os.fspath(name) for name in several]
    return runner.transcribe(names, Path(output), TranscribeSettings(**settings), observe)


def read_page(path: _PathLike) -> Page:
    """Return the page in an ALTO (2 to 4) or PAGE (2013 to 2024) file; raises InputError."""
    return read_file(Path(path))


def write_page(
    page: Page, path: _PathLike, *, version: Literal["4.2", "4.3", "4.4"] = "4.4"
) -> None:
    """Write a page as ALTO, whole or not at all; raises OutputError."""
    write_whole(Path(path), write_alto(page, version=version))


def export_page(page: Page, path: _PathLike, form: Literal["page", "hocr", "json", "text"]) -> None:
    """Write a page in another format, as `htr export` does, whole or not at all.

    The image keeps the name that the page gives it. Raises OutputError.
    """
    program = f"htr {__version__}"
    match form:
        case "page":
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            data = write_page_xml(page, creator=program, created=now)
        case "hocr":
            data = write_hocr(page, system=program)
        case "json":
            data = write_json(page)
        case "text":
            data = write_text([page])
    write_whole(Path(path), data)


def evaluate(
    truth: _PathLike,
    prediction: _PathLike,
    *,
    normalisation: Normalisation = "nfc",
    match: Literal["lines", "page"] = "lines",
) -> Evaluation:
    """Compare a transcription with ground truth: files or folders of ALTO or PAGE, by name.

    See `htr.document.text.normalise` for what each normalisation folds. Raises InputError.
    """
    return evaluation.evaluate(
        Path(truth), Path(prediction), normalisation=normalisation, match=match
    )


def train(
    sources: _PathLike | Sequence[_PathLike],
    model: _PathLike,
    observe: Callable[[object], None] | None = None,
    **settings: Any,
) -> Outcome:
    """Train a recogniser on corrected pages, and write it with its report and its model cards.

    `sources` are folders of ALTO or PAGE files with their images, or tars of lines. `settings` are
    the fields of `htr.training.settings.TrainSettings`, as `htr train` has them: `minutes=15`,
    `base="name"`, `held_out=0.3`, ... Beside `model` (`.mlmodel` is added to a name without it)
    lie the report (`.html`), the cards (`.md`, `.fr.md`) and the log (`.log.jsonl`). `observe` is
    called with each step. Raises HtrError.
    """
    from htr.training.publish import model_path, publish
    from htr.training.recognition import train as train_recogniser

    several = [sources] if isinstance(sources, str | os.PathLike) else sources
    place = model_path(Path(model))
    outcome = train_recogniser(
        [Path(source) for source in several],
        place,
        TrainSettings(**settings),
        observe or (lambda _step: None),
    )
    return publish(outcome, place)
