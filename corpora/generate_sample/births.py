"""Ten pages of one hand: births of an invented village, one to a page, in the hand of the marriage.

They are what a clerk's corrected pages are to a model that is to learn his hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from font import Font
from sheet import Sheet, Stain, Zone
from typeset import Hand, Pen, paragraphs, write

_TEXT = (
    "Du {day} {month} mil huit cent {year}, à {hour} heures du {part}. Acte de naissance de "
    "{child}, {born} hier à {other} heures, {sex} de {father}, {trade}, âgé de {age} ans, et de "
    "{mother}, son épouse, demeurant {place}. Les témoins ont été {first}, {work}, et "
    "{second}, {craft}, lesquels ont {signed} après lecture."
)
_DAYS = [
    "premier",
    "deux",
    "quatre",
    "sept",
    "neuf",
    "douze",
    "quinze",
    "dix-huit",
    "vingt-trois",
    "trente",
]
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "août",
    "septembre",
    "octobre",
    "décembre",
]
_YEARS = ["douze", "treize", "quatorze", "quinze", "seize"]
_HOURS = ["six", "sept", "huit", "neuf", "dix", "onze", "deux", "trois", "quatre", "cinq"]
_AGES = (
    "vingt-deux",
    "trente et un",
    "quarante",
    "vingt-neuf",
    "cinquante",
    "trente-sept",
    "vingt-quatre",
)
_NAMES = [
    "Aubrelot",
    "Baudrinet",
    "Bellavoir",
    "Chantepie",
    "Courbessac",
    "Delachaume",
    "Fourquembert",
    "Gaubertin",
    "Hastrel",
    "Lormoisy",
    "Moutardier",
    "Perrinault",
    "Rouvillois",
    "Tiphaigne",
    "Valbrune",
]
_MEN = [
    "Antoine",
    "Blaise",
    "Claude",
    "Étienne",
    "François",
    "Guillaume",
    "Jacques",
    "Joseph",
    "Louis",
    "Mathurin",
    "Nicolas",
    "Pierre",
    "Quentin",
    "Xavier",
]
_WOMEN = [
    "Adèle",
    "Anne",
    "Berthe",
    "Cécile",
    "Élisabeth",
    "Hélène",
    "Jeanne",
    "Louise",
    "Marguerite",
    "Rose",
    "Sidonie",
    "Victoire",
    "Zoé",
]
_TRADES = (
    "tisserand",
    "vigneron",
    "charpentier",
    "journalier",
    "meunier",
    "maître de poste",
    "cultivateur",
    "greffier",
    "instituteur",
    "garde champêtre",
)
_PLACES = ("à Brézancourt", "à Valmorin", "aux Essarts", "au Gué Rougeot", "à la Combe aux Moines")
_SIZE = (880, 800)
_PITCH = 58.0


def births(fonts: Mapping[str, Font]) -> Iterator[Sheet]:
    """Yield the ten pages, in the order of the register."""
    rng = np.random.default_rng(1812)
    hand = Hand(fonts["meddon"], 34, word_space=0.55, width=0.94, uneven=1.1)
    for number in range(1, 11):
        pen = Pen(np.random.default_rng(1812 + number))
        heading = write(hand, f"Numéro {number}.", (60, 96), pen, "HeadingLine")
        body = paragraphs(hand, [_act(rng)], (58, 170), 770, _PITCH, pen, 50)
        yield Sheet(
            name=f"naissance-{number:02d}",
            size=_SIZE,
            seed=40 + number,
            zones=(Zone("MainZone", (44, 40, 846, 770), (heading, *body)),),
            stains=(Stain("ink", (700 - 40 * number, 770), 4),) if number % 3 == 0 else (),
            paper=(221, 206, 172),
            ink=(84, 60, 40),
            ink_strength=0.85,
            fading=0.2,
            foxing=40,
            gutter=30.0 if number % 2 else 850.0,
            skew=float(rng.normal(0, 0.5)),
            margin=14.0,
        )


def _act(rng: np.random.Generator) -> str:
    boy = bool(rng.integers(2))
    father, mother, first, second = (str(name) for name in rng.choice(_NAMES, 4, replace=False))
    trades = [str(trade) for trade in rng.choice(_TRADES, 3, replace=False)]
    given = [str(name) for name in rng.choice(_MEN if boy else _WOMEN, 2, replace=False)]
    men = [str(name) for name in rng.choice(_MEN, 3, replace=False)]
    return _TEXT.format(
        day=rng.choice(_DAYS),
        month=rng.choice(_MONTHS),
        year=rng.choice(_YEARS),
        hour=rng.choice(_HOURS),
        part=rng.choice(["matin", "soir"]),
        child=f"{given[0]} {given[1]} {father}",
        born="né" if boy else "née",
        other=rng.choice(_HOURS),
        sex="fils" if boy else "fille",
        father=f"{men[0]} {father}",
        trade=trades[0],
        age=rng.choice(_AGES),
        mother=f"{rng.choice(_WOMEN)} {mother}",
        place=rng.choice(_PLACES),
        first=f"{men[1]} {first}",
        work=trades[1],
        second=f"{men[2]} {second}",
        craft=trades[2],
        signed=rng.choice(["signé", "signé avec nous", "dit ne savoir signer"]),
    )
