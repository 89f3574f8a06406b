"""Makes the sample register: `python corpora/generate_sample [FOLDER]`, from the project's root.

Needs npm for the typefaces. The same versions of Pillow and NumPy make the same bytes each time.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pages
from font import Font
from photograph import photograph
from PIL import Image
from sheet import Sheet, Zone, camera, trembling
from truth import page
from typeset import Bend

from htr.formats import write_alto

HERE = Path(__file__).resolve().parent
FONTS = {
    "delafield": "mrs-saint-delafield",
    "herr": "herr-von-muellerhoff",
    "meddon": "meddon",
    "pinyon": "pinyon-script",
}
DPI = 150
QUALITY = 66


def load_fonts() -> dict[str, Font]:
    """Return the typefaces, fetched by npm into the generator's folder where they are missing."""
    modules = HERE / "node_modules" / "@fontsource"
    if not all((modules / name).is_dir() for name in FONTS.values()):
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    return {
        key: Font(modules / name / "files" / f"{name}-latin-400-normal.woff")
        for key, name in FONTS.items()
    }


def write_sheet(sheet: Sheet, folder: Path) -> None:
    """Photograph a sheet and write its JPEG and its ALTO truth into a folder."""
    rng = np.random.default_rng(sheet.seed)
    tremble, bend = trembling(sheet, rng), camera(sheet, rng)
    zones = tuple(_bent(zone, lambda points: bend(tremble(points))) for zone in sheet.zones)
    written = [mark for zone in zones for line in zone.lines for mark in line.marks]
    jpeg = _jpeg(photograph(sheet, written, bend, rng))
    (folder / f"{sheet.name}.jpg").write_bytes(jpeg)
    truth = page(sheet, zones, bend, hashlib.sha256(jpeg).hexdigest())
    (folder / f"{sheet.name}.xml").write_bytes(write_alto(truth))


def _bent(zone: Zone, bend: Bend) -> Zone:
    return Zone(zone.kind, zone.frame, tuple(line.bent(bend) for line in zone.lines))


def _jpeg(image: Image.Image) -> bytes:
    data = BytesIO()
    image.save(data, "JPEG", quality=QUALITY, dpi=(DPI, DPI), optimize=True, progressive=True)
    return data.getvalue()


def main() -> None:
    """Write all pages into the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Make the sample register.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parent / "sample")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    fonts: Mapping[str, Font] = load_fonts()
    for lay_out in pages.ALL:
        write_sheet(lay_out(fonts), folder)


if __name__ == "__main__":
    main()
