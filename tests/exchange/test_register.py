"""A register is its pages in order, by name; what clashes or is missing is said."""

import os
from pathlib import Path

import pytest

from htr.document.page import ImageRef, Page
from htr.errors import BadXml, NameClash, NotFound, NothingToDo, NotReadable
from htr.exchange.register import PageFile, register
from htr.formats import write_alto


def alto(path: Path, image: str = "p.jpg") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_alto(Page("p", ImageRef(image, 10, 20))))
    return path


def names(*sources: Path) -> list[str]:
    return [file.name for file in register(sources)]


def test_pages_come_as_people_count_them(tmp_path: Path) -> None:
    for name in ("p10", "p2", "1827/p1", "1827/b/p3", "1826/p1"):
        alto(tmp_path / f"{name}.xml")
    assert names(tmp_path) == ["p2", "p10", "1826/p1", "1827/p1", "1827/b/p3"]


def test_what_is_no_page_is_left(tmp_path: Path) -> None:
    alto(tmp_path / "p1.XML")
    alto(tmp_path / ".hidden.xml")
    alto(tmp_path / ".folder" / "p2.xml")
    (tmp_path / "mets.xml").write_text("<mets/>")
    (tmp_path / "p1.txt").write_text("p1")
    (tmp_path / "page.xml").write_text("<PcGts><Page/></PcGts>")
    assert names(tmp_path) == ["p1", "page"]


def test_broken_xml_may_be_a_page_and_says_so_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "p1.xml").write_text("<alto")
    (tmp_path / "p2.xml").write_text("")
    first, second = register([tmp_path])
    for file in (first, second):
        with pytest.raises(BadXml, match=file.name):
            file.read()


def test_files_that_are_named_keep_their_order_and_come_once(tmp_path: Path) -> None:
    second, first = alto(tmp_path / "b.xml"), alto(tmp_path / "a.xml")
    (tmp_path / "odd.dat").write_text("<mets/>")
    assert names(second, first, second) == ["b", "a"]
    assert names(tmp_path / "odd.dat") == ["odd"]
    assert names(first, tmp_path) == ["a", "b"]


def test_two_pages_of_one_name_clash(tmp_path: Path) -> None:
    first, second = alto(tmp_path / "1" / "p.xml"), alto(tmp_path / "2" / "p.xml")
    with pytest.raises(NameClash, match=str(second)) as raised:
        register([first, second])
    assert str(first) in raised.value.message
    assert names(tmp_path) == ["1/p", "2/p"]


def test_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingToDo, match=str(tmp_path)):
        register([tmp_path])
    with pytest.raises(NotFound, match="none"):
        register([tmp_path / "none"])


def test_a_closed_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alto(tmp_path / "closed" / "p.xml")
    scan = os.scandir

    def scandir(path: str) -> object:  # as the system does it for all but root
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(NotReadable, match="closed"):
        register([tmp_path])


def test_images_are_named_as_seen_from_elsewhere(tmp_path: Path) -> None:
    file = PageFile(alto(tmp_path / "alto" / "p.xml", "../scans/p 1.jpg"), "p")
    other = tmp_path / "out" / "1827"
    assert file.read_from(other).image.name == "../scans/p 1.jpg"  # it is not there
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "p 1.jpg").write_bytes(b"")
    assert file.read_from(other) == Page("p", ImageRef("../../scans/p 1.jpg", 10, 20))
    assert file.read_from(tmp_path / "alto") == file.read()
    assert file.image(file.read()).samefile(tmp_path / "scans" / "p 1.jpg")


@pytest.mark.parametrize("name", ["", "none.jpg", "x" * 5000, "."])
def test_an_image_that_is_not_there(tmp_path: Path, name: str) -> None:
    file = PageFile(alto(tmp_path / "p.xml", name), "p")
    assert file.read_from(tmp_path / "out") == file.read()
    with pytest.raises(NotFound, match=r"p\.xml"):
        file.image(file.read())
