"""Run a command and measure it with all that it starts: `python -m benchmarks.performance.watch`.

It prints one line of JSON. It is a process of its own, and a small one, because a process begins
with the peak memory of the one that starts it, and because processes that outlive their parent
(those that htr's workers fork from) must come to somebody who counts their time.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

_SET_CHILD_SUBREAPER = 36  # prctl(2)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took: wall-clock and processor seconds, and its largest process in MB.

    `status` is its exit status, or None where it was stopped at its limit.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int | None


def watched(
    command: Sequence[str], *, limit: float = 86_400, environment: Mapping[str, str] | None = None
) -> Watched:
    """Return what a command took; it is stopped after `limit` seconds.

    Raises CalledProcessError where it fails.
    """
    watch = [sys.executable, "-m", "benchmarks.performance.watch", str(limit), *command]
    done = subprocess.run(
        watch, check=True, stdout=subprocess.PIPE, env={**os.environ, **(environment or {})}
    )
    outcome = Watched(**json.loads(done.stdout))
    if outcome.status:
        raise subprocess.CalledProcessError(outcome.status, command)
    return outcome


def _watch(command: Sequence[str], limit: float) -> Watched:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    status: int | None
    try:
        status = process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        status = None
    seconds = time.perf_counter() - start
    _await_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Watched(seconds, used.ru_utime + used.ru_stime, peak, status)


def _await_orphans() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    print(json.dumps(asdict(_watch(sys.argv[2:], float(sys.argv[1])))))
