"""Lines of ground truth: which count, how they are cut out, and how they travel in tars."""

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from corpus_pages import corpus, line, page, write
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from htr.corpus.cache import LineCache, default_folder
from htr.corpus.lines import HEIGHT, Choice, chosen, page_lines, read_lines
from htr.corpus.tars import is_tar, read_tar, write_tar
from htr.corpus.text_line import TextLine
from htr.errors import InputError, NotFound, NothingToDo
from htr.exchange.register import register


def packed(lines: Sequence[TextLine], path: Path) -> Path:
    with path.open("wb") as file:
        assert write_tar(lines, file) == len(lines)
    return path


def text_line(text: str = "un acte", page: str = "c/d/p1", split: str | None = None) -> TextLine:
    buffer = io.BytesIO()
    Image.new("L", (40, 20), 200).save(buffer, "PNG")
    return TextLine(buffer.getvalue(), text, page=page, collection="c", document="c/d", split=split)


def test_lines_say_where_they_are_from(tmp_path: Path) -> None:
    corpus(tmp_path / "truth", {"c/v1/p1": ["un acte", "", "le sieur"], "p2": ["dit"]})
    third, first, second = read_lines([tmp_path / "truth"])
    assert (first.text, first.page, first.collection, first.document) == (
        "un acte", "c/v1/p1", "c", "c/v1",
    )  # fmt: skip
    assert (second.text, second.id, second.split) == ("le sieur", "l2", None)
    assert (third.page, third.collection, third.document) == ("p2", "", "truth")


def test_pages_of_several_folders_may_have_one_name(tmp_path: Path) -> None:
    corpus(tmp_path / "1827", {"p1": ["un acte"]})
    corpus(tmp_path / "1828", {"p1": ["le sieur"]})
    corpus(tmp_path / "again" / "1828", {"p1": ["dit"]})
    first, second = read_lines([tmp_path / "1827", tmp_path / "1828"])
    assert [(one.page, one.document, one.text) for one in (first, second)] == [
        ("1827/p1", "1827", "un acte"),
        ("1828/p1", "1828", "le sieur"),
    ]
    pages = [one.page for one in read_lines([tmp_path / "1828", tmp_path / "again" / "1828"])]
    assert len(set(pages)) == 2
    assert all(page.endswith("1828/p1") for page in pages)


def test_a_strip_shows_its_own_line(tmp_path: Path) -> None:
    corpus(tmp_path, {"p1": ["a", "b", "c"]})
    for number, one in enumerate(read_lines([tmp_path])):
        strip = one.strip()
        assert strip.mode == "L"
        assert abs(strip.width - 361) <= 2
        assert abs(strip.height - 41) <= 2
        ink = sum(value < 100 for value in strip.crop((2, 12, 80, 26)).tobytes())
        assert ink == pytest.approx((25 + 5 * number) * 14, rel=0.15)


def test_of_pages_that_htr_has_read_only_corrected_lines_count(tmp_path: Path) -> None:
    lines = [line(0, "lu"), line(1, "relu", corrected=True), line(2, "")]
    write(tmp_path, "p1", page(lines, "p1.png", read_by_htr=True))
    assert [one.text for one in read_lines([tmp_path])] == ["relu"]
    everything = Choice(all_lines=True)
    assert [one.text for one in read_lines([tmp_path], everything)] == ["lu", "relu"]


def test_lines_with_a_mark_are_left_out_and_texts_normalised(tmp_path: Path) -> None:
    corpus(tmp_path, {"p1": ["l’an XXX", "l’acte"]})
    choice = Choice(normalisation="loose", left_out=("XXX",))
    assert [one.text for one in read_lines([tmp_path], choice)] == ["l'acte"]
    (tarred,) = read_lines(
        [packed([text_line("l’an"), text_line("XXX")], tmp_path / "l.tar")], choice
    )
    assert tarred.text == "l'an"


def test_a_line_that_cannot_be_cut_out_is_left_out(tmp_path: Path) -> None:
    lines = [line(0, "ici"), line(1, "un point", width=1)]
    write(tmp_path, "p1", page(lines, "p1.png"))
    (file,) = register([tmp_path])
    assert len(chosen(file.read(), Choice())) == 2
    assert [one.text for one in page_lines(file, Choice())] == ["ici"]


def test_high_lines_are_made_smaller(tmp_path: Path) -> None:
    corpus(tmp_path, {"p1": ["a"]})
    (small,) = read_lines([tmp_path], Choice(height=20), LineCache(tmp_path / "cache"))
    (own,) = read_lines([tmp_path])
    assert small.strip().height == 20
    assert own.strip().height <= HEIGHT
    assert small.strip().width == pytest.approx(own.strip().width * 20 / own.strip().height, abs=1)
    assert not (tmp_path / "cache").exists()


def test_pages_have_the_split_that_is_named_and_others_are_left_out(tmp_path: Path) -> None:
    files = corpus(tmp_path, {"a/p1": ["un"], "b/p1": ["deux"], "c/p1": ["trois"]})
    splits = {files[0].path.resolve(): "train", files[2].path.resolve(): "val"}
    found = read_lines([tmp_path], splits=splits)
    assert [(one.text, one.split) for one in found] == [("un", "train"), ("trois", "val")]


def test_an_image_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "p1", page(["a"], "none.png"), image=False)
    with pytest.raises(NotFound, match=r"none\.png"):
        list(read_lines([tmp_path]))


def test_no_pages_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingToDo):
        list(read_lines([tmp_path]))


def test_lines_that_were_cut_out_once_are_not_again(tmp_path: Path) -> None:
    files = corpus(tmp_path / "truth", {"p1": ["a", "b"]})
    cache = LineCache(tmp_path / "cache")
    first = page_lines(files[0], Choice(), cache)
    (kept,) = (tmp_path / "cache").iterdir()
    stamp = kept.stat().st_mtime_ns
    assert page_lines(files[0], Choice(), cache) == first
    assert kept.stat().st_mtime_ns == stamp
    assert cache.get(tmp_path / "truth" / "p1.png", tuple(files[0].read().lines)) == [
        one.image for one in first
    ]


def test_a_damaged_cache_costs_no_more_than_time(tmp_path: Path) -> None:
    files = corpus(tmp_path / "truth", {"p1": ["a", "b"]})
    cache = LineCache(tmp_path / "cache")
    first = page_lines(files[0], Choice(), cache)
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:700])
    assert page_lines(files[0], Choice(), cache) == first
    closed = LineCache(files[0].path / "no folder")
    assert page_lines(files[0], Choice(), closed) == first


def test_another_image_or_outline_is_cut_out_anew(tmp_path: Path) -> None:
    files = corpus(tmp_path / "truth", {"p1": ["a"]})
    cache = LineCache(tmp_path / "cache")
    page_lines(files[0], Choice(), cache)
    image = tmp_path / "truth" / "p1.png"
    lines = tuple(files[0].read().lines)
    assert cache.get(image, lines) is not None
    assert cache.get(image, [line(0, "a", width=100)]) is None
    Image.new("L", (400, 80), 0).save(image)
    assert cache.get(image, lines) is None


def test_the_cache_is_where_the_user_has_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert default_folder() == Path("/somewhere/htr/lines")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == Path.home() / ".cache" / "htr" / "lines"


_name = st.text("abé/1", min_size=1, max_size=5)


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(
            TextLine,
            image=st.binary(max_size=20).map(lambda data: b"RIFF" + data),
            text=st.text(max_size=20),
            page=_name,
            collection=_name,
            document=_name,
            id=_name,
            split=st.sampled_from([None, "train", "val", "test"]),
        ),
        max_size=5,
    )
)
def test_a_tar_reads_back_as_the_same_lines(
    tmp_path_factory: pytest.TempPathFactory, lines: list[TextLine]
) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_tar(lines, first)
    write_tar(lines, second)
    assert first.getvalue() == second.getvalue()
    path = tmp_path_factory.mktemp("tar") / "lines.tar"
    path.write_bytes(first.getvalue())
    assert read_tar(path) == tuple(lines)


def test_a_tar_of_others_may_say_less(tmp_path: Path) -> None:
    path = tmp_path / "others.tar"
    row = {"image": "strips/1.png", "text": "un", "page": "c/p", "split": "train"}
    with tarfile.open(path, "w") as tar:
        for name, data in (
            ("x/strips/1.png", b"\x89PNG"),
            ("x/lines.jsonl", json.dumps(row).encode()),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    (one,) = read_tar(path)
    assert (one.text, one.document, one.collection, one.split) == ("un", "c", "", "train")


@pytest.mark.parametrize(
    "rows", [None, b"", b"not json", b'{"text": "a"}', b'{"image": "none.png"}']
)
def test_tars_of_something_else_are_refused(rows: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "other.tar"
    with tarfile.open(path, "w") as tar:
        if rows is not None:
            member = tarfile.TarInfo("lines.jsonl")
            member.size = len(rows)
            tar.addfile(member, io.BytesIO(rows))
    if rows == b"":
        assert read_tar(path) == ()
        return
    with pytest.raises(InputError, match="not a tar of lines"):
        read_tar(path)


def test_what_is_a_tar_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "folder.tar").mkdir()
    assert is_tar(tmp_path / "lines.TAR")
    assert not is_tar(tmp_path / "folder.tar")
    assert not is_tar(tmp_path / "p1.xml")


def test_the_shared_tars_are_read(corpora: Path) -> None:
    lines = read_tar(corpora / "lines" / "lines-1.tar")
    assert {one.split for one in lines} == {"train", "val"}
    assert all(one.text and one.page and one.collection for one in lines)
    assert lines[0].strip().height == 64
