"""Lines of a made-up script, quickly drawn: each letter is a bar of its own height."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw

from htr.corpus.text_line import TextLine

HEIGHTS = {"a": 4, "b": 8, "c": 12, "d": 16}
_STEP = 12


def drawn(
    text: str, *, page: str = "p", name: str = "l", letters: dict[str, int] = HEIGHTS
) -> TextLine:
    image = Image.new("L", (_STEP * len(text) + 8, 20), 230)
    pen = ImageDraw.Draw(image)
    for place, letter in enumerate(text):
        if letter != " ":
            left = 4 + _STEP * place
            pen.rectangle((left, 19 - letters[letter], left + 6, 19), fill=20)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return TextLine(buffer.getvalue(), text, page=page, document="d", id=name)


def some(
    number: int, *, seed: int = 0, page: str = "p", letters: dict[str, int] = HEIGHTS
) -> list[TextLine]:
    chance = random.Random(seed)
    return [
        drawn(
            "".join(chance.choice(list(letters)) for _letter in range(chance.randint(3, 7))),
            page=f"{page}{line % 4}",
            name=f"l{line}",
            letters=letters,
        )
        for line in range(number)
    ]
