"""A run that is killed ten times and restarted ends with the files of an undisturbed one."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "killed_runs.py"


def test_ten_kills_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for number in range(60):
        Image.new("L", (1200, 1600), 200 - number).save(tmp_path / f"p{number}.png")
    frames = [Image.new("L", (900, 1200 + number), 90) for number in range(12)]
    frames[0].save(tmp_path / "sub" / "r.tif", save_all=True, append_images=frames[1:])
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "--model", "fake", "--jobs", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "84 files after the last run, 0 different" in result.stdout
    assert result.stdout.count("killed after") == 10
