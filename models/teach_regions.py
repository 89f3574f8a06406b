"""Give pages of ground truth without regions those that kraken's default segmenter finds.

    python models/teach_regions.py ../shared/corpora/train -o taught/train

A segmenter learns what it is shown: on pages whose truth has lines alone it would learn that there
are no regions. Pages that have regions are copied as they are; images stay where they lie.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from htr.document.geometry import Polygon
from htr.document.page import Line, Page, Region
from htr.engine import models
from htr.engine.layout import FoundZone, LayoutFinder
from htr.engine.layout.zones import owners
from htr.engine.segmenting import inside
from htr.exchange.register import PageFile, register
from htr.formats import write_alto
from htr.imaging.load import load
from htr.imaging.source import Source
from htr.pipeline.files import write_whole
from htr.settings import TranscribeSettings
from htr.training.layout import network


def taught(page: Page, zones: tuple[FoundZone, ...]) -> Page:
    """Return a page with its lines in zones; lines in none stay together, empty zones go."""
    size = (page.image.width, page.image.height)
    placed = [(line, line.baseline.points) for line in page.lines if line.baseline]
    homes = owners([points for _line, points in placed], [zone.outline for zone in zones])
    inner: dict[int | None, list[Line]] = {
        None: [line for line in page.lines if line.baseline is None]
    }
    for (line, _points), home in zip(placed, homes, strict=True):
        inner.setdefault(home, []).append(line)
    regions = [
        Region(
            f"r{number}",
            zone.kind,
            Polygon(tuple(inside(point, size) for point in zone.outline)),
            tuple(inner[number]),
        )
        for number, zone in enumerate(zones)
        if number in inner
    ]
    alone = (Region("rest", lines=tuple(inner[None])),) if inner[None] else ()
    return replace(page, regions=(*regions, *alone))


def teach(file: PageFile, finder: LayoutFinder, folder: Path) -> None:
    """Write a page to a folder, with regions if it had none."""
    target = folder / f"{file.name}.xml"
    page = file.read_from(target.parent)
    if not any(region.polygon for region in page.regions):
        usual = TranscribeSettings()
        source = Source(file.image(file.read(letters=False)))
        image = load(source, max_pixels=usual.max_pixels, dpi=usual.dpi).image
        page = taught(page, finder(image).zones)
    write_whole(target, write_alto(page))


def main() -> None:
    """Teach the pages named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="folders of ALTO or PAGE files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the new files")
    options = parser.parse_args()
    finder = LayoutFinder(network.load(models.segmenter(None)), torch.device("cpu"))
    for file in tqdm(register(options.sources), disable=None):
        teach(file, finder, options.output)


if __name__ == "__main__":
    main()
