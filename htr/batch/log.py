"""The run log: `run.jsonl`, a JSON record a page, added to by every run."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from htr.document.page_error import Estimate
from htr.pipeline.files import output_error
from htr.pipeline.job import PageResult

NAME = "run.jsonl"
_DIGITS = 4


class RunLog:
    """Adds a record for each page that a run worked on."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("a+b", buffering=0)
            self._end_torn_line()
        except OSError as error:
            raise output_error(error, self.path) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, result: PageResult) -> None:
        """Add a page's record, in one write; raises DiskFull or OutputError."""
        line = json.dumps(record(result), ensure_ascii=False) + "\n"
        try:
            self._file.write(line.encode(errors="replace"))
        except OSError as error:
            raise output_error(error, self.path) from error

    def _end_torn_line(self) -> None:
        """Begin on a new line where a killed run left half a record."""
        if self._file.seek(0, 2) and self._file.seek(-1, 2) >= 0 and self._file.read(1) != b"\n":
            self._file.write(b"\n")


def record(result: PageResult) -> dict[str, Any]:
    """Return a page's result as JSON values."""
    error = result.error
    return {
        "input": str(result.input),
        "page": result.page,
        "output": str(result.output),
        "status": result.status,
        "input_sha256": result.input_sha256,
        "output_sha256": result.output_sha256,
        "lines": result.lines,
        "characters": result.characters,
        "confidence": result.confidence,
        "expected_cer": expected(result.expected),
        "seconds": dict(result.seconds),
        "cpu_seconds": result.cpu_seconds,
        "peak_memory_mb": result.peak_memory_mb,
        "error": None
        if error is None
        else {"cause": error.cause, "message": error.message, "hint": error.hint},
        "finished": result.finished,
    }


def expected(estimate: Estimate | None) -> dict[str, float] | None:
    """Return the CER to be expected, with the ends of its 90 % interval, as JSON values."""
    if estimate is None:
        return None
    values = {"cer": estimate.cer, "low": estimate.low, "high": estimate.high}
    return {name: round(value, _DIGITS) for name, value in values.items()}
