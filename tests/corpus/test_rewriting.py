"""Texts are replaced in ALTO and PAGE of all kinds, and what is not text stays as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from htr.corpus.patching import open_page, patched
from htr.corpus.rewriting import rewrite, texts
from htr.errors import BadXml, EmptyFile, NotFound, UnsafeXml
from htr.formats import read

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
ALTO = """<?xml version="1.0" encoding="{encoding}"?>
<!-- a remark -->
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
  <Layout><Page ID="p" WIDTH="100" HEIGHT="50"><PrintSpace><TextBlock ID="b">
    <TextLine ID="l1"   HPOS="1" VPOS="2" WIDTH="90" HEIGHT="20" BASELINE='1 18 91 18'
              CUSTOM='x'>{parts}</TextLine>
  </TextBlock></PrintSpace></Page></Layout>
</alto>
"""
PAGE = """<?xml version='1.0' encoding='UTF-8'?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
  <Page imageFilename="p.jpg" imageWidth="100" imageHeight="50"><TextRegion id="r">
    <TextLine id="l1" custom="readingOrder {{index:0;}} {custom}">{parts}</TextLine>
    <TextEquiv><Unicode>{region}</Unicode></TextEquiv>
  </TextRegion></Page>
</PcGts>
"""


def changed(
    data: str, change: Callable[[str], str], tmp_path: Path, encoding: str = "utf-8"
) -> tuple[str, list[tuple[str, str, str, bool]]]:
    path = tmp_path / "page.xml"
    path.write_bytes(data.encode(encoding))
    file = open_page(path)
    edits = rewrite(file.root, change)
    out = patched(file.data, file.root)
    return out.decode(encoding), [(e.line, e.before, e.after, e.words_lost) for e in edits]


def alto(parts: str, encoding: str = "UTF-8") -> str:
    return ALTO.format(parts=parts, encoding=encoding)


def page(parts: str, custom: str = "", region: str = "") -> str:
    return PAGE.format(parts=parts, custom=custom, region=region)


def no_long_s(text: str) -> str:
    return text.replace("ſ", "s")


def no_spaces(text: str) -> str:
    return text.replace(" ;", ";")


def test_a_line_of_one_string_differs_in_its_text_alone(tmp_path: Path) -> None:
    before = alto("""<String   CONTENT='le ſieur &lt;"A&amp;B"&gt;' HPOS="1"/> """)
    after, edits = changed(before, no_long_s, tmp_path)
    assert edits == [("l1", 'le ſieur <"A&B">', 'le sieur <"A&B">', False)]
    old, new = """'le ſieur &lt;"A&amp;B"&gt;'""", '"le sieur &lt;&quot;A&amp;B&quot;&gt;"'
    assert after == before.replace(old, new)


def test_a_file_that_nothing_changes_in_is_the_same(tmp_path: Path) -> None:
    before = alto('<String CONTENT="le sieur"/>').replace("\n", "\r\n")
    assert changed(before, no_long_s, tmp_path) == (before, [])


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-16"])
def test_other_encodings_are_kept(tmp_path: Path, encoding: str) -> None:
    before = alto('<String CONTENT="été"/>', encoding)
    after, _edits = changed(before, lambda text: text.replace("t", "ſ"), tmp_path, encoding)
    assert read(after.encode(encoding)).text == "éſé"
    assert f"{encoding}" in after.splitlines()[0]


def test_words_keep_their_places_where_as_many_are_left(tmp_path: Path) -> None:
    before = alto(
        '<String CONTENT="le" HPOS="1" WC="0.9"/><SP/>'
        '<String CONTENT="ſieur" HPOS="9" CC="00000" WC="0.5">'
        + "".join(f'<Glyph CONTENT="{letter}" GC="0.5"/>' for letter in "ſieur")
        + "</String>"
    )
    after, edits = changed(before, no_long_s, tmp_path)
    assert after == before.replace("ſ", "s")
    assert edits == [("l1", "le ſieur", "le sieur", False)]


def test_letters_go_where_they_are_not_as_many(tmp_path: Path) -> None:
    before = alto(
        '<String CONTENT="⁊" CC="0"><Glyph CONTENT="⁊"/></String><SP/><String CONTENT="A"/>'
    )
    after, edits = changed(before, lambda text: text.replace("⁊", "et"), tmp_path)
    assert edits == [("l1", "⁊ A", "et A", False)]
    root = etree.fromstring(after.encode())
    strings = root.findall(".//{*}String")
    assert [string.items() for string in strings] == [[("CONTENT", "et")], [("CONTENT", "A")]]
    assert root.find(".//{*}Glyph") is None
    assert "<!-- a remark -->" in after


def test_joined_words_make_one_string_of_the_line(tmp_path: Path) -> None:
    before = alto(
        '<String ID="s1" CONTENT="dit" HPOS="1" WC="0.9"/><SP/><String CONTENT=";" HPOS="40"/>'
    )
    after, edits = changed(before, no_spaces, tmp_path)
    assert edits == [("l1", "dit ;", "dit;", True)]
    (string,) = etree.fromstring(after.encode()).findall(".//{*}String")
    assert dict(string.items()) == {
        "ID": "s1", "HPOS": "1", "VPOS": "2", "WIDTH": "90", "HEIGHT": "20", "CONTENT": "dit;",
    }  # fmt: skip


def test_a_word_that_is_moved_does_not_take_another_ones_place(tmp_path: Path) -> None:
    before = alto('<String CONTENT="a"/><SP/><String CONTENT="b"/><SP/><String CONTENT="c"/>')
    swap = {"a b c": "x a b"}
    _after, edits = changed(before, lambda text: swap.get(text, text), tmp_path)
    assert edits == [("l1", "a b c", "x a b", True)]


def test_strings_without_a_space_between_are_one_word(tmp_path: Path) -> None:
    parts = '<String CONTENT="ſi"/><SP/><String CONTENT="«b»"/><String CONTENT="."/>'
    after, edits = changed(alto(parts), no_long_s, tmp_path)
    assert edits == [("l1", "ſi «b».", "si «b».", False)]
    assert after == alto(parts).replace("ſ", "s")
    _after, edits = changed(alto(parts), lambda text: text.replace("b", "cc"), tmp_path)
    assert edits == [("l1", "ſi «b».", "ſi «cc».", True)]


def test_hyphens_and_whole_words_are_changed_too(tmp_path: Path) -> None:
    before = alto(
        '<String CONTENT="du"/><SP/><String CONTENT="bureſ" SUBS_CONTENT="bureſau"/>'
        '<HYP CONTENT="¬"/>'
    )
    change = str.maketrans({"¬": "-", "ſ": "s"})
    after, edits = changed(before, lambda text: text.translate(change), tmp_path)
    assert edits == [("l1", "du bureſ¬", "du bures-", False)]
    assert after == before.translate(change)


def test_a_text_that_becomes_empty_leaves_a_valid_line(tmp_path: Path) -> None:
    before = alto('<String CONTENT="XX"/><SP/><String CONTENT="YY"/>')
    after, edits = changed(before, lambda _text: "", tmp_path)
    assert edits == [("l1", "XX YY", "", True)]
    assert [el.get("CONTENT") for el in etree.fromstring(after.encode()).iter("{*}String")] == [""]


def test_a_page_line_changes_in_its_own_text_alone(tmp_path: Path) -> None:
    before = page(
        '<TextEquiv index="1"><Unicode>le ſ</Unicode></TextEquiv>'
        '<TextEquiv index="0" conf="0.9"><Unicode>le ſieur &amp;\n</Unicode></TextEquiv>',
        region="le ſieur\nſuit",
    )
    after, edits = changed(before, no_long_s, tmp_path)
    assert edits == [("l1", "le ſieur &\n", "le sieur &\n", False)]
    assert after == before.replace("ſ", "s")


def word(text: str, more: str = "") -> str:
    return (
        f'<Word id="w{text}"><Coords points="0,0 1,1 0,1"/>{more}'
        f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv></Word>"
    )


def test_page_words_and_letters_change_along(tmp_path: Path) -> None:
    glyphs = "".join(
        f"<Glyph><TextEquiv><Unicode>{letter}</Unicode></TextEquiv></Glyph>" for letter in "ſi"
    )
    before = page(
        word("le") + word("ſi", glyphs) + "<TextEquiv><Unicode>le ſi</Unicode></TextEquiv>"
    )
    after, edits = changed(before, no_long_s, tmp_path)
    assert edits == [("l1", "le ſi", "le si", False)]
    assert after.replace('id="wſi"', "") == before.replace('id="wſi"', "").replace("ſ", "s")


def test_page_words_that_are_joined_go(tmp_path: Path) -> None:
    before = page(word("dit") + word(";") + "<TextEquiv><Unicode>dit ;</Unicode></TextEquiv>")
    after, edits = changed(before, no_spaces, tmp_path)
    assert edits == [("l1", "dit ;", "dit;", True)]
    assert "<Word" not in after
    assert read(after.encode()).text == "dit;"


def test_page_lines_that_only_words_tell_of_are_read_from_them(tmp_path: Path) -> None:
    before = page(word("ſi") + word("dit") + word(";"))
    assert changed(before, no_long_s, tmp_path)[1] == [("l1", "ſi dit ;", "si dit ;", False)]
    after, edits = changed(before, no_spaces, tmp_path)
    assert edits == [("l1", "ſi dit ;", "ſi dit;", True)]
    assert read(after.encode()).text == "ſi dit;"


def test_page_words_that_disagree_with_their_line_change_on_their_own(tmp_path: Path) -> None:
    before = page(word("ſi") + "<TextEquiv><Unicode>tout ſeul</Unicode></TextEquiv>")
    after, edits = changed(before, no_long_s, tmp_path)
    assert edits == [("l1", "tout ſeul", "tout seul", False)]
    assert after.replace('id="wſi"', "") == before.replace('id="wſi"', "").replace("ſ", "s")


def test_what_transkribus_marks_by_offsets_moves_along(tmp_path: Path) -> None:
    before = page(
        "<TextEquiv><Unicode>⁊ le ſieur Martin</Unicode></TextEquiv>",
        custom="person {offset:11; length:6;} textStyle {offset:0; length:1; bold:true;}",
    )
    after, _edits = changed(before, lambda text: text.replace("⁊", "et"), tmp_path)
    assert "person {offset:12; length:6;} textStyle {offset:0; length:2; bold:true;}" in after


@pytest.mark.parametrize("name", ["alto.xml", "page.xml", "escriptorium.xml"])
def test_our_own_files_keep_all_but_their_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((GOLDEN / name).read_bytes())
    file = open_page(path)
    before = read(file.data)
    assert [text for _line, text in texts(file.root)] == [line.text for line in before.lines]
    change = str.maketrans("aeé", "oîè")
    assert rewrite(file.root, lambda text: text.translate(change))
    after = read(patched(file.data, file.root))
    assert after.text == before.text.translate(change)
    assert [line.polygon for line in after.lines] == [line.polygon for line in before.lines]
    assert [word.box for line in after.lines for word in line.words] == [
        word.box for line in before.lines for word in line.words
    ]


def test_real_pages_change_in_the_lines_that_change_alone(corpora: Path) -> None:
    for path in sorted((corpora / "val").glob("*/*.xml"))[::6]:
        file = open_page(path)
        edits = rewrite(file.root, lambda text: text.replace("e", "é"))
        after = patched(file.data, file.root).split(b"\n")
        before = file.data.split(b"\n")
        assert len(after) == len(before)
        differs = sum(old != new for old, new in zip(before, after, strict=True))
        assert differs == len(edits) > 0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"<alto>", BadXml),
        (b"<mets/>", BadXml),
        (b'<!DOCTYPE alto [<!ENTITY a "b">]><alto/>', UnsafeXml),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / "bad.xml"
    path.write_bytes(data)
    with pytest.raises(error, match=r"bad\.xml"):
        open_page(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_page(tmp_path / "none.xml")


_word = st.text("abſé¬;⁊", min_size=1, max_size=4)
_changes = st.dictionaries(
    st.sampled_from("abſé¬;⁊ "), st.sampled_from(["", "s", "et", " ", "e f", "é"]), max_size=4
)


def alto_of(words: list[str], letters: bool) -> str:
    glyphs = {word: "".join(f'<Glyph CONTENT="{one}"/>' for one in word) for word in words}
    return alto(
        "<SP/>".join(
            f'<String CONTENT="{word}" HPOS="{place}">{glyphs[word] if letters else ""}</String>'
            for place, word in enumerate(words)
        )
    )


def page_of(words: list[str], letters: bool) -> str:
    glyphs = {
        word: "".join(
            f"<Glyph><TextEquiv><Unicode>{one}</Unicode></TextEquiv></Glyph>" for one in word
        )
        for word in words
    }
    parts = "".join(
        f"<Word>{glyphs[word] if letters else ''}<TextEquiv><Unicode>{word}</Unicode></TextEquiv>"
        "</Word>"
        for word in words
    )
    return page(f"{parts}<TextEquiv><Unicode>{' '.join(words)}</Unicode></TextEquiv>")


@given(st.lists(_word, min_size=1, max_size=5), _changes, st.booleans(), st.booleans())
def test_any_change_of_any_words_is_read_back(
    words: list[str], changes: dict[str, str], letters: bool, is_alto: bool
) -> None:
    data = (alto_of if is_alto else page_of)(words, letters).encode()
    root = etree.fromstring(data)
    before = read(data).text
    table = {ord(old): new for old, new in changes.items()}
    edits = rewrite(root, lambda text: text.translate(table))
    found = read(patched(data, root))
    wanted = before.translate(table)
    assert found.text.split() == wanted.split()
    (line,) = found.lines
    if not any(edit.words_lost for edit in edits) and is_alto and len(words) == len(line.words):
        assert [word.text for word in line.words] == wanted.split()
    assert [edit.after for edit in edits] == ([wanted] if wanted != before else [])
