"""The five pages of the sample register, laid out in flat pixels."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import texts
from font import Font
from shapes import stroke
from sheet import Rule, Sheet, Stain, Zone
from typeset import Hand, Pen, Written, paragraphs, write

_LEAD = (116, 108, 104)  # pencil and printed rules
_RED = (150, 84, 74)
_BLUE = (116, 126, 150)

_ROW = 60.0  # the table's rows and columns
_ROWS = tuple(400 + _ROW * row for row in range(len(texts.TABLE_ROWS) + 1))
_COLUMNS = (72, 200, 484, 802, 1182)


def _column(
    hand: Hand, lines: tuple[str, ...], at: tuple[float, float], pitch: float, pen: Pen
) -> tuple[Written, ...]:
    return tuple(
        write(hand, text, (at[0] + float(pen.rng.normal(0, 4)), at[1] + pitch * index), pen)
        for index, text in enumerate(lines)
    )


def _single(hand: Hand, text: str, at: tuple[float, float], pen: Pen) -> tuple[Written]:
    return (write(hand, text, at, pen),)


def _centred(hand: Hand, text: str, centre: float, y: float, pen: Pen) -> Written:
    return write(hand, text, (centre - hand.measure(text) / 2, y), pen, "HeadingLine")


def minutes(fonts: Mapping[str, Font]) -> Sheet:
    """A council's minutes: running title, number, heading, a main column and notes beside it."""
    pen = Pen(np.random.default_rng(1875))
    hand = Hand(fonts["delafield"], 64, tracking=0.008)
    title, note = Hand(fonts["pinyon"], 52), Hand(fonts["delafield"], 50)
    body = paragraphs(hand, texts.MINUTES, (372, 372), 915, 56.0, pen)
    running = _centred(title, texts.MINUTES_TITLE, 770, 155, pen)
    heading = _centred(hand, texts.MINUTES_HEADING, 800, 275, pen)
    notes = [
        _column(note, lines, (88, y), 56, pen)
        for lines, y in zip(texts.MINUTES_MARGIN, (940, 1660), strict=True)
    ]
    return Sheet(
        name="deliberations-1875",
        size=(1380, 1900),
        seed=11,
        zones=(
            Zone("RunningTitleZone", (370, 96, 1160, 185), (running,)),
            Zone(
                "NumberingZone",
                (1190, 90, 1310, 185),
                _single(title, texts.MINUTES_NUMBER, (1225, 150), pen),
            ),
            Zone("MainZone", (340, 210, 1335, 1835), (heading, *body)),
            Zone("MarginTextZone", (74, 885, 334, 1130), notes[0]),
            Zone("MarginTextZone", (74, 1610, 334, 1735), notes[1]),
        ),
        rules=(
            Rule(stroke([(348, 40), (348, 1865)]), _RED, 1.6, 0.6),
            *(Rule(stroke([(60, y), (1345, y)]), _BLUE, 1.2, 0.35) for y in range(372, 1850, 56)),
        ),
        stains=(Stain("ink", (1130, 1842), 6), Stain("ink", (1141, 1851), 2.5)),
        paper=(232, 221, 194),
        gutter=52.0,
        skew=-0.35,
        keystone=0.006,
    )


def table(fonts: Mapping[str, Font]) -> Sheet:
    """A ten-year table of births: ruled columns, one line of text to a cell."""
    pen = Pen(np.random.default_rng(1863))
    hand = Hand(fonts["pinyon"], 45, tracking=0.008, uneven=0.9)
    head, title = Hand(fonts["pinyon"], 45), Hand(fonts["pinyon"], 58)
    heads = [
        write(head, text, ((left + right - head.measure(text)) / 2, 358), pen, "HeadingLine")
        for text, (left, right) in zip(texts.TABLE_HEADS, pairwise(_COLUMNS), strict=True)
    ]
    cells = [
        write(hand, text, (x + float(pen.rng.normal(0, 3)), y + 0.72 * _ROW), pen)
        for entry, y in zip(texts.TABLE_ROWS, _ROWS, strict=False)
        for text, x in zip(entry, (108, 224, 502, 818), strict=True)
    ]
    titles = (
        _centred(title, texts.TABLE_TITLE, 630, 192, pen),
        _centred(head, texts.TABLE_SUBTITLE, 630, 258, pen),
    )
    return Sheet(
        name="table-decennale-1863-1872",
        size=(1260, 1700),
        seed=12,
        zones=(
            Zone(
                "NumberingZone",
                (1085, 60, 1195, 130),
                _single(title, texts.TABLE_NUMBER, (1120, 112), pen),
            ),
            Zone("MainZone", (90, 132, 1185, 285), titles),
            Zone("TableZone", (_COLUMNS[0], 300, _COLUMNS[-1], _ROWS[-1]), (*heads, *cells)),
        ),
        rules=_table_rules(),
        stains=(Stain("water", (1130, 1640), 190, 0.55),),
        paper=(229, 219, 197),
        ink=(46, 40, 44),
        weight=1.25,
        gutter=1222.0,
        skew=0.4,
        foxing=90,
    )


def _table_rules() -> tuple[Rule, ...]:
    top, foot, left, right = 300, _ROWS[-1] + 24, _COLUMNS[0], _COLUMNS[-1]
    return (
        *(Rule(stroke([(x, top), (x, foot)]), _LEAD, 2.0, 0.75) for x in _COLUMNS),
        *(Rule(stroke([(x + 5, top), (x + 5, foot)]), _LEAD, 1.0, 0.5) for x in _COLUMNS[1:-1]),
        *(Rule(stroke([(left, y), (right, y)]), _BLUE, 1.2, 0.4) for y in (top, *_ROWS)),
    )


def notary(fonts: Mapping[str, Font]) -> Sheet:
    """A double page of a notary's register, bound so tightly that the fold lies in shadow."""
    pen = Pen(np.random.default_rng(1827))
    hand = Hand(fonts["herr"], 68, tracking=0.008)
    left = paragraphs(hand, texts.NOTARY_LEFT, (130, 250), 820, 68, pen, 60)
    right = paragraphs(hand, texts.NOTARY_RIGHT, (1190, 250), 800, 68, pen, 60)
    return Sheet(
        name="repertoire-notaire-1827",
        size=(2100, 1480),
        seed=13,
        zones=(
            Zone(
                "NumberingZone",
                (100, 95, 230, 180),
                _single(hand, texts.NOTARY_LEFT_NUMBER, (135, 155), pen),
            ),
            Zone("MainZone", (95, 190, 985, 1400), left),
            Zone(
                "NumberingZone",
                (1890, 95, 2020, 180),
                _single(hand, texts.NOTARY_RIGHT_NUMBER, (1925, 155), pen),
            ),
            Zone("MainZone", (1150, 190, 2030, 1400), right),
        ),
        rules=tuple(
            Rule(stroke([(x, 40), (x, 1440)]), _LEAD, 1.0, 0.25) for x in (112, 972, 1168, 2010)
        ),
        stains=(Stain("wax", (1755, 1345), 10, 0.8), Stain("ink", (640, 1385), 5)),
        paper=(226, 214, 187),
        ink=(62, 43, 30),
        gutter=1050.0,
        skew=0.3,
        foxing=110,
        ghost=0.04,
    )


def marriage(fonts: Mapping[str, Font]) -> Sheet:
    """A marriage of 1811: pale ink, a skewed picture, wax and the tide lines of a flood."""
    pen = Pen(np.random.default_rng(1811))
    hand = Hand(fonts["meddon"], 37, word_space=0.55, width=0.94, uneven=1.1)
    note = Hand(fonts["meddon"], 32, word_space=0.5, width=0.9)
    return Sheet(
        name="mariage-1811",
        size=(1380, 1900),
        seed=14,
        zones=(
            Zone(
                "MarginTextZone",
                (84, 190, 344, 660),
                _column(note, texts.MARRIAGE_MARGIN, (108, 240), 58, pen),
            ),
            Zone(
                "MainZone",
                (356, 175, 1310, 1800),
                paragraphs(hand, texts.MARRIAGE, (376, 238), 900, 61, pen, 70),
            ),
        ),
        stains=(
            Stain("water", (1120, 260), 440, 0.8),
            Stain("water", (170, 1790), 330, 0.6),
            Stain("wax", (206, 985), 27),
            Stain("wax", (252, 1031), 8),
            Stain("wax", (820, 1822), 11),
        ),
        paper=(217, 201, 166),
        ink=(98, 68, 42),
        ink_strength=0.80,
        fading=0.30,
        foxing=170,
        gutter=46.0,
        browned=0.5,
        skew=1.8,
        margin=44.0,
        keystone=0.012,
    )


def closing(fonts: Mapping[str, Font]) -> Sheet:
    """The last page: a few lines that close the register, and signatures."""
    pen = Pen(np.random.default_rng(3112))
    hand = Hand(fonts["delafield"], 72, tracking=0.01)
    title = Hand(fonts["pinyon"], 60)
    mayor, clerk, other = texts.CLOSING_SIGNATURES
    signatures = (
        write(Hand(fonts["delafield"], 78, uneven=1.6), mayor, (480, 985), pen),
        write(Hand(fonts["herr"], 84, uneven=1.8), clerk, (230, 1130), pen),
        write(Hand(fonts["meddon"], 42, uneven=1.8), other, (700, 1190), pen),
    )
    return Sheet(
        name="cloture-1875",
        size=(1200, 1600),
        seed=15,
        zones=(
            Zone(
                "MainZone",
                (140, 190, 1105, 1245),
                (
                    _centred(title, texts.CLOSING_HEADING, 620, 270, pen),
                    *paragraphs(hand, texts.CLOSING, (170, 400), 890, 76, pen, 90),
                    *signatures,
                ),
            ),
        ),
        rules=(Rule(stroke([(150, 60), (150, 1540)]), _RED, 1.4, 0.4),),
        stains=(Stain("ink", (905, 1290), 4),),
        paper=(232, 221, 194),
        gutter=50.0,
        skew=0.6,
        foxing=45,
    )


ALL = (minutes, table, notary, marriage, closing)
