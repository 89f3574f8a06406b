"""Bad input, through the command itself: a clear error, the file's name, a remedy, nothing lost."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<alto><Description>&d;</Description></alto>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE alto [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<alto><Description>&secret;</Description></alto>"""


def htr(
    *arguments: str | Path, prepare: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "htr", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=prepare,
        env={**os.environ, "HTR_LANG": "en"},
    )


def good(folder: Path, name: str = "good.png") -> Path:
    path = folder / name
    Image.new("L", (300, 200), 255).save(path)
    return path


def truncated(path: Path) -> None:
    Image.effect_noise((400, 300), 90).save(path)
    path.write_bytes(path.read_bytes()[:9000])


def locked(path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))


def bomb(path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(path, compression="group4")


def laughs(path: Path) -> None:
    path.write_text(LAUGHS)


def external(path: Path) -> None:
    path.write_text(EXTERNAL)


@pytest.mark.parametrize(
    ("name", "make", "cause", "remedy"),
    [
        ("cut.jpg", truncated, "damaged-image", "again"),
        ("empty.jpg", lambda path: path.write_bytes(b""), "empty-file", "again"),
        ("text.jpg", lambda path: path.write_text("Monsieur le maire"), "not-an-image", "JPEG"),
        ("bomb.tif", bomb, "image-too-large", "--max-pixels"),
        ("locked.pdf", locked, "locked-pdf", "password"),
        ("broken.pdf", lambda path: path.write_bytes(b"%PDF-1.7 and no more"), "damaged-pdf", ""),
        ("laughs.xml", laughs, "unsafe-xml", ""),
        ("external.xml", external, "unsafe-xml", ""),
        ("half.xml", lambda path: path.write_text("<alto><Layout>"), "bad-xml", ""),
    ],
)
def test_a_bad_file_costs_itself_and_says_why(
    tmp_path: Path, name: str, make: Callable[[Path], object], cause: str, remedy: str
) -> None:
    make(tmp_path / name)
    result = htr(
        "transcribe",
        tmp_path / name,
        good(tmp_path),
        "-o",
        tmp_path / "out",
        "-m",
        "fake",
        "--json",
    )
    assert result.returncode == 8, result.stderr
    summary = json.loads(result.stdout)
    assert summary["done"] == 1
    assert summary["causes"] == {cause: 1}
    assert name in result.stderr
    assert summary["failed"][0]["hint"]
    assert remedy in summary["failed"][0]["hint"]
    assert "Traceback" not in result.stderr
    hostname = Path("/etc/hostname")
    if hostname.exists():
        assert hostname.read_text().strip() not in result.stdout + result.stderr
    written = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written == {"good.xml", "run.jsonl"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["none.jpg", "-o", "out"], 3, ["none.jpg", "Check"]),
        (["good.png", "-o", "good.png"], 5, ["good.png", "file", "-o"]),
        (["good.png", "-o", "out", "-m", "none-such"], 4, ["none-such", "htr models list"]),
        (["good.png", "-o", "out", "-m", "own.mlmodel"], 4, ["own.mlmodel", "kraken"]),
        (["good.png", "-o", "out", "-m", "fake", "-j", "0"], 2, ["--jobs"]),
        (["good.png", "good.tif", "-o", "out", "-m", "fake"], 7, ["good.tif", "Rename"]),
        (["sub", "-o", "out", "-m", "fake"], 3, ["sub", "-r"]),
    ],
)
def test_what_stops_the_run_names_the_file_and_the_remedy(
    tmp_path: Path,
    arguments: list[str],
    code: int,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good(tmp_path)
    good(tmp_path, "good.tif")
    (tmp_path / "own.mlmodel").write_bytes(b"no weights")
    (tmp_path / "sub" / "sub").mkdir(parents=True)
    good(tmp_path / "sub" / "sub")
    monkeypatch.chdir(tmp_path)
    result = htr("transcribe", *arguments)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr
    assert not list(tmp_path.glob("out/*.xml"))


def test_a_full_disk_stops_the_run_and_the_next_goes_on(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: writes break off just the same."""
    scans = tmp_path / "scans"
    scans.mkdir()
    for number in range(3):
        good(scans, f"p{number}.png")
    Image.new("L", (900, 2100), 255).save(scans / "p3.png")
    command = ("transcribe", scans, "-o", tmp_path / "out", "-m", "fake", "-j", "1")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64_000, 64_000))

    result = htr(*command, prepare=limit)
    assert result.returncode == 5, result.stderr
    assert "p3.xml" in result.stderr
    assert "Make room" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.*")) == [
        "p0.xml", "p1.xml", "p2.xml", "run.jsonl",
    ]  # fmt: skip
    again = htr(*command, "--json")
    assert again.returncode == 0
    assert (json.loads(again.stdout)["done"], json.loads(again.stdout)["unchanged"]) == (1, 3)


def test_settings_come_from_htr_toml_and_unknown_keys_are_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "htr.toml").write_text('[transcribe]\nmodel = "fake"\njobs = 1\n')
    assert htr("transcribe", "good.png", "-o", "out").returncode == 0
    (tmp_path / "htr.toml").write_text("[transcribe]\nspeed = 9\n")
    result = htr("transcribe", "good.png", "-o", "out")
    assert result.returncode == 2
    assert "htr.toml" in result.stderr
    assert "speed" in result.stderr
    (tmp_path / "htr.toml").write_text('[transcribe]\njobs = "many"\n')
    assert "jobs" in htr("transcribe", "good.png", "-o", "out").stderr


def test_ctrl_c_stops_in_order_and_says_how_to_go_on(tmp_path: Path) -> None:
    import signal
    import time

    for number in range(400):
        good(tmp_path, f"p{number}.png")
    process = subprocess.Popen(
        [sys.executable, "-m", "htr", "transcribe", tmp_path, "-o", tmp_path / "out", "-m", "fake"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HTR_LANG": "en"},
        # A shell gives what it runs in the background Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("out/*.xml"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Run the same command again" in err
    assert "Traceback" not in err
    assert 5 <= len(list(tmp_path.glob("out/*.xml"))) < 400
    assert not list(tmp_path.glob("out/.*"))
