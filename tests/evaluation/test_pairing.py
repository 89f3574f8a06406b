from pathlib import Path

import pytest
from evaluation_pages import write_alto

from htr.errors import BadXml, EmptyFile, InputError, NotFound, NothingToDo
from htr.evaluation.pairing import pair

METS = '<mets xmlns="http://www.loc.gov/METS/"/>'
PAGE = '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"/>'


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return tmp_path / "truth"


@pytest.fixture
def prediction(tmp_path: Path) -> Path:
    return tmp_path / "prediction"


def test_folders_pair_by_path_below_them(truth: Path, prediction: Path) -> None:
    for name in ("a/1.xml", "a/2.xml", "b/1.xml", "top.XML"):
        write_alto(truth / name, name)
    for name in ("a/1.xml", "b/1.xml", "b/3.xml", "top.xml"):
        write_alto(prediction / name, name)
    pairing = pair(truth, prediction)
    assert pairing.pages == (
        ("a/1", truth / "a/1.xml", prediction / "a/1.xml"),
        ("a/2", truth / "a/2.xml", None),
        ("b/1", truth / "b/1.xml", prediction / "b/1.xml"),
        ("top", truth / "top.XML", prediction / "top.xml"),
    )
    assert pairing.extra == ("b/3",)


def test_names_keep_their_case_and_inner_dots(truth: Path, prediction: Path) -> None:
    for name in ("A.1.xml", "a.1.xml", "a.2.xml"):
        write_alto(truth / name, name)
    write_alto(prediction / "a.1.xml", "a")
    names = {name: found is not None for name, _, found in pair(truth, prediction).pages}
    assert names == {"A.1": False, "a.1": True, "a.2": False}


def test_accents_of_file_names_pair_in_either_spelling(truth: Path, prediction: Path) -> None:
    write_alto(truth / "déce\u0300s.xml", "a")
    write_alto(prediction / "de\u0301cès.xml", "a")
    assert [name for name, *_ in pair(truth, prediction).pages] == ["décès"]


def test_what_is_no_page_is_passed_over(truth: Path, prediction: Path) -> None:
    for folder in (truth, prediction):
        write_alto(folder / "1.xml", "a")
        (folder / "1.jpg").write_bytes(b"\xff\xd8")
        (folder / "mets.xml").write_text(METS)
        (folder / "._1.xml").write_bytes(b"\x00\x05\x16\x07")
        write_alto(folder / ".thumbnails" / "2.xml", "hidden")
        (folder / "page.xml").write_text(PAGE)
    pairing = pair(truth, prediction)
    assert [name for name, *_ in pairing.pages] == ["1", "page"]
    assert pairing.extra == ()


def test_a_prediction_inside_the_truth_is_no_truth(truth: Path) -> None:
    write_alto(truth / "1.xml", "a")
    write_alto(truth / "alto/1.xml", "a")
    assert pair(truth, truth / "alto").pages == (("1", truth / "1.xml", truth / "alto/1.xml"),)


def test_a_truth_inside_the_prediction_is_no_prediction(prediction: Path) -> None:
    write_alto(prediction / "1.xml", "a")
    write_alto(prediction / "truth/1.xml", "a")
    assert pair(prediction / "truth", prediction).extra == ()


def test_a_folder_pairs_with_itself(truth: Path) -> None:
    path = write_alto(truth / "1.xml", "a")
    assert pair(truth, truth).pages == (("1", path, path),)


def test_two_files_pair_whatever_their_names(truth: Path, prediction: Path) -> None:
    one, two = write_alto(truth / "1.xml", "a"), write_alto(prediction / "2.xml", "a")
    pairing = pair(one, two)
    assert pairing.pages == (("1", one, two),)
    assert pairing.extra == ()


def test_a_file_and_a_folder_pair_with_one_page(truth: Path, prediction: Path) -> None:
    for name in ("1.xml", "2.xml"):
        write_alto(truth / name, "a")
        write_alto(prediction / name, "a")
    expected = (("2", truth / "2.xml", prediction / "2.xml"),)
    for one, two in ((truth / "2.xml", prediction), (truth, prediction / "2.xml")):
        assert pair(one, two).pages == expected
        assert pair(one, two).extra == ()


def test_no_pair_at_all_is_nothing_to_do(truth: Path, prediction: Path) -> None:
    write_alto(truth / "1.xml", "a")
    write_alto(prediction / "2.xml", "a")
    with pytest.raises(NothingToDo, match="same name") as caught:
        pair(truth, prediction)
    assert caught.value.path == str(truth)
    assert str(prediction) in caught.value.message


def test_what_is_not_there_is_named(truth: Path, prediction: Path) -> None:
    write_alto(truth / "1.xml", "a")
    with pytest.raises(NotFound) as caught:
        pair(truth, prediction)
    assert caught.value.path == str(prediction)


@pytest.mark.parametrize("side", ["truth", "prediction"])
@pytest.mark.parametrize(
    ("content", "kind"), [(b"", EmptyFile), (b"\x00\x01", BadXml), (b"no markup", BadXml)]
)
def test_a_broken_file_is_named(
    tmp_path: Path, side: str, content: bytes, kind: type[InputError]
) -> None:
    for folder in ("truth", "prediction"):
        write_alto(tmp_path / folder / "1.xml", "a")
    broken = tmp_path / side / "2.xml"
    broken.write_bytes(content)
    with pytest.raises(kind) as caught:
        pair(tmp_path / "truth", tmp_path / "prediction")
    assert caught.value.path == str(broken)
    assert caught.value.hint


def test_two_files_of_one_name_are_refused(truth: Path, prediction: Path) -> None:
    write_alto(truth / "1.XML", "a")
    write_alto(truth / "1.xml", "a")
    if len(list(truth.iterdir())) < 2:
        pytest.skip("this file system does not tell case apart")
    write_alto(prediction / "1.xml", "a")
    with pytest.raises(InputError, match="twice"):
        pair(truth, prediction)
