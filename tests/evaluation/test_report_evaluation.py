import json
import subprocess
import sys
from dataclasses import replace

import pytest

from htr.cli.report_evaluation import as_json, table
from htr.document.metrics import Confusion, EditCounts, Scores
from htr.evaluation.evaluate import Evaluation, PageScore, summarise

TABLE = """\
Lines are compared with lines. Normalisation: nfc.

                 CER     WER  characters  words  pages
.              0.0 %   0.0 %         400     80      1
bronod        13.0 %  27.5 %        1000    200      2
all together   9.3 %  19.6 %        1400    280      3

Worst pages     CER     WER  characters  words  confidence
bronod/2     20.0 %  40.0 %         600    120      71.2 %
bronod/1      2.5 %   8.8 %         400     80           –

Truth  read as  times
␣            ∅     12
∅            e      7
n            u      3
◌́            ∅      2
a       U+00A0      1

1 page has no prediction and counts as wholly missed:
  bronod/3
2 predictions have no truth and do not count:
  x
  y"""


@pytest.fixture
def evaluation() -> Evaluation:
    def rated(name: str, collection: str, errors: int, missed: int, length: int) -> PageScore:
        words = EditCounts(missed, 0, 0, length // 5)
        return PageScore(name, collection, Scores(EditCounts(errors, 0, 0, length), words))

    confused = (
        Confusion(" ", "", 12),
        Confusion("", "e", 7),
        Confusion("n", "u", 3),
        Confusion("\u0301", "", 2),
        Confusion("a", "\u00a0", 1),
    )
    pages = [
        rated("3", "", 0, 0, 400),
        rated("bronod/1", "bronod", 10, 7, 400),
        replace(rated("bronod/2", "bronod", 120, 48, 600), confidence=0.712, confusions=confused),
    ]
    return summarise(pages, missing=("bronod/3",), extra=("x", "y"))


def test_table(evaluation: Evaluation) -> None:
    assert table(evaluation, pages=2) == TABLE


def test_table_of_one_collection_has_no_line_for_it(evaluation: Evaluation) -> None:
    alone = summarise(evaluation.pages[:1])
    text = table(alone, pages=0)
    assert "all together  20.0 %" in text
    assert "\nbronod" not in text
    assert "Worst pages" not in text
    assert "no prediction" not in text
    assert "no truth" not in text


def test_table_says_what_was_compared(evaluation: Evaluation) -> None:
    whole = replace(evaluation, match="page", normalisation="loose")
    assert table(whole).startswith(
        "Whole pages are compared, in reading order. Normalisation: loose.\n"
    )


def test_table_fits_100_columns_and_cuts_long_lists() -> None:
    names = tuple(f"{'folder/' * 20}page-{at}" for at in range(15))
    scores = Scores(EditCounts(0, 12345678, 0, 1234567), EditCounts(0, 1234567, 0, 123456))
    pages = [PageScore(name, name[:80], scores, 1.0) for name in names]
    text = table(summarise(pages, missing=names, extra=names), pages=15)
    assert max(map(len, text.splitlines())) <= 100
    assert "page-14  1000.0 %  1000.0 %" in text
    assert text.count("and 5 more") == 2


def test_table_of_a_rate_that_is_unknown() -> None:
    invented = PageScore("p", "", Scores(EditCounts(insertions=3), EditCounts(insertions=1)))
    assert "all together    –    –           0      0      1" in table(summarise([invented]))


def test_json(evaluation: Evaluation) -> None:
    report = json.loads(as_json(evaluation))
    assert list(report) == [
        *("cer", "wer", "characters", "words", "collections", "pages", "confusions"),
        *("missing", "extra", "normalise", "match"),
    ]
    assert report["cer"] == 0.092857
    assert (report["characters"], report["words"]) == (1400, 280)
    assert report["collections"] == {
        ".": {"cer": 0.0, "wer": 0.0, "characters": 400, "words": 80, "pages": 1},
        "bronod": {"cer": 0.13, "wer": 0.275, "characters": 1000, "words": 200, "pages": 2},
    }
    assert report["pages"][0] == {
        "name": "bronod/2",
        "collection": "bronod",
        "cer": 0.2,
        "wer": 0.4,
        "characters": 600,
        "words": 120,
        "confidence": 0.712,
    }
    assert [page["confidence"] for page in report["pages"][1:]] == [None, None]
    assert report["confusions"][1] == {"truth": "", "prediction": "e", "count": 7}
    assert (report["missing"], report["extra"]) == (["bronod/3"], ["x", "y"])
    assert (report["normalise"], report["match"]) == ("nfc", "lines")


def test_json_keeps_letters_and_has_null_for_an_unknown_rate() -> None:
    invented = PageScore("décès", "", Scores(EditCounts(insertions=3)))
    text = as_json(summarise([invented]))
    assert '"décès"' in text
    assert json.loads(text)["cer"] is None


def test_reports_need_no_heavy_library() -> None:
    code = (
        "import sys, htr.cli.report_evaluation;"
        "print(sorted({'numpy', 'lxml', 'rapidfuzz', 'torch', 'kraken'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
