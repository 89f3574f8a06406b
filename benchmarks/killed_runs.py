"""Kill a run at random moments, start it again, and compare its files with an undisturbed run's.

    python benchmarks/killed_runs.py SCANS [--kills 10] [--model NAME] [--jobs 2]

The run's process is killed with SIGKILL, which it cannot see coming. Files are compared byte for
byte, less the dates in `processingDateTime`; the run log, which records both runs, is left out.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_DATE = re.compile(rb"<processingDateTime>[^<]*")


def command(scans: Path, output: Path, options: argparse.Namespace) -> list[str]:
    """Return the command of a run."""
    model = ["--model", options.model] if options.model else []
    common = ["-r", "-q", "-j", str(options.jobs), "-o", str(output)]
    return [sys.executable, "-m", "htr", "transcribe", str(scans), *common, *model]


def files(folder: Path) -> dict[str, bytes]:
    """Return all files of a run by their path, dates and the log left out."""
    return {
        path.relative_to(folder).as_posix(): _DATE.sub(b"", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.jsonl"
    }


def killed(arguments: list[str], after: float) -> bool:
    """Start a run and kill it after some seconds; return whether it was still running."""
    process = subprocess.Popen(arguments)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def main() -> int:
    """Run, kill, compare; return 1 where the files differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--model")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole, torn = Path(folder, "whole"), Path(folder, "torn")
        start = time.monotonic()
        subprocess.run(command(options.scans, whole, options), check=True)
        seconds = time.monotonic() - start
        print(f"undisturbed: {len(files(whole))} files in {seconds:.1f} s")
        while options.kills:
            # Up to the whole run's time, so that some die early, some late, some between pages.
            after = moments.uniform(0, seconds)
            if not killed(command(options.scans, torn, options), after):
                print(f"ended by itself within {after:.2f} s: begun anew")
                for path in sorted(torn.rglob("*.xml")):
                    path.unlink()
                continue
            options.kills -= 1
            print(f"killed after {after:.2f} s: {len(list(torn.rglob('*.xml')))} ALTO files")
        subprocess.run(command(options.scans, torn, options), check=True)
        expected, found = files(whole), files(torn)
        different = sorted(
            name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
        )
        print(f"{len(found)} files after the last run, {len(different)} different {different}")
        return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
