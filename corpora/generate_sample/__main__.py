"""Makes the sample registers: `python corpora/generate_sample [FOLDER]`, from the project's root.

They are folders in FOLDER: `sample`, and `one-hand` for the tutorial on training.

Needs npm for the typefaces. The same versions of Pillow and NumPy make the same bytes each time.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pages
from births import births
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
    """Write all pages into folders of the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Make the sample registers.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parent)
    folder: Path = parser.parse_args().folder
    fonts: Mapping[str, Font] = load_fonts()
    registers: dict[str, Iterable[Sheet]] = {
        "sample": (lay_out(fonts) for lay_out in pages.ALL),
        "one-hand": births(fonts),
    }
    for name, sheets in registers.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for sheet in sheets:
            write_sheet(sheet, folder / name)


if __name__ == "__main__":
    main()
