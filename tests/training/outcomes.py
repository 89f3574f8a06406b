"""A small training's outcome for the tests of its report and card, without any model."""

import math
from io import BytesIO

from PIL import Image, ImageDraw

from htr.corpus.text_line import TextLine
from htr.document.metrics import EditCounts
from htr.training.outcome import CurvePoint, LineOutcome, Moment, NewCharacter, Outcome

TEXT = "Du trois mars mil huit cent vingt-sept"


def picture(text: str = TEXT) -> bytes:
    image = Image.new("L", (260, 48), 230)
    ImageDraw.Draw(image).text((6, 16), text, fill=20)
    buffer = BytesIO()
    image.save(buffer, "WEBP")
    return buffer.getvalue()


def line(page: str, number: int, text: str, before: str, after: str) -> LineOutcome:
    return LineOutcome(
        TextLine(picture(text), text, page=page, collection="Val", id=f"l{number}"), before, after
    )


def lines(pages: int = 4, prefix: str = "p") -> tuple[LineOutcome, ...]:
    """Three lines a page; of each, 6 letters wrong before, and of later pages more after."""
    return tuple(
        line(
            f"{prefix}{page}",
            number,
            TEXT,
            "xxxxxx" + TEXT[6:],
            "y" * min(page, 5) + TEXT[min(page, 5) :],
        )
        for page in range(pages)
        for number in range(3)
    )


def curve(pages: int = 4) -> tuple[CurvePoint, ...]:
    return tuple(
        CurvePoint(n, {f"p{page}": EditCounts(errors + page, 0, 0, 1000) for page in range(pages)})
        for n, errors in ((0, 160), (25, 120), (50, 100), (100, 80))
    )


def moments() -> tuple[Moment, ...]:
    return (
        Moment(0.0, 0, math.nan, 0.16),
        Moment(60.0, 1000, 0.8, 0.10),
        Moment(120.0, 2000, 0.5, 0.05),
        Moment(240.0, 3000, 0.4, 0.06),
    )


OUTCOME = Outcome(
    name="valmorin",
    base="french-registers-1",
    spec="[1,48,0,1 Cr{C_0}3,3,32 Lbx{L_1}100 O{O_2}1c110]",
    split="Held out: 4 of 14 pages.",
    trained=100,
    pages=10,
    held_out=12,
    moments=moments(),
    best=2,
    lines=lines(),
    kept=lines(3, "other"),
    curve=curve(),
    new_characters=(NewCharacter("ſ", 31, ("p1, l2", "p3, l4")),),
    rare_characters=(NewCharacter("<", 1, ("p2, l1",)),),
    collections=("valmorin",),
    settings=(("seed", "0"),),
    seconds=245.0,
    held_out_by="page",
    alphabet=111,
    command="htr train valmorin -o valmorin.mlmodel",
    finished="2026-11-25",
)
