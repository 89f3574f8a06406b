"""Recipes: every key is a setting, of the right kind, and nothing else is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from htr.errors import SettingsError
from htr.training.settings import TrainSettings, from_recipe


def recipe(folder: Path, text: str) -> Path:
    path = folder / "r.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_changes_what_it_names(tmp_path: Path) -> None:
    path = recipe(tmp_path, 'base = "none"\nminutes = 90\nleft_out = ["XXX", "_"]\npasses = 7\n')
    assert from_recipe(path) == TrainSettings(
        base="none", minutes=90, left_out=("XXX", "_"), passes=7
    )


def test_what_a_recipe_leaves_out_stays(tmp_path: Path) -> None:
    assert from_recipe(recipe(tmp_path, ""), TrainSettings(seed=3)).seed == 3


@pytest.mark.parametrize(
    "text",
    ["unknown = 1", 'passes = "many"', "resume = 1", "seed = true", "mix = 'x'", "base = 3", "a ="],
)
def test_a_bad_recipe_is_named(tmp_path: Path, text: str) -> None:
    path = recipe(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        from_recipe(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_a_recipe_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        from_recipe(tmp_path / "none.toml")
