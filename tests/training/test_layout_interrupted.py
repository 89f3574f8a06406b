"""A training of a segmenter that the user ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from layout_pages import SPEC, write_pages

from htr.training.layout.run import state_file

_SCRIPT = """
import sys
from pathlib import Path
from htr.cli.train_layout import run
from htr.training.layout.settings import LayoutSettings
settings = LayoutSettings(base="none", spec=sys.argv[3], passes=100000, threads=1)
try:
    run((Path(sys.argv[1]),), Path(sys.argv[2]), settings, quiet=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_leaves_a_state_and_no_model(tmp_path: Path, number: signal.Signals) -> None:
    pages, model = write_pages(tmp_path / "pages", 3), tmp_path / "m.safetensors"
    command = [sys.executable, "-c", _SCRIPT, str(pages), str(model), SPEC]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path)
    try:
        _wait(lambda: state_file(model).exists() or process.poll() is not None)
        process.send_signal(number)
        _out, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said == b""
    assert {path.name for path in tmp_path.iterdir()} == {"pages", state_file(model).name}


def _wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready() and time.monotonic() < end:
        time.sleep(0.1)
