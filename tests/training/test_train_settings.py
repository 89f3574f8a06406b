"""Recipes: every key is a setting, of the right kind, and nothing else is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from htr.errors import SettingsError
from htr.training.language.settings import LanguageSettings
from htr.training.layout.settings import LayoutSettings
from htr.training.recipes import from_recipe
from htr.training.settings import TrainSettings

RECIPES = Path(__file__).parents[2] / "models/recipes"


def recipe(folder: Path, text: str) -> Path:
    path = folder / "r.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_changes_what_it_names(tmp_path: Path) -> None:
    path = recipe(tmp_path, 'base = "none"\nminutes = 90\nleft_out = ["XXX", "_"]\npasses = 7\n')
    assert from_recipe(path, TrainSettings()) == TrainSettings(
        base="none", minutes=90, left_out=("XXX", "_"), passes=7
    )


def test_what_a_recipe_leaves_out_stays(tmp_path: Path) -> None:
    assert from_recipe(recipe(tmp_path, ""), TrainSettings(seed=3)).seed == 3


@pytest.mark.parametrize(
    "text",
    [
        'split = "verse"',
        "left_out = [1]",
        "unknown = 1",
        'passes = "many"',
        "resume = 1",
        "seed = true",
        "mix = 'x'",
        "base = 3",
        "a =",
    ],
)
def test_a_bad_recipe_is_named(tmp_path: Path, text: str) -> None:
    path = recipe(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        from_recipe(path, TrainSettings())
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_a_recipe_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        from_recipe(tmp_path / "none.toml", TrainSettings())


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_recipes_of_the_project_are_sound(path: Path) -> None:
    usual: Any = {"lean-layout": LayoutSettings(), "french-registers-lm": LanguageSettings()}
    from_recipe(path, usual.get(path.stem, TrainSettings()))
