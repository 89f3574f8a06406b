"""Settings: defaults, and a file that may change them."""

from pathlib import Path

import pytest

from htr.errors import SettingsError
from htr.settings import TranscribeSettings, default_jobs, read


def test_no_file_changes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "htr.toml") == {}


def test_known_keys_are_read(tmp_path: Path) -> None:
    path = tmp_path / "htr.toml"
    path.write_text('[transcribe]\njobs = 3\npage_timeout = 60\nforce = true\ndevice = "cuda:0"\n')
    values = read(path)["transcribe"]
    assert TranscribeSettings(**values).jobs == 3


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[transcribe]\nspeed = 1", "speed"),
        ("[train]\nepochs = 1", r"\[train\]"),
        ("jobs = 1", "jobs"),
        ('[transcribe]\njobs = "2"', "jobs"),
        ("[transcribe]\njobs = true", "jobs"),
        ("[transcribe]\nmodel = 3", "model"),
        ("[transcribe]\nforce = 1", "force"),
        ("[transcribe", "read"),
    ],
)
def test_everything_else_is_an_error_that_names_it(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "htr.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=word) as caught:
        read(path)
    assert caught.value.path == str(path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("processors", "gigabytes", "jobs"),
    [(1, 64, 1), (2, 24, 2), (4, 24, 4), (64, 512, 64), (8, 8, 4), (8, 1, 1), (None, 8, 1)],
)
def test_jobs_fit_processors_and_memory(
    monkeypatch: pytest.MonkeyPatch, processors: int | None, gigabytes: int, jobs: int
) -> None:
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": gigabytes * 2**18}
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    monkeypatch.setattr("os.sysconf", sizes.__getitem__)
    assert default_jobs() == jobs
