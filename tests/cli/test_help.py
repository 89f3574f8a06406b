"""Help is quick, since nothing heavy is imported for it, and speaks English and French."""

import os
import subprocess
import sys

import click
import pytest

from htr.cli import COMMANDS
from htr.cli.cmd_corpus import COMMANDS as CORPUS
from htr.cli.cmd_export import command as export

FORMATS = export.list_commands(click.Context(export))
ALL = [
    [],
    *([name] for name in COMMANDS),
    *(["export", name] for name in FORMATS),
    *(["corpus", name] for name in CORPUS),
]
HEAVY = (
    "PIL",
    "dask",
    "fontTools",
    "img2pdf",
    "kraken",
    "lxml",
    "numpy",
    "pikepdf",
    "pypdfium2",
    "rapidfuzz",
    "torch",
    "tqdm",
    "yaml",
)
PROBE = """
import sys
from htr.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
"""


def run(arguments: list[str], language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROBE.format(heavy=HEAVY), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HTR_LANG": language},
    )


@pytest.mark.parametrize("command", [*ALL, ["models", "show"]], ids=" ".join)
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    result = run([*command, "--help"])
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: ")
    assert result.stderr.strip() == ""


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_help_is_french_when_asked(command: list[str]) -> None:
    english, french = run([*command, "--help"]), run([*command, "--help"], "fr")
    assert french.stdout.startswith("Utilisation : ")
    assert "Afficher cette aide" in french.stdout
    assert "Show this message" not in french.stdout
    assert len(french.stdout) > 0.8 * len(english.stdout)


def test_the_version_is_shown() -> None:
    assert run(["--version"]).stdout.startswith("htr, version ")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["none-such"], "none-such"),
        (["transcribe"], "INPUT"),
        (["transcribe", "x"], "-o"),
        (["export", "none-such"], "none-such"),
        (["export", "page"], "SOURCE"),
        (["export", "page", "x"], "-o"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_missing(arguments: list[str], word: str) -> None:
    result = run(arguments)
    assert result.returncode == 2
    assert word in result.stderr
