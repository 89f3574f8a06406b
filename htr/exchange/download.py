"""Files from the web, politely: one request at a time, pauses, retries that give way, resuming.

The library is urllib3, which lets a connection be made to the very address that was checked while
certificates are still held against the host's name; so a name that resolves to another address
the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from glob import escape
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, SSLError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url

from htr import __version__
from htr.errors import DownloadFailed
from htr.exchange.addresses import parsed, port, resolved
from htr.i18n import _
from htr.pipeline.files import output_error

Value = TypeVar("Value")

_JSON_LIMIT = 64 * 10**6
_IMAGE_LIMIT = 4 * 10**9
_CHUNK = 2**16
_REDIRECTS = 5
_PATIENCE = 60.0  # seconds after which a response must have come at _LEAST_RATE
_LEAST_RATE = 1000  # bytes a second
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")  # RFC 9110, section 14.4


@dataclass(frozen=True, slots=True)
class Manners:
    """How servers are treated: seconds between requests, tries for each, seconds of silence.

    `longest_wait` is for how many seconds at most a server may ask to be left alone.
    """

    pause: float = 0.5
    tries: int = 5
    timeout: float = 30.0
    longest_wait: float = 300.0
    allow_private: bool = False


class _Again(Exception):
    """What went wrong may be right at another try, after as many seconds as the server says."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Client:
    """Asks servers for files, one connection a server; to be used as a context manager.

    Redirects are followed, each checked like the first address. Its methods raise RefusedAddress,
    and DownloadFailed when all tries are used up or another would not help.
    """

    def __init__(self, manners: Manners, sleep: Callable[[float], None] = time.sleep) -> None:
        self._manners = manners
        self._sleep = sleep
        self._pools: dict[tuple[str, str, int], list[urllib3.HTTPConnectionPool]] = {}
        self._free: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for pools in self._pools.values():
            for pool in pools:
                pool.close()

    def get(self, url: str, *, limit: int = _JSON_LIMIT) -> bytes:
        """Return what lies at a URL, of `limit` bytes at most."""

        def attempt() -> bytes:
            with self._response(url) as response:
                return b"".join(_chunks(response, url, limit))

        return self._tried(url, attempt)

    def download(self, url: str, target: Path, *, limit: int = _IMAGE_LIMIT) -> Path:
        """Return a file beside `target` that holds what lies at a URL; the caller moves it there.

        If it breaks off, the file is left, and the next call goes on where it ends, if the server
        can and what it has is still the same. Raises OutputError too.
        """
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            return self._tried(url, lambda: self._go_on(url, target, limit))
        except OSError as error:
            raise output_error(error, target) from error

    def _go_on(self, url: str, target: Path, limit: int) -> Path:
        """Begin a download, or go on with one; return its file when it is complete.

        A part's name tells what it is a part of, so that it never goes on with another file's.
        """
        old = next(iter(_parts(target)), None)
        start = old.stat().st_size if old else 0
        with self._response(url, {"Range": f"bytes={start}-"} if start else {}) as response:
            part = _part(target, url, response)
            goes_on = response.status == 206
            fits = part == old and _range(response)[0] == start
            if response.status == 416 or (goes_on and not fits):
                remove_parts(target)
                raise _Again(_("it has changed"), after=0)
            if not goes_on:
                remove_parts(target)
            with part.open("ab" if goes_on else "wb") as file:
                for chunk in _chunks(response, url, limit - start):
                    file.write(chunk)
        return part

    def _tried(self, url: str, attempt: Callable[[], Value]) -> Value:
        for number in range(1, self._manners.tries + 1):
            try:
                return attempt()
            except _Again as problem:
                wait = float(2 ** (number - 1)) if problem.after is None else problem.after
                if number == self._manners.tries or wait > self._manners.longest_wait:
                    raise DownloadFailed(
                        _("The server did not give this: {reason}.").format(reason=problem),
                        path=url,
                        hint=_("Run the same command again later: it goes on where it stopped."),
                    ) from problem
                self._sleep(wait)
        raise AssertionError("tries is 1 at least")

    @contextmanager
    def _response(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[BaseHTTPResponse]:
        here = url
        for _turn in range(_REDIRECTS + 1):
            with self._asked(parsed(here), headers or {}) as response:
                if response.status not in _MOVED or "Location" not in response.headers:
                    _check_status(response, url)
                    yield response
                    return
                here = urljoin(here, response.headers["Location"])
        raise DownloadFailed(
            _("The server sends from one address to the next without end."),
            path=url,
            hint=_("Open the address in a browser, and give the one that it ends at."),
        )

    @contextmanager
    def _asked(self, parts: Url, headers: Mapping[str, str]) -> Iterator[BaseHTTPResponse]:
        """Send one request, when the server has had its pause, and give the response."""
        pools = self._of(parts)
        self._sleep(max(0.0, self._free.get(str(parts.host), 0.0) - time.monotonic()))
        try:
            response = pools[0].urlopen(
                "GET",
                parts.request_uri,
                headers={**_HEADERS, "Host": parts.netloc or "", **headers},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                yield response
            finally:
                response.close()
        except SSLError as error:
            raise DownloadFailed(
                _("The server has no valid certificate ({reason}).").format(reason=error),
                path=parts.url,
                hint=_("Check the address, and tell whoever runs the server."),
            ) from error
        except HTTPError as error:
            pools.append(pools.pop(0))  # the host's next address, if it has several
            raise _Again(_("the connection failed ({reason})").format(reason=error)) from error
        finally:
            self._free[str(parts.host)] = time.monotonic() + self._manners.pause

    def _of(self, parts: Url) -> list[urllib3.HTTPConnectionPool]:
        """Return a pool of one connection for each checked address of a URL's host."""
        key = (str(parts.scheme), str(parts.host), port(parts))
        if key not in self._pools:
            addresses = resolved(parts, allow_private=self._manners.allow_private)
            self._pools[key] = [self._pool(parts, address) for address in addresses]
        return self._pools[key]

    def _pool(self, parts: Url, address: str) -> urllib3.HTTPConnectionPool:
        timeout = urllib3.Timeout(self._manners.timeout)
        if parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, port(parts), timeout=timeout, maxsize=1)
        host = str(parts.host).strip("[]")
        return urllib3.HTTPSConnectionPool(
            address,
            port(parts),
            timeout=timeout,
            maxsize=1,
            server_hostname=host,
            assert_hostname=host,
        )


_HEADERS = {"User-Agent": f"htr/{__version__}", "Accept-Encoding": "identity"}


def remove_parts(target: Path) -> None:
    """Remove what unfinished downloads of a file left beside it."""
    for part in _parts(target):
        part.unlink(missing_ok=True)


def _parts(target: Path) -> list[Path]:
    return sorted(target.parent.glob(f".{escape(target.name)}.*.part"))


def _part(target: Path, url: str, response: BaseHTTPResponse) -> Path:
    """Return where a response's body is kept until it is whole, by what the server says it is."""
    length = response.headers.get("Content-Length")
    total = str(_range(response)[1]) if response.status == 206 else length
    said = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
    identity = hashlib.sha256(repr((url, total, *said)).encode()).hexdigest()[:16]
    return target.with_name(f".{target.name}.{identity}.part")


def _range(response: BaseHTTPResponse) -> tuple[int, int]:
    """Return where a part of a file begins and how long the file is; (-1, -1) where not said."""
    match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return (int(match[1]), int(match[2])) if match else (-1, -1)


def _chunks(response: BaseHTTPResponse, url: str, limit: int) -> Iterator[bytes]:
    """Yield a response's body as it comes, if it is not too long and not too slow."""
    start = time.monotonic()
    length = 0
    while chunk := response.read1(_CHUNK):
        length += len(chunk)
        if length > limit:
            raise DownloadFailed(
                _("The server sends more than {n} megabytes.").format(n=limit // 10**6),
                path=url,
                hint=_("This is not what a page is; for images, --max-size asks for less."),
            )
        elapsed = time.monotonic() - start
        if elapsed > _PATIENCE and length < elapsed * _LEAST_RATE:
            raise _Again(_("it comes too slowly"))
        yield chunk


def _check_status(response: BaseHTTPResponse, url: str) -> None:
    """Raise unless the server gives what was asked for (RFC 9110, section 15)."""
    status = response.status
    if status in (200, 206, 416):  # the latter two answer a Range
        return
    if status in _BUSY:
        after = _retry_after(response.headers.get("Retry-After"))
        raise _Again(_("it is busy ({status})").format(status=status), after)
    if status in (404, 410):
        message, hint = _("There is nothing at this address."), _("Check the address.")
    elif status in (401, 403):
        message = _("The server does not give this to everyone.")
        hint = _("Ask the institution for the right to it, or for a smaller --max-size.")
    else:
        message, hint = _("The server does not give this."), _("Open the address in a browser.")
    raise DownloadFailed(f"{message} ({status})", path=url, hint=hint)


def _retry_after(text: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for (RFC 9110, section 10.2.3), or None."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
