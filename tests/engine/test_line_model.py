"""A line model says rightly how many time steps a strip has, and reads it."""

import numpy as np
import pytest
from PIL import Image

from htr.engine import EngineSpec
from htr.engine.line_model import LineModel
from htr.engine.models import recogniser, segmenter

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model() -> LineModel:
    return LineModel(EngineSpec(recogniser(None), segmenter(None)))


@pytest.mark.parametrize(("width", "height"), [(300, 60), (1500, 96), (90, 90), (777, 31)])
def test_steps_are_those_that_the_network_has(width: int, height: int, model: LineModel) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (height, width), np.uint8)
    strip = Image.fromarray(noise)
    (logits,) = model._reader.logits([strip])
    assert abs(model.steps(strip) - len(logits)) <= 1
    assert model.steps(strip) > 4


def test_it_reads_in_its_alphabet(model: LineModel) -> None:
    assert {"e", "é", " ", "1"} <= model.alphabet
    noise = np.random.default_rng(1).integers(0, 255, (60, 600), np.uint8)
    read, blank = model.read([Image.fromarray(noise), Image.new("L", (600, 60), 255)])
    assert set(read) <= model.alphabet
    assert blank == ""
