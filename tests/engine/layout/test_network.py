"""The segmentation network in stripes, against kraken's own modules."""

import numpy as np
import pytest
import torch
from kraken.lib.vgsl import TorchVGSLModel
from PIL import Image

from htr.engine.layout.heatmaps import HeatmapNetwork, without_denormals
from htr.engine.layout.network import compiled

SPEC = (
    "[1,120,0,3 Cr7,7,8,2,2 Gn4 Cr3,3,16,2,2 Gn4 Cr3,3,16 Gn4 Lbx8 Lby8 Cr1,1,8 Gn4 Lby8 Lbx8 O2l4]"
)
CPU = torch.device("cpu")


def model(spec: str = SPEC) -> TorchVGSLModel:
    torch.manual_seed(7)
    net = TorchVGSLModel(vgsl=spec)
    net.eval()
    for weights in net.parameters():
        torch.nn.init.uniform_(weights, -0.3, 0.3)
    return net


@pytest.fixture(scope="module")
def net() -> TorchVGSLModel:
    return model()


@pytest.mark.parametrize("size", [(120, 96), (120, 301), (333, 121), (120, 1500)])
def test_the_answers_are_those_of_krakens_layers(
    net: TorchVGSLModel, size: tuple[int, int]
) -> None:
    network = compiled(net.nn, CPU)
    assert network is not None
    pixels = torch.randint(0, 256, (*size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        expected, _lengths = net.nn(pixels.permute(2, 0, 1)[None] / 255, None)
        found = network(pixels).permute(2, 0, 1)
    assert found.shape == expected[0].shape
    assert torch.allclose(found, expected[0], atol=4e-3)


def test_pages_of_all_sizes_share_the_buffers(net: TorchVGSLModel) -> None:
    network = compiled(net.nn, CPU)
    assert network is not None
    small, large = (
        torch.randint(0, 256, (120, width, 3), dtype=torch.uint8) for width in (90, 700)
    )
    with torch.inference_mode():
        first = network(small).clone()
        network(large)
        again = network(small)
    assert torch.equal(first, again)


@pytest.mark.parametrize("spec", ["[1,120,0,3 Cr3,3,8 Mp2,2 O2l4]", "[1,120,0,3 Ct3,3,8 O2l4]"])
def test_other_networks_are_left_to_kraken(spec: str) -> None:
    net = model(spec)
    assert compiled(net.nn, CPU) is None
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8))
    maps = HeatmapNetwork(net, CPU)(image).maps
    pixels = np.array(image.resize((160, 120), Image.Resampling.LANCZOS))
    with torch.inference_mode():
        dark = torch.from_numpy(pixels.max() - pixels).permute(2, 0, 1)[None] / 255
        expected = torch.sigmoid(net.nn(dark, None)[0])[0].numpy()
    assert np.allclose(maps, expected, atol=1e-5)


def test_the_page_is_scaled_to_the_networks_height(net: TorchVGSLModel) -> None:
    seen = HeatmapNetwork(net, CPU)(Image.new("L", (500, 240), 255))
    assert seen.grey.shape == (120, 250)
    assert seen.maps.shape == (4, 30, 63)
    assert seen.scale == (2.0, 2.0)


def test_denormal_weights_are_zeroed_and_others_kept() -> None:
    layer = torch.nn.Linear(3, 1)
    layer.weight.data = torch.tensor([[1e-40, -1e-35, 0.5]])
    without_denormals(layer)
    assert layer.weight.tolist() == [[0.0, 0.0, 0.5]]
