"""What is written beside a model: whole, in both languages, and readable by programs."""

import json
from pathlib import Path

import pytest
from outcomes import OUTCOME

from htr.errors import OutputError
from htr.training.publish import model_path, publish


@pytest.mark.parametrize(
    ("name", "path"), [("m", "m.mlmodel"), ("m.mlmodel", "m.mlmodel"), ("m.1", "m.1.mlmodel")]
)
def test_a_model_gets_the_suffix_that_it_needs(name: str, path: str) -> None:
    assert model_path(Path("d") / name) == Path("d") / path


def test_report_cards_and_log_lie_beside_the_model(tmp_path: Path) -> None:
    published = publish(OUTCOME, tmp_path / "valmorin.mlmodel", "htr train p -o valmorin")
    assert published.command == "htr train p -o valmorin"
    assert {path.name for path in tmp_path.iterdir()} == {
        "valmorin.html",
        "valmorin.md",
        "valmorin.fr.md",
        "valmorin.log.jsonl",
    }
    assert "15.8 %" in (tmp_path / "valmorin.md").read_text(encoding="utf-8")
    assert "15,8 %" in (tmp_path / "valmorin.fr.md").read_text(encoding="utf-8")
    assert published.finished in (tmp_path / "valmorin.html").read_text(encoding="utf-8")


def test_the_log_is_json_though_the_first_loss_is_unknown(tmp_path: Path) -> None:
    publish(OUTCOME, tmp_path / "m.mlmodel")

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    text = (tmp_path / "m.log.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(row, parse_constant=refuse) for row in text.splitlines()]
    assert [row["loss"] for row in rows] == [None, 0.8, 0.5, 0.4]
    assert [row["cer"] for row in rows] == [0.16, 0.10, 0.05, 0.06]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "m.html").mkdir()
    with pytest.raises(OutputError):
        publish(OUTCOME, tmp_path / "m.mlmodel")
