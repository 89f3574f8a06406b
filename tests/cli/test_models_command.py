"""`htr models`: what ships, its card and its file."""

from pathlib import Path

import pytest

from htr.cli import main
from htr.engine.models import shipped


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    out, err = capsys.readouterr()
    return int(str(end.value.code)), out, err


def test_list_names_all_and_marks_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = call(capsys, "models", "list")
    assert code == 0
    for model in shipped():
        assert f"{'*' if model.default else ' '} {model.name} (" in out


def test_show_prints_the_card_and_the_path(capsys: pytest.CaptureFixture[str]) -> None:
    name = shipped()[0].name
    assert "CC BY 4.0" in call(capsys, "models", "show", name)[1]
    path = call(capsys, "models", "show", name, "--path")[1].strip()
    assert Path(path).is_file()


def test_an_unknown_model_is_4_with_a_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = call(capsys, "models", "show", "none-such")
    assert code == 4
    assert "none-such" in err
    assert "htr models list" in err
