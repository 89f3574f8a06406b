"""A run that is over before all of its workers have begun says nothing of them."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from htr.batch.executors import ProcessExecutor
from htr.pipeline.job import run_job

if __name__ == "__main__":
    for _run in range(10):
        executor = ProcessExecutor(run_job, 3, None)
        assert executor.call(abs, -1) == 1
        executor.stop()
"""


def test_workers_that_are_just_starting_end_in_silence(tmp_path: Path) -> None:
    script = tmp_path / "quick.py"
    script.write_text(SCRIPT)
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
