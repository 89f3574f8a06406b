"""Small drawn pages of lines of ink, with their layout as ALTO."""

from pathlib import Path
from random import Random
from xml.sax.saxutils import quoteattr

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 220, 300
# Reads pages of half that height; two seconds of training teach it where lines are.
SPEC = "[1,150,0,1 Cr3,3,8,2,2 Gn4 Cr3,3,16 Gn4 Cr3,3,16,1,1,2,2 Gn4 Lbx8]"


def write_pages(folder: Path, count: int, *, zone: str = "MainZone", heading: bool = False) -> Path:
    """Write pages with their ALTO; the first line is of another kind where that is asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        lines = _draw(folder / f"p{number}.png", Random(number))
        (folder / f"p{number}.xml").write_text(
            _alto(f"p{number}.png", lines, zone, heading=heading)
        )
    return folder


def _draw(path: Path, chance: Random) -> list[tuple[int, int, int]]:
    """Draw a page and return its lines: left, height of the baseline, right."""
    image = Image.new("L", (WIDTH, HEIGHT), 235)
    pen = ImageDraw.Draw(image)
    lines = []
    y = 30 + chance.randrange(15)
    while y < HEIGHT - 20:
        left, right = 20 + chance.randrange(20), 200 - chance.randrange(40)
        for x in range(left, right, 7):
            pen.rectangle((x, y - 9, x + 4, y), fill=40)
        lines.append((left, y, right))
        y += 24 + chance.randrange(6)
    image.save(path)
    return lines


def _alto(image: str, lines: list[tuple[int, int, int]], zone: str, *, heading: bool) -> str:
    tags = {True: ' TAGREFS="H"', False: ""}
    rows = "".join(
        f'<TextLine ID="l{at}" BASELINE="{left} {y} {right} {y}" HPOS="{left}" VPOS="{y - 10}"'
        f' WIDTH="{right - left}" HEIGHT="12"{tags[heading and at == 0]}>'
        f'<String CONTENT="a" HPOS="{left}" VPOS="{y - 10}" WIDTH="9" HEIGHT="12"/></TextLine>'
        for at, (left, y, right) in enumerate(lines)
    )
    return (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>'
        "<MeasurementUnit>pixel</MeasurementUnit><sourceImageInformation>"
        f"<fileName>{image}</fileName></sourceImageInformation></Description>"
        f'<Tags><OtherTag ID="Z" LABEL={quoteattr(zone)} DESCRIPTION="block type"/>'
        '<OtherTag ID="H" LABEL="HeadingLine" DESCRIPTION="line type"/></Tags>'
        f'<Layout><Page ID="p" PHYSICAL_IMG_NR="1" WIDTH="{WIDTH}" HEIGHT="{HEIGHT}">'
        f'<PrintSpace HPOS="0" VPOS="0" WIDTH="{WIDTH}" HEIGHT="{HEIGHT}">'
        '<TextBlock ID="b" TAGREFS="Z" HPOS="10" VPOS="15" WIDTH="200" HEIGHT="275">'
        '<Shape><Polygon POINTS="10 15 210 15 210 290 10 290"/></Shape>'
        f"{rows}</TextBlock></PrintSpace></Page></Layout></alto>"
    )
