"""The exported PDF in pdf.js, run by a headless Chromium, and before OCRmyPDF."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from ocrmypdf.pdfinfo import PdfInfo

from htr.document.description import Description
from htr.exchange.pdf.document import PdfOptions, write_register
from htr.exchange.pdf.metadata import Metadata
from htr.exchange.register import register

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
VIEWER = Path(__file__).with_name("pdf_viewer.html")
PDFJS = "pdfjs-dist@5.6.205"
OPTIONS = PdfOptions(Metadata(datetime(2026, 1, 1, tzinfo=UTC), "htr", Description(language="fr")))
Tool = Callable[[str, str], str]


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("viewers") / "register.pdf"
    write_register(register([SAMPLE]), path, OPTIONS)
    return path


def test_ocrmypdf_sees_text_and_scans(pdf: Path) -> None:
    info = PdfInfo(pdf)
    assert len(info) == 5
    for page in info.pages:
        assert page is not None
        assert page.has_text
        assert len(page.images) == 1


def test_a_browser_finds_text(pdf: Path, tool: Tool) -> None:
    """By the search of pdf.js: words of a line, and a word that a hyphen splits."""
    chromium = tool("chromium", "chromium")
    _fetch_pdfjs(pdf.parent, tool("npm", "npm"))
    (pdf.parent / "index.html").write_bytes(VIEWER.read_bytes())
    with _served(pdf.parent) as (address, answers), _browser(chromium, address, pdf.parent):
        found = answers.get(timeout=120)
    assert found == {
        "Lormoisy a été nommé secrétaire": 1,
        "session ordinaire au lieu": 1,
        "Brézancourt": 3,
        "no such words": 0,
    }


def _fetch_pdfjs(folder: Path, npm: str) -> None:
    made = subprocess.run([npm, "pack", PDFJS], cwd=folder, capture_output=True, text=True)
    if made.returncode and not os.environ.get("CI"):
        pytest.skip(f"npm has no {PDFJS}: {made.stderr.strip()[-200:]}")
    assert not made.returncode, made.stderr
    subprocess.run(["tar", "xzf", made.stdout.split()[-1]], cwd=folder, check=True)


class _Pages(SimpleHTTPRequestHandler):
    """Serves a folder, and takes what its page posts."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def __init__(self, *arguments: Any, answers: Queue[object], **keywords: Any) -> None:
        self.answers = answers
        super().__init__(*arguments, **keywords)

    def do_POST(self) -> None:
        self.answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, Queue[object]]]:
    answers: Queue[object] = Queue()
    handler = partial(_Pages, directory=str(folder), answers=answers)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/index.html", answers
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _browser(chromium: str, address: str, folder: Path) -> Iterator[None]:
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile")
    # A port to be driven by, though nobody does, is what keeps it open after the page has loaded.
    command = (chromium, *options, "--remote-debugging-port=0", address)
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere) as process:
        try:
            yield
        finally:
            process.terminate()
