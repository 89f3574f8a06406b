"""Errors name the file and the remedy, cross process borders, and are documented."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from htr import errors
from htr.errors import ExitCode, HtrError

DOCS = Path(__file__).parents[1] / "docs"


def classes(kind: type[HtrError] = HtrError) -> Iterator[type[HtrError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from classes(child)


@pytest.mark.parametrize("kind", list(classes()))
def test_every_error_survives_pickling(kind: type[HtrError]) -> None:
    error = kind("It is broken.", path=Path("a/b.jpg"), hint="Copy it again.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.message, again.path, again.hint) == (error.message, "a/b.jpg", error.hint)
    assert str(again) == "a/b.jpg: It is broken. Copy it again."


def test_causes_are_names_of_their_own() -> None:
    causes = [kind.cause for kind in classes()]
    assert len(set(causes)) == len(causes)


@pytest.mark.parametrize("name", ["errors.md", "errors.fr.md"])
def test_every_cause_and_exit_code_is_documented(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for kind in classes():
        assert f"`{kind.cause}`" in text, kind
    for code in ExitCode:
        assert f"| {int(code)} |" in text, code
