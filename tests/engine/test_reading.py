"""Lines read together as kraken reads them one by one, whatever the network."""

import warnings

import numpy as np
import pytest
import torch
from kraken.configs import RecognitionInferenceConfig
from kraken.containers import BaselineLine, Segmentation
from kraken.lib.vgsl import TorchVGSLModel
from PIL import Image

from htr.document.geometry import Baseline, Polygon
from htr.document.page import Line
from htr.engine.decoding import Greedy
from htr.engine.protocol import LineReading
from htr.engine.reading import LineReader

SPECS = {
    "usual": "[1,48,0,1 Cr4,4,8,2,2 Cr3,3,12 Mp2,2 Do S1(1x0)1,3 Lbx16 Do Lbx16 Do O1c12]",
    "odd pooling": "[1,48,0,1 Cr3,5,8 Mp3,3 Ct3,3,8,1,2 Mp2,3 S1(1x0)1,3 Lbx16 O1c12]",
    "colour, norm": "[1,32,0,3 Cr3,3,8 Gn2 Mp2,2 Cr3,3,8 Gn4 S1(1x0)1,3 Lfx16 O1c12]",
    "down": "[1,24,0,1 Cr3,3,8 Mp2,2 Lfys16 Lbx16 O1c12]",
    "in parallel": "[1,24,0,1 Cr3,3,8 Mp2,2 S1(1x0)1,3 Lbx16 ([Lfx8] [Lfx8]) O1c12]",
    "no LSTM": "[1,24,0,1 Cr3,3,8 Mp2,2 S1(1x0)1,3 O1c12]",
    "LSTM alone": "[1,1,0,48 Lbx16 O1c12]",
}


def model(spec: str, *, legacy: bool = False) -> TorchVGSLModel:
    torch.manual_seed(7)
    codec = {character: [label] for label, character in enumerate("abcdefghijk", start=1)}
    net = TorchVGSLModel(vgsl=spec, codec=codec, model_type=["recognition"], legacy_polygons=legacy)
    # Weights as they are drawn leave a network with little to say.
    for weights in net.parameters():
        weights.data *= 3
    config = RecognitionInferenceConfig(accelerator="cpu", device=1, num_line_workers=0)
    net.prepare_for_inference(config)
    return net


def page() -> tuple[Image.Image, list[Line]]:
    random = np.random.default_rng(3)
    coarse = Image.fromarray(random.integers(0, 256, (60, 80, 3), np.uint8))
    image = coarse.resize((800, 600), Image.Resampling.BICUBIC)
    lines = []
    for number, width in enumerate((700, 90, 333, 120, 95, 500, 641, 60, 218, 406)):
        top = 10.0 + 58 * number
        points = ((20.0, top + 35), (20.0 + width / 2, top + 38 + number), (20.0 + width, top + 33))
        corners = ((10.0, top), (30.0 + width, top), (30.0 + width, top + 50), (10.0, top + 50))
        baseline = points if number % 2 else points[::2]
        lines.append(Line(f"l{number}", Baseline(baseline), Polygon(corners)))
    return image, lines


def krakens(net: TorchVGSLModel, image: Image.Image, lines: list[Line]) -> list[str]:
    bounds = Segmentation(
        type="baselines",
        imagename="",
        text_direction="horizontal-lr",
        script_detection=False,
        lines=[
            BaselineLine(
                id=line.id,
                baseline=[(int(x), int(y)) for x, y in line.baseline.points],
                boundary=[(int(x), int(y)) for x, y in line.polygon.points],
            )
            for line in lines
            if line.baseline and line.polygon
        ],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [record.prediction for record in net.predict(image, bounds)]


def reader(net: TorchVGSLModel) -> LineReader:
    return LineReader(net, lambda _image, lines: [None] * len(lines))


def text(reading: LineReading) -> str:
    return "".join(glyph.text for glyph in reading.glyphs)


@pytest.mark.parametrize("name", SPECS)
def test_lines_read_as_kraken_reads_them(name: str) -> None:
    image, lines = page()
    expected = krakens(model(SPECS[name]), image, lines)
    assert len(set(expected)) > 1, expected
    assert [text(line) for line in reader(model(SPECS[name])).read(image, lines)] == expected


def test_a_network_trained_on_strips_of_old_gets_them() -> None:
    image, lines = page()
    expected = krakens(model(SPECS["usual"], legacy=True), image, lines)
    assert expected != krakens(model(SPECS["usual"]), image, lines)
    found = reader(model(SPECS["usual"], legacy=True)).read(image, lines)
    assert [text(line) for line in found] == expected


@pytest.mark.parametrize("name", ["usual", "colour, norm", "down"])
def test_a_line_reads_the_same_alone_and_among_others(name: str) -> None:
    image, lines = page()
    read = reader(model(SPECS[name])).read
    for line, together in zip(lines, read(image, lines), strict=True):
        (alone,) = read(image, [line])
        assert text(alone) == text(together)
        assert [glyph.polygon for glyph in alone.glyphs] == [
            glyph.polygon for glyph in together.glyphs
        ]
        for one, other in zip(alone.glyphs, together.glyphs, strict=True):
            assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_lines_come_back_in_their_order_with_any_number_of_threads() -> None:
    image, lines = page()
    read = reader(model(SPECS["usual"])).read
    threads = torch.get_num_threads()
    found = []
    try:
        for number in (1, 3):
            torch.set_num_threads(number)
            found.append([text(line) for line in read(image, lines)])
            assert torch.get_num_threads() == number
    finally:
        torch.set_num_threads(threads)
    assert found[0] == found[1]
    assert [text(line) for line in read(image, lines[::-1])] == found[0][::-1]


def test_lines_that_cannot_be_read_come_back_empty() -> None:
    image, lines = page()
    blank = Image.new("RGB", image.size, "white")
    read = reader(model(SPECS["usual"])).read
    dot = Line("dot", Baseline(((5.0, 5.0), (7.0, 5.0))), lines[0].polygon)
    unknown = Line("unknown")
    first, *empty = read(image, [lines[0], dot, unknown])
    assert first.glyphs
    assert empty == [LineReading(), LineReading()]
    corners = Polygon(((20.0, 20.0), (300.0, 20.0), (300.0, 70.0), (20.0, 70.0)))
    level = Line("level", Baseline(((20.0, 60.0), (300.0, 60.0))), corners)
    assert read(blank, [level]) == (LineReading(),)
    assert read(blank, []) == ()


def test_where_others_have_a_say_the_networks_own_doubt_is_told() -> None:
    image, lines = page()
    net = model(SPECS["usual"])
    plain = reader(net).read(image, lines)
    greedy = Greedy(net.codec)
    other = LineReader(
        net,
        lambda _image, lines: [None] * len(lines),
        lambda logits, lengths: greedy(logits, lengths),
    )
    for alone, together in zip(plain, other.read(image, lines), strict=True):
        assert alone.glyphs == together.glyphs
        assert alone.network is None
        if alone.glyphs:
            assert together.network is not None
            known = [glyph.confidence or 0.0 for glyph in alone.glyphs]
            assert together.network.letters == len(known)
            assert together.network.share == pytest.approx(1 - sum(known) / len(known), abs=1e-3)
