"""Outlines of blobs, against kraken's own tracing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from kraken.lib.segmentation import boundary_tracing
from skimage.measure import regionprops

from htr.engine.layout.outlines import blobs, outlines


@given(arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_every_outline_is_krakens(mask: np.ndarray) -> None:
    labels = blobs(mask)
    theirs = {
        blob.label: boundary_tracing(blob).tolist()
        for blob in regionprops(labels)
        if blob.area >= 2
    }
    ours = {number: ring.tolist() for number, ring in outlines(labels, 2).items()}
    assert ours == theirs


def test_small_blobs_have_no_outline() -> None:
    mask = np.zeros((10, 10), bool)
    mask[1, 1:4] = mask[5:8, 5:8] = True
    assert list(outlines(blobs(mask), 6)) == [2]


def test_a_square_is_passed_clockwise_from_its_first_pixel() -> None:
    mask = np.zeros((4, 4), bool)
    mask[1:3, 1:3] = True
    assert outlines(blobs(mask), 2)[1].tolist() == [[1, 1], [1, 2], [2, 2], [2, 1]]
