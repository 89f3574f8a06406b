"""A web server on localhost for tests: scripted answers, files with ranges, IIIF image services."""

import hashlib
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: `cut` sends only so many bytes of its body, `stall` waits so many seconds."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: dict[str, str]
    time: float


Handler = Callable[[Asked], Answer]


class Web:
    """What the server answers, by path: a function, or answers in turn of which the last stays."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[Asked] = []
        self._routes: dict[str, Handler | list[Answer]] = {}
        self._services: dict[str, Handler] = {}

    def say(self, path: str, *answers: Answer) -> str:
        self._routes[path] = list(answers)
        return self.base + path

    def json(self, path: str, value: Any) -> str:
        return self.say(path, Answer(json.dumps(value).encode()))

    def file(self, path: str, data: bytes, *first: Answer, etag: str | None = None) -> str:
        """Serve a file that may be had in parts (RFC 9110, section 14), after other answers."""
        tag = etag or f'"{hashlib.sha256(data).hexdigest()}"'
        left = list(first)

        def handler(asked: Asked) -> Answer:
            if left:
                answer = left.pop(0)
                return Answer(
                    answer.body or data, answer.status, {"ETag": tag, **answer.headers}, answer.cut
                )
            if "Range" not in asked.headers:
                return Answer(data, headers={"ETag": tag})
            start = int(asked.headers["Range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(data):
                return Answer(status=416)
            said = {"ETag": tag, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            return Answer(data[start:], 206, said)

        self._routes[path] = handler
        return self.base + path

    def images(self, path: str, picture: Image.Image, version: int) -> str:
        """Serve an image by the IIIF Image API 2 or 3, level 1: info.json and whole images."""

        def handler(asked: Asked) -> Answer:
            rest = asked.path.removeprefix(f"{path}/")
            if rest == "info.json":
                return Answer(json.dumps(image_info(self.base + path, picture, version)).encode())
            region, size, rotation, name = rest.split("/")
            if (region, rotation, name) != ("full", "0", "default.jpg"):
                return Answer(status=400)
            wanted = image_size(size, picture.size, version)
            if wanted is None:
                return Answer(status=400)
            return Answer(jpeg(picture.resize(wanted)), headers={"Content-Type": "image/jpeg"})

        self._services[path] = handler
        return self.base + path

    def answer_of(self, path: str) -> bytes:
        """Return what lies at a path, without asking over the network."""
        return self._answer(Asked(path, {}, 0.0)).body

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self._answer(asked)

    def _answer(self, asked: Asked) -> Answer:
        route = self._routes.get(asked.path)
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        if route is not None:
            return route(asked)
        for path, handler in self._services.items():
            if asked.path.startswith(f"{path}/"):
                return handler(asked)
        return Answer(status=404)


def image_info(base: str, picture: Image.Image, version: int) -> dict[str, Any]:
    size = {"width": picture.width, "height": picture.height}
    protocol = "http://iiif.io/api/image"
    if version == 2:
        profile = [f"{protocol}/2/level1.json"]
        return {"@context": f"{protocol}/2/context.json", "@id": base, "profile": profile, **size}
    return {
        "@context": f"{protocol}/3/context.json",
        "id": base,
        "type": "ImageService3",
        "protocol": protocol,
        "profile": "level1",
        **size,
    }


def image_size(text: str, size: tuple[int, int], version: int) -> tuple[int, int] | None:
    """Return the pixels that a size parameter means (Image API, section 4.2), None for bad ones."""
    width, height = size
    if text == "max" or (text == "full" and version == 2):
        return size
    across, _comma, down = text.removeprefix("!").partition(",")
    scale = min(
        (int(part) / whole for part, whole in ((across, width), (down, height)) if part), default=0
    )
    if not 0 < scale <= 1:
        return None
    return max(1, round(width * scale)), max(1, round(height * scale))


def jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@contextmanager
def web_server() -> Iterator[Web]:
    """Run a server on a free port of localhost until the block ends."""

    class Talk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = web.answer(Asked(self.path, dict(self.headers), time.monotonic()))
            ended.wait(answer.stall)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            self.close_connection = answer.cut is not None

        def log_message(self, *_arguments: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # clients go away
                super().handle()

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    web = Web(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
