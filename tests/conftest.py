"""Fixtures that all tests share."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is.
settings.register_profile("htr", deadline=None)
settings.load_profile("htr")

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


@pytest.fixture(scope="session")
def tool() -> Callable[[str, str], str]:
    """Finds a program of the system by its name; it must be there in CI, and may lack elsewhere."""

    def find(name: str, package: str) -> str:
        path = shutil.which(name)
        if path is not None:
            return path
        reason = f"no {name}: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    return find


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTR_LANG", "en")


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Have torch use one thread: for tiny networks, several wait longer than they work."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
