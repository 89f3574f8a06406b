"""Tables of replacements are read as spreadsheets save them, refused where they are wrong."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.corpus.replacements import Rule, collisions, composed, matches, read_table
from htr.errors import InputError, NotFound


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def rules(tmp_path: Path, *rows: tuple[str, str]) -> tuple[Rule, ...]:
    return read_table(table(tmp_path, "from\tto\n" + "".join(f"{a}\t{b}\n" for a, b in rows)))


@pytest.mark.parametrize(
    "text",
    [
        "from,to,remark\nſ,s,long s\n\n⁊,et\n",
        "From;To;Remark\r\nſ;s;long s\r\n⁊;et;\r\n",
        "from\tto\tremark\nſ\ts\tlong s\n⁊\tet\t\n",
        '"de","vers","remarque"\n"ſ","s","long s"\n"⁊","et",""\n',
        "\ufefffrom,to,remark\nſ,s,long s\n⁊,et,\n",
    ],
)
def test_tables_are_read_as_spreadsheets_save_them(text: str, tmp_path: Path) -> None:
    first, second = read_table(table(tmp_path, text))
    assert (first.old, first.new, first.remark, first.row) == ("ſ", "s", "long s", 2)
    assert (second.old, second.new, second.remark) == ("⁊", "et", "")
    assert second.apply(first.apply("ſi ⁊ ſeul")) == "si et seul"


def test_rules_are_literal_unless_they_say_otherwise(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, ("a.c", r"\1"))
    assert rule.apply("abc a.c") == r"abc \1"


def test_regular_expressions_have_groups(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, (r"re:\bn°\s*(\d+)", r"no \1"))
    assert rule.apply("n° 5, n°12") == "no 5, no 12"
    assert list(matches(rule, "le n° 5")) == [(3, 7, "no 5")]


def test_unseen_characters_are_written_by_their_code(tmp_path: Path) -> None:
    one, two = rules(tmp_path, (r"\u00a0", " "), (r"re:[\u2018\u2019]", r"\u0027"))
    assert two.apply(one.apply("n°\u00a05 l’an")) == "n° 5 l'an"


def test_a_match_that_is_put_back_as_it_was_is_none(tmp_path: Path) -> None:
    (rule,) = rules(tmp_path, ("re: +", " "))
    assert list(matches(rule, "a b  c")) == [(3, 5, " ")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ſ,s\n", "no heading"),
        ("", "empty"),
        ("from,to\nre:(,x\n", "Row 2"),
        ("from,to\na,b\nre:(a),\\2\n", "Row 3"),
        ("from,to\nre:x*,y\n", "Row 2"),
    ],
)
def test_tables_that_are_none_are_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read_table(table(tmp_path, text))


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-8"):
        read_table(table(tmp_path, "from,to\né,e\n", "latin-1"))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_table(tmp_path / "none.csv")


def test_rules_that_undo_others_are_told(tmp_path: Path) -> None:
    found = collisions(rules(tmp_path, ("s", "ſ"), ("x", "y"), ("ſ", "s")))
    assert [(one.first.row, one.second.row, one.trouble) for one in found] == [
        (2, 4, "undone"),
        (4, 2, "again"),
    ]


def test_rules_that_change_what_others_write_are_told(tmp_path: Path) -> None:
    found = collisions(rules(tmp_path, ("⁊", "et"), ("et", "&")))
    assert [(one.first.row, one.second.row, one.trouble) for one in found] == [(2, 3, "changed")]


def test_rules_that_have_nothing_to_do_with_one_another_collide_not(tmp_path: Path) -> None:
    assert collisions(rules(tmp_path, ("ſ", "s"), ("’", "'"), (r"re:(\d)(\d)", r"\2\1"))) == ()


@given(st.text())
def test_the_composing_rule_makes_nfc(text: str) -> None:
    for form in ("NFC", "NFD"):
        given_text = unicodedata.normalize(form, text)
        rule = composed()
        assert rule.apply(given_text) == unicodedata.normalize("NFC", text)
        again = "".join(given_text[start:end] for start, end, _new in matches(rule, given_text))
        assert bool(again) == (given_text != unicodedata.normalize("NFC", text))
