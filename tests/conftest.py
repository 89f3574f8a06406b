"""Fixtures that all tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"no ../shared/{name} beside the project")
    return folder


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real registers with their truth."""
    return _shared("corpora")


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of ALTO and PAGE schemas."""
    return _shared("schemas")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTR_LANG", "en")
