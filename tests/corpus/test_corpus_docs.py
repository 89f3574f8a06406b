"""The examples in the guide of `htr corpus` are what the commands take."""

import re
from pathlib import Path

import pytest

from htr.cli.cmd_corpus import COMMANDS
from htr.corpus.descriptors import read_descriptor
from htr.corpus.replacements import collisions, read_table
from htr.errors import InputError

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = ("corpus.md", "corpus.fr.md")


def block(guide: str, language: str) -> str:
    (found,) = re.findall(
        rf"```{language}\n(.*?)```", (DOCS / guide).read_text(encoding="utf-8"), re.DOTALL
    )
    return str(found)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_table_is_one(guide: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(block(guide, "csv"), encoding="utf-8")
    rules = read_table(path)
    text = "l’eſpoir\u00a0de la Mlle Durand ; là , dit-elle"
    for rule in rules:
        text = rule.apply(text)
    assert text in (
        "l'espoir de la M^lle Durand; là , dit-elle",
        "l'espoir de la M^lle Durand ; là, dit-elle",
    )
    assert len(rules) == 5
    assert collisions(rules) == ()


@pytest.mark.parametrize("guide", GUIDES)
def test_the_descriptor_is_one(guide: str, tmp_path: Path) -> None:
    path = tmp_path / "bronod.yml"
    text = block(guide, "yaml")
    path.write_text(re.sub(r"….*", "", text), encoding="utf-8")
    assert read_descriptor(path).authors == ("Françoise Limon-Bonnet",)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_descriptor(path)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_has_its_chapter(guide: str) -> None:
    text = (DOCS / guide).read_text(encoding="utf-8")
    assert re.findall(r"^## `(\w+)`$", text, re.MULTILINE) == list(COMMANDS)
