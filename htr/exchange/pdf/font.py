"""The invisible font: a blank glyph that stands for any character of Unicode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from htr.errors import OutputError
from htr.i18n import _

# In thousandths of the font size. Width is any; readers take a line's height from the other two.
WIDTH = 500
ASCENT = 900
DESCENT = -300

_NAME = "/HtrInvisible"
_MOST = 0xFFFF  # two-byte codes; code 0 is .notdef, which PDF/A lets no text use
_BLOCK = 100  # entries in one bfchar operator, at most
_1970 = 2_082_844_800  # seconds since 1904, which fonts count from: the font is always the same
_SYMBOLIC = 4  # ISO 32000-1, table 123


class Codes:
    """Two-byte codes given to grapheme clusters in the order in which they come."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, clusters: Iterable[str]) -> str:
        """Return clusters as the inside of a PDF hexadecimal string, four digits a cluster.

        Raises OutputError where a document has more than 65,535 different ones.
        """
        return "".join(f"{self._code(cluster):04X}" for cluster in clusters)

    def _code(self, cluster: str) -> int:
        code = self._codes.setdefault(cluster, len(self._codes) + 1)
        if code > _MOST:
            raise OutputError(
                _("The register has more different characters than a PDF font can hold."),
                hint=_("Export it in parts."),
            )
        return code

    @property
    def clusters(self) -> Sequence[str]:
        """The clusters by their codes: the first has code 1."""
        return tuple(self._codes)


def add_font(pdf: Pdf, clusters: Sequence[str]) -> Object:
    """Return the font for these clusters (`Codes.clusters`), added to a PDF as an object.

    It is a Type0 font (ISO 32000-1, 9.7) by Identity-H: all codes show the one blank glyph, and
    ToUnicode says which cluster each stands for, so that a letter comes out with its marks.
    """
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(_NAME),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(_descriptor(pdf)),
        DW=WIDTH,
        CIDToGIDMap=Stream(pdf, b"\0\0" + b"\0\1" * len(clusters)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(_NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, to_unicode(clusters)),
        )
    )


def _descriptor(pdf: Pdf) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(_NAME),
        Flags=_SYMBOLIC,
        FontBBox=Array([0, DESCENT, WIDTH, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=Stream(pdf, font_file()),
    )


def font_file() -> bytes:
    """Return the TrueType file: .notdef and the blank glyph, with the tables that PDF wants.

    The blank glyph has two contours without area, at opposite corners of its cell: it leaves no
    mark, yet has the cell's extent. MuPDF drops the text of a glyph that has no contour.
    """
    pen = TTGlyphPen(None)
    for corner in ((0, DESCENT), (WIDTH, ASCENT)):
        pen.moveTo(corner)
        pen.lineTo(corner)
        pen.lineTo(corner)
        pen.closePath()
    blank = pen.glyph()
    builder = FontBuilder(unitsPerEm=1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupHead(unitsPerEm=1000, created=_1970, modified=_1970)
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "blank": blank})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), "blank": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupMaxp()
    builder.font.recalcTimestamp = False
    buffer = BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def to_unicode(clusters: Sequence[str]) -> bytes:
    """Return the CMap from codes (from 1 on) to clusters (ISO 32000-1, 9.10.3)."""
    return "\n".join(_cmap(clusters)).encode("ascii")


def _cmap(clusters: Sequence[str]) -> Iterator[str]:
    yield "/CIDInit /ProcSet findresource begin"
    yield "12 dict begin"
    yield "begincmap"
    yield "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
    yield "/CMapName /Adobe-Identity-UCS def"
    yield "/CMapType 2 def"
    yield "1 begincodespacerange"
    yield "<0000> <FFFF>"
    yield "endcodespacerange"
    for start in range(0, len(clusters), _BLOCK):
        block = clusters[start : start + _BLOCK]
        yield f"{len(block)} beginbfchar"
        for code, cluster in enumerate(block, start=start + 1):
            yield f"<{code:04X}> <{cluster.encode('utf-16-be').hex().upper()}>"
        yield "endbfchar"
    yield "endcmap"
    yield "CMapName currentdict /CMap defineresource pop"
    yield "end"
    yield "end"
