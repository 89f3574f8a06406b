"""Only http and https, and only hosts of the public internet, however they are written."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htr.errors import DownloadFailed, RefusedAddress
from htr.exchange.addresses import is_public, is_url, parsed, port, resolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://iiif.example.org/m.json", True),
        ("file:///etc/passwd", True),
        ("ftp://example.org", True),
        ("C:\\scans", False),
        ("scans/1827", False),
        ("manifest.json", False),
    ],
)
def test_addresses_are_told_from_paths(text: str, expected: bool) -> None:
    assert is_url(text) is expected


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/x", "gopher://h/", "http:///x", "http://a b/"]
)
def test_other_schemes_are_refused_by_name(url: str) -> None:
    with pytest.raises(RefusedAddress) as caught:
        parsed(url)
    assert caught.value.path == url


def test_users_and_fragments_are_dropped_and_ports_implied() -> None:
    parts = parsed("HTTPS://me:secret@Example.org/a?b#c")
    assert parts.url == "https://example.org/a?b"
    assert port(parts) == 443
    assert port(parsed("http://example.org:8080")) == 8080


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.5.4",
        "169.254.169.254",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
    ],
)
def test_private_hosts_are_refused_unless_allowed(host: str) -> None:
    parts = parsed(f"http://{host}/manifest")
    with pytest.raises(RefusedAddress, match="allow-private"):
        resolved(parts, allow_private=False)
    assert resolved(parts, allow_private=True)


def lookup(*addresses: str) -> Callable[..., list[Any]]:
    def getaddrinfo(*_arguments: object, **_options: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, 80)) for name in addresses]

    return getaddrinfo


def test_one_private_answer_of_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parsed("http://iiif.example.org/")
    monkeypatch.setattr(socket, "getaddrinfo", lookup("93.184.215.14", "93.184.215.15"))
    assert resolved(parts, allow_private=False) == ("93.184.215.14", "93.184.215.15")
    monkeypatch.setattr(socket, "getaddrinfo", lookup("93.184.215.14", "10.0.0.1"))
    with pytest.raises(RefusedAddress):
        resolved(parts, allow_private=False)


def test_an_unknown_host_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(DownloadFailed, match=r"none\.example"):
        resolved(parsed("http://none.example/"), allow_private=False)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_free_it(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = (f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}")
    assert all(is_public(name) == is_public(str(address)) for name in wrapped)
