"""A line to learn from: its picture, its text and where it is from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that was cut out and straightened along its baseline, with its text.

    `image` holds the bytes of a grey image file, black outside of the line's outline. `page` names
    the line's page (its path below its folder, without suffix), `document` the volume that the
    page is of (the page's folder), `collection` the first folder; `id` is the line's on its page.
    `split` is `train`, `val` or `test` where that was decided beforehand.
    """

    image: bytes
    text: str
    page: str
    collection: str = ""
    document: str = ""
    id: str = ""
    split: str | None = None

    @property
    def place(self) -> str:
        """The page's name with its collection before it, where it does not begin with that."""
        if not self.collection or self.page.startswith(self.collection + "/"):
            return self.page
        return f"{self.collection}/{self.page}"

    def strip(self) -> Image.Image:
        """Return the picture, with one channel."""
        return Image.open(BytesIO(self.image)).convert("L")

    def with_text(self, text: str) -> TextLine:
        """Return the line with another text."""
        return replace(self, text=text)
