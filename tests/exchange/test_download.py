"""Downloads: polite, patient within bounds, resumed where they broke off, refused where unsafe."""

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from web_server import Answer, Web, web_server

from htr import __version__
from htr.errors import DownloadFailed, OutputError, RefusedAddress
from htr.exchange.addresses import resolved
from htr.exchange.download import Client, Manners, remove_parts

DATA = bytes(range(256)) * 400


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as server:
        yield server


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(slept: list[float]) -> Iterator[Client]:
    manners = Manners(pause=0.0, tries=4, timeout=0.3, allow_private=True)
    with Client(manners, lambda seconds: slept.append(seconds) if seconds else None) as made:
        yield made


def test_a_request_says_who_asks(web: Web, client: Client) -> None:
    assert client.get(web.say("/a?b=1", Answer(b"text"))) == b"text"
    (asked,) = web.asked
    assert asked.headers["User-Agent"] == f"htr/{__version__}"
    assert asked.headers["Host"] == web.base.removeprefix("http://")


def test_requests_to_one_server_are_apart(web: Web) -> None:
    url = web.say("/a", Answer(b""))
    with Client(Manners(pause=0.1, allow_private=True)) as client:
        for _turn in range(3):
            client.get(url)
    times = [asked.time for asked in web.asked]
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(times))


def test_a_busy_server_is_given_the_time_it_asks_for(
    web: Web, client: Client, slept: list[float]
) -> None:
    busy = Answer(status=429, headers={"Retry-After": "7"})
    url = web.say("/a", busy, Answer(status=503), Answer(status=500), Answer(b"at last"))
    assert client.get(url) == b"at last"
    assert slept == [7.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("Fri, 01 Jan 1999 00:00:00 GMT", -1, 0),
        ("soon", 1, 1),
        ("-5", 1, 1),
        ("Fri, 99 Foo 2026", 1, 1),
    ],
)
def test_odd_retry_after(
    web: Web, client: Client, slept: list[float], said: str, low: float, high: float
) -> None:
    url = web.say("/a", Answer(status=429, headers={"Retry-After": said}), Answer(b"x"))
    assert client.get(url) == b"x"
    assert all(low <= seconds <= high for seconds in slept)


def test_it_gives_up_after_its_tries(web: Web, client: Client, slept: list[float]) -> None:
    with pytest.raises(DownloadFailed, match="503") as caught:
        client.get(web.say("/a", Answer(status=503)))
    assert caught.value.path == web.base + "/a"
    assert "later" in str(caught.value.hint)
    assert (len(web.asked), slept) == (4, [1.0, 2.0, 4.0])


def test_a_server_that_wants_an_hour_is_left_alone(web: Web, client: Client) -> None:
    with pytest.raises(DownloadFailed):
        client.get(web.say("/a", Answer(status=429, headers={"Retry-After": "3600"})))
    assert len(web.asked) == 1


@pytest.mark.parametrize(("status", "word"), [(404, "nothing"), (403, "everyone"), (400, "400")])
def test_what_another_try_would_not_mend_is_not_tried(
    web: Web, client: Client, status: int, word: str
) -> None:
    with pytest.raises(DownloadFailed, match=word) as caught:
        client.get(web.say("/a", Answer(status=status)))
    assert caught.value.hint
    assert len(web.asked) == 1


def test_a_server_that_falls_silent_is_asked_again(web: Web, client: Client) -> None:
    url = web.say("/a", Answer(b"late", stall=5), Answer(b"in time"))
    assert client.get(url) == b"in time"


def test_what_breaks_off_is_gone_on_with(web: Web, client: Client, tmp_path: Path) -> None:
    url = web.file("/p.jpg", DATA, Answer(cut=30_000), Answer(status=502, body=b"x"))
    part = client.download(url, tmp_path / "p.jpg")
    assert part.read_bytes() == DATA
    assert [asked.headers.get("Range") for asked in web.asked] == [None, *["bytes=30000-"] * 2]
    assert [path.name for path in tmp_path.iterdir()] == [part.name]
    remove_parts(tmp_path / "p.jpg")
    assert not list(tmp_path.iterdir())


def test_another_run_goes_on_where_the_first_gave_up(web: Web, tmp_path: Path) -> None:
    target = tmp_path / "p.jpg"
    url = web.file("/p.jpg", DATA, Answer(cut=10_000))
    manners = Manners(pause=0, tries=1, allow_private=True)
    with Client(manners) as client, pytest.raises(DownloadFailed):
        client.download(url, target)
    with Client(manners) as client:
        assert client.download(url, target).read_bytes() == DATA
    assert web.asked[1].headers["Range"] == "bytes=10000-"


def test_a_file_that_has_changed_is_begun_anew(web: Web, client: Client, tmp_path: Path) -> None:
    new = bytes(len(DATA))
    url = web.file("/p.jpg", new, Answer(DATA, headers={"ETag": '"old"'}, cut=10_000))
    assert client.download(url, tmp_path / "p.jpg").read_bytes() == new
    assert [asked.headers.get("Range") for asked in web.asked] == [None, "bytes=10000-", None]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_server_without_ranges_begins_anew(web: Web, client: Client, tmp_path: Path) -> None:
    url = web.say("/p.jpg", Answer(DATA, cut=10_000), Answer(DATA))
    assert client.download(url, tmp_path / "p.jpg").read_bytes() == DATA


def test_a_part_longer_than_the_file_is_thrown_away(
    web: Web, client: Client, tmp_path: Path
) -> None:
    (tmp_path / ".p.jpg.0123456789abcdef.part").write_bytes(DATA * 2)
    url = web.file("/p.jpg", DATA)
    assert client.download(url, tmp_path / "p.jpg").read_bytes() == DATA


def test_too_much_is_refused(web: Web, client: Client, tmp_path: Path) -> None:
    url = web.say("/a", Answer(DATA))
    with pytest.raises(DownloadFailed, match="megabytes"):
        client.get(url, limit=1000)
    with pytest.raises(DownloadFailed, match="megabytes"):
        client.download(url, tmp_path / "a.jpg", limit=1000)


def test_redirects_are_followed_but_not_for_ever(web: Web, client: Client) -> None:
    web.say("/b", Answer(b"there"))
    assert client.get(web.say("/a", Answer(status=302, headers={"Location": "b"}))) == b"there"
    with pytest.raises(DownloadFailed, match="without end"):
        client.get(web.say("/c", Answer(status=301, headers={"Location": "/c"})))


@pytest.mark.parametrize("location", ["file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_scheme_is_refused(web: Web, client: Client, location: str) -> None:
    with pytest.raises(RefusedAddress):
        client.get(web.say("/a", Answer(status=302, headers={"Location": location})))


def test_a_redirect_to_a_private_host_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first name is made to pass for a public one; that it sends to is looked up anew."""
    monkeypatch.setattr(
        "htr.exchange.download.resolved",
        lambda parts, allow_private: (
            ("127.0.0.1",)
            if parts.host == "public.example"
            else resolved(parts, allow_private=allow_private)
        ),
    )
    web.say("/a", Answer(status=302, headers={"Location": f"{web.base}/b"}))
    web.say("/b", Answer(b"secret"))
    url = web.base.replace("127.0.0.1", "public.example") + "/a"
    with Client(Manners(pause=0)) as client, pytest.raises(RefusedAddress):
        client.get(url)
    assert [asked.path for asked in web.asked] == ["/a"]


def test_the_name_is_looked_up_once_and_that_address_used(
    web: Web, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    look = socket.getaddrinfo

    def lookup(host: str, *arguments: object, **options: object) -> object:
        names.append(host)
        local = "127.0.0.1" if host == "iiif.example" else host
        return look(local, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    web.say("/a", Answer(b"x"))
    for _turn in range(2):
        assert client.get(web.base.replace("127.0.0.1", "iiif.example") + "/a") == b"x"
    assert names.count("iiif.example") == 1
    assert web.asked[0].headers["Host"].startswith("iiif.example:")


def test_private_servers_are_refused_unless_allowed(web: Web) -> None:
    with Client(Manners()) as client, pytest.raises(RefusedAddress, match="allow-private"):
        client.get(web.say("/a", Answer(b"x")))
    assert not web.asked


def test_no_connection_is_tried_again_and_then_said(client: Client, slept: list[float]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(DownloadFailed, match="connection"):
            client.get(url)
    assert len(slept) == 3


def test_a_folder_that_cannot_be_written_is_an_output_error(
    web: Web, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        client.download(web.say("/a", Answer(b"x")), tmp_path / "file" / "p.jpg")
