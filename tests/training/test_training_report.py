"""The report of a training is one file that stands alone, says what is true, and can be read."""

from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from outcomes import OUTCOME, curve, line, lines
from PIL import Image

from htr.training.outcome import Outcome
from htr.training.report import write_report
from htr.training.report.mistakes import spans
from htr.training.report.render import unbroken
from htr.training.report.wording import duration, signed


def parsed(outcome: Outcome) -> html.HtmlElement:
    return html.document_fromstring(write_report(outcome).decode("utf-8"))


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def report() -> html.HtmlElement:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTR_LANG", "en")
        return parsed(OUTCOME)


def ids(report: html.HtmlElement) -> list[str]:
    return [str(one) for one in report.xpath("//h2/@id")]


def test_it_needs_nothing_outside(report: html.HtmlElement) -> None:
    addresses = report.xpath("//@src | //@href")
    assert addresses
    assert all(str(one).startswith(("data:image/", "#")) for one in addresses)
    assert not report.xpath("//script | //link | //iframe")
    assert "url(" not in report.xpath("string(//style)")


def test_every_picture_can_be_opened_and_is_described(report: html.HtmlElement) -> None:
    pictures = report.xpath("//img")
    assert len(report.xpath("//figure//img")) == 3
    for picture in pictures:
        head, _comma, data = picture.get("src").partition(",")
        with Image.open(BytesIO(b64decode(data))) as image:
            assert f"image/{(image.format or '').lower()}" in head
            assert image.width > 100
        assert len(picture.get("alt")) > 15


def test_headings_tables_and_links_can_be_followed_without_eyes(report: html.HtmlElement) -> None:
    levels = [int(one.tag[1]) for one in report.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in report.xpath("//table"):
        assert all(cell.get("scope") for cell in table.xpath(".//th"))
        assert all(len(row.xpath("./th[@scope='row']")) == 1 for row in table.xpath(".//tbody/tr"))
        widths = {len(row.xpath("./th | ./td")) for row in table.xpath(".//tr")}
        assert len(widths) == 1
    assert [str(one)[1:] for one in report.xpath("//nav//@href")] == ids(report)
    assert len(set(ids(report))) == len(ids(report))


def test_it_says_what_matters_first(report: html.HtmlElement) -> None:
    short = text(report.xpath("//section[h2/@id='in-short']")[0])
    assert "CER before" in short
    assert "errors taken away75 %" in short
    assert "gets 3.9 wrong; the base got 15.8 wrong" in short
    assert "300 more lines of this kind would bring the CER from" in short
    assert "On lines of other hands the CER was 15.8 % before and is 2.6 % now" in short


def test_pages_stand_with_their_rates_the_worst_first(report: html.HtmlElement) -> None:
    (table,) = report.xpath("//table[caption[contains(., 'Held-out pages')]]")
    rows = [[text(cell) for cell in row] for row in table.xpath(".//tbody/tr")]
    assert rows[0] == ["p3", "3", "114", "15.8 %", "7.9 %"]
    assert [row[0] for row in rows] == ["p3", "p2", "p1", "p0"]


def test_the_worst_lines_show_what_differs(report: html.HtmlElement) -> None:
    first = report.xpath("//ol[@class='lines']/li")[0]
    truth, reading = first.xpath(".//dd")
    assert text(truth) == "Du trois mars mil huit cent vingt-sept"
    assert truth.xpath(".//del/text()") == ["Du "]
    assert reading.xpath(".//ins/text()") == ["yyy"]
    assert len(report.xpath("//ol[@class='lines']/li")) == 9  # page p0 is read without errors


def test_new_and_rare_characters_stand_with_their_places(report: html.HtmlElement) -> None:
    said = text(report.xpath("//section[h2/@id='characters']")[0])
    assert "ſ U+017F p1, l2; p3, l4 31" in said
    assert "< U+003C p2, l1 1" in said


def test_it_speaks_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTR_LANG", "fr")
    report = parsed(OUTCOME)
    assert report.get("lang") == "fr"
    assert "3,9" in text(report.xpath("//section[h2/@id='in-short']")[0])


def test_markup_in_texts_and_names_stays_text() -> None:
    evil = "<script>alert('&')</script>"
    outcome = replace(OUTCOME, name=evil, lines=(line(evil, 1, evil, "", evil[1:]),))
    report = parsed(outcome)
    assert not report.xpath("//script")
    assert evil in report.xpath("string(//h1)")
    assert report.xpath("string(//ol[@class='lines']//dd)") == evil


def test_without_a_base_there_is_no_before() -> None:
    report = parsed(replace(OUTCOME, base=None, kept=()))
    assert "before" not in text(report.xpath("//section[h2/@id='in-short']")[0])
    for table in report.xpath("//section[h2/@id='before-and-after']//table"):
        assert "efore" not in text(table)


@pytest.mark.parametrize("best", [None, 0])
def test_a_training_that_bettered_nothing_says_so(best: int | None) -> None:
    same = tuple(replace(one, after=one.before) for one in lines())
    report = parsed(replace(OUTCOME, best=best, lines=same))
    assert "did not better the base" in text(report.xpath("//section[h2/@id='in-short']")[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"curve": ()}, "This cannot be told: it takes models"),
        ({"curve": curve(2)}, "fewer than three pages were held out"),
        ({"curve": tuple(replace(one, lines=100 - one.lines) for one in curve())}, "steadily"),
    ],
)
def test_it_says_why_more_lines_cannot_be_judged(change: dict[str, object], said: str) -> None:
    report = parsed(replace(OUTCOME, **change))  # type: ignore[arg-type]
    assert said in text(report.xpath("//section[h2/@id='more-lines']")[0])
    assert "more lines of this kind" not in text(report)


def test_of_two_pages_no_interval_is_given() -> None:
    report = parsed(replace(OUTCOME, lines=lines(2), kept=(), curve=()))
    section = text(report.xpath("//section[h2/@id='before-and-after']")[0])
    assert "too few to say how sure these rates are" in section
    assert " to " not in text(report.xpath("//section[h2/@id='before-and-after']//tbody")[0])


def test_an_outcome_with_next_to_nothing_has_a_report() -> None:
    bare = Outcome("m", None, "[1]", "", 1, 1, 0, (), None, ())
    assert ids(parsed(bare)) == ["in-short", "done", "more-lines"]


@given(st.text("abc ", max_size=12), st.text("abc ", max_size=12))
def test_spans_make_up_their_texts(first: str, second: str) -> None:
    one, other = spans(first, second)
    assert "".join(span.text for span in one) == first
    assert "".join(span.text for span in other) == second
    alike = ["".join(span.text for span in side if not span.differs) for side in (one, other)]
    assert alike[0] == alike[1]


def test_signs_stay_with_their_words() -> None:
    assert unbroken("« Du 3 » : 7,5 % ?") == "«\u00a0Du 3\u00a0»\u00a0: 7,5\u00a0%\u00a0?"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (702, "12 min"),
        (3599, "1 h 00 min"),
        (3900, "1 h 05 min"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(("share", "said"), [(-0.0421, "−4.2"), (0.003, "+0.3"), (-0.0001, "0.0")])
def test_differences_have_their_sign(share: float, said: str) -> None:
    assert signed(share) == said
