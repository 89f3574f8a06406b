# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# First pages · Premières pages

From a scan to its text, and to the words that deserve a second look. Run the cells in order; it
takes a minute or two on an ordinary PC, and nothing leaves your computer.

*Du scan à son texte, puis aux mots à relire. Exécutez les cellules dans l'ordre : comptez une à
deux minutes sur un PC ordinaire ; rien ne quitte votre ordinateur.*
"""

# %%
from math import prod
from pathlib import Path
from statistics import mean

import matplotlib.pyplot as plt
from matplotlib.patches import Patch, Rectangle
from PIL import Image, ImageOps

from htr.api import evaluate, read_page, transcribe
from htr.document.page import Word
from htr.resources import data_folder

# %% [markdown]
"""
## 1. The register · Le registre

htr ships with a small sample register: a few pages as JPEG images, and beside each of them its
*ground truth*, the correct text, as an ALTO file. We take the first page. To work on a page of
yours, put the path of its image here instead: `scan = Path("my-scans/page-1.jpg")`.

*htr est livré avec un petit registre d'exemple : quelques pages en JPEG et, à côté de chacune, sa
vérité de terrain, c'est-à-dire le texte exact, dans un fichier ALTO. Nous prenons la première
page. Pour travailler sur une page à vous, mettez ici le chemin de son image :
`scan = Path("mes-scans/page-1.jpg")`.*
"""

# %%
sample = data_folder("sample")
for path in sorted(sample.glob("*.jpg")):
    print(path.name)

scan = sorted(sample.glob("*.jpg"))[0]
picture = ImageOps.exif_transpose(Image.open(scan)).convert("RGB")

_, axes = plt.subplots(figsize=(6, 8))
axes.imshow(picture)
axes.set_title(scan.name)
axes.axis("off")
plt.show()

# %% [markdown]
"""
## 2. Transcribe · Transcrire

One image goes in, one ALTO file comes out. htr finds the lines, then reads them. The results go
into the folder `first-pages`; a page that is done already is left alone, so you can run the cell
again.

*Une image en entrée, un fichier ALTO en sortie. htr repère les lignes, puis les lit. Les résultats
vont dans le dossier `first-pages` ; une page déjà faite n'est pas refaite : vous pouvez relancer
la cellule.*
"""

# %%
output = Path("first-pages")
summary = transcribe([scan], output, jobs=1)

print(f"done · faites: {summary.done}")
print(f"unchanged · inchangées: {summary.unchanged}")
print(f"failed · en échec: {len(summary.failed)}")
for failure in summary.failed:
    print(failure.error)

# %% [markdown]
"""
## 3. Read the ALTO · Lire l'ALTO

`read_page` gives back the page: its regions, their lines, the lines' words, the words' letters
(*glyphs*). Each of them has a **confidence** between 0 and 1: how sure the machine is of its own
reading. It is a hint about where to look, not a proof: a sure word can be wrong.

*`read_page` rend la page : ses régions, leurs lignes, les mots des lignes et les lettres des mots
(les glyphes). Chacun porte une **confiance** entre 0 et 1 : à quel point la machine est sûre de sa
lecture. C'est un indice pour savoir où regarder, pas une preuve : un mot « sûr » peut être faux.*
"""


# %%
def percent(confidence: float | None) -> str:
    """Return a confidence for people to read."""
    return "unknown · inconnue" if confidence is None else f"{confidence:.0%}"


alto = output / f"{scan.stem}.xml"
page = read_page(alto)
words = [word for line in page.lines for word in line.words]

print(f"{alto}: {percent(page.confidence)}\n")
for line in page.lines:
    print(f"{percent(line.confidence):>5}  {line.text}")

# %% [markdown]
"""
**Unknown is not zero.** Where nobody measured a confidence (in a file typed by a person, say), it
is `None`, never 0, and it is left out of all means.

**How letters add up to a word.** A word is right if all its letters are, so its confidence follows
the *product* of theirs, which a calibration turns into the share of such words that are right. Ten
letters at 95 % make a word at about 60 %, and one very doubtful letter is enough to make a doubtful
word. Lines and pages have the *geometric mean* of their letters and spaces, for a product would
only tell how long they are.

***Inconnue ne veut pas dire zéro.** Là où personne n'a mesuré la confiance (par exemple dans un
fichier saisi à la main), elle vaut `None`, jamais 0, et ne compte dans aucune moyenne.*

***Des lettres au mot.** Un mot est juste si toutes ses lettres le sont : sa confiance suit le
produit des leurs, dont une calibration fait la part de tels mots qui sont justes. Dix lettres à
95 % font un mot à 60 % environ, et une seule lettre très douteuse suffit à rendre le mot douteux.
Lignes et pages ont la moyenne géométrique de leurs lettres et espaces, car un produit ne dirait que
leur longueur.*
"""

# %%
known = [word for word in words if word.confidence is not None]
doubtful = sorted(known, key=lambda word: word.confidence or 0.0)

word = next(word for word in doubtful if len(word.glyphs) >= 4)
letters = [glyph.confidence for glyph in word.glyphs if glyph.confidence is not None]

for glyph in word.glyphs:
    print(f"  {glyph.text}  {percent(glyph.confidence)}")
print(f"{word.text}: {percent(word.confidence)}")
print(f"product · produit: {prod(letters):.0%}")
print(f"ordinary mean · moyenne ordinaire: {mean(letters):.0%}")

# %% [markdown]
"""
## 4. Where to look · Où relire

The page again, with each word framed in the colour of its confidence; the colours differ in
darkness too, for readers who do not tell red from green. The numbers mark the ten most doubtful
words, the most doubtful first.

*La même page, chaque mot encadré selon sa confiance ; les couleurs sont aussi plus ou moins
sombres, pour qui distingue mal le rouge du vert. Les numéros désignent les dix mots les plus
douteux, le plus douteux d'abord.*
"""

# %%
DOUBTFUL, SURE = 0.5, 0.8
RED, AMBER, GREEN, GREY = "#b3001b", "#e69f00", "#009e73", "#6b6b6b"
LEGEND = {
    RED: f"below {DOUBTFUL:.0%}: doubtful\nmoins de {DOUBTFUL:.0%} : douteux",
    AMBER: f"{DOUBTFUL:.0%} to {SURE:.0%}: to check\nde {DOUBTFUL:.0%} à {SURE:.0%} : à vérifier",
    GREEN: f"{SURE:.0%} and above: sure\n{SURE:.0%} et plus : sûr",
    GREY: "unknown\ninconnue",
}


def colour(word: Word) -> str:
    """Return the colour in which a word's confidence is shown."""
    if word.confidence is None:
        return GREY
    return RED if word.confidence < DOUBTFUL else AMBER if word.confidence < SURE else GREEN


figure, axes = plt.subplots(figsize=(9, 12.6))
axes.imshow(picture)
axes.axis("off")
for word in words:
    if word.box is None:
        continue
    corner, shade = (word.box.left, word.box.top), colour(word)
    size = (word.box.width, word.box.height)
    axes.add_patch(Rectangle(corner, *size, facecolor=shade, alpha=0.22))
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=shade, linewidth=1.6))
for rank, word in enumerate(doubtful[:10], 1):
    if word.box is not None:
        axes.annotate(
            str(rank),
            (word.box.left, word.box.top),
            ha="center",
            va="center",
            fontsize=8,
            fontweight="bold",
            color="white",
            bbox={"boxstyle": "circle,pad=0.2", "facecolor": "black", "edgecolor": "white"},
        )
figure.legend(
    handles=[
        Patch(facecolor=shade, edgecolor=shade, label=label)
        for shade, label in LEGEND.items()
        if shade in map(colour, words)
    ],
    title="confidence of words · confiance des mots",
    loc="lower center",
    ncols=len(LEGEND),
    frameon=False,
)
figure.tight_layout(rect=(0, 0.07, 1, 1))
plt.show()

# %% [markdown]
"""
The ten most doubtful words, as htr read them, and what stands on the page: begin your proofreading
here.

*Les dix mots les plus douteux, tels que htr les a lus, et ce qu'il y a sur la page : commencez la
relecture par eux.*
"""

# %%
for rank, word in enumerate(doubtful[:10], 1):
    print(f"{rank:>2}  {percent(word.confidence):>4}  {word.text}")

figure, grid = plt.subplots(2, 5, figsize=(9, 3))
for axes in grid.flat:
    axes.axis("off")
for rank, (axes, word) in enumerate(zip(grid.flat, doubtful, strict=False), 1):
    if word.box is not None:
        left, top, right, bottom = word.box.left, word.box.top, word.box.right, word.box.bottom
        axes.imshow(picture.crop((left - 16, top - 16, right + 16, bottom + 16)))
        axes.set_title(f"{rank}. {word.text}  {percent(word.confidence)}", fontsize=9)
figure.tight_layout()
plt.show()

# %% [markdown]
"""
## 5. Compare with the ground truth · Comparer à la vérité de terrain

The **CER** (character error rate) is the number of letters to replace, insert or delete to get
from the reading to the ground truth, divided by the number of letters of the ground truth: 5 %
means one letter in twenty to correct. `loose` says that kinds of quotes, dashes and spaces do not
count as errors; `page` compares the text of the whole page in reading order.

*Le **CER** (taux d'erreur sur les caractères) est le nombre de lettres à remplacer, ajouter ou
supprimer pour passer de la lecture à la vérité de terrain, divisé par le nombre de lettres de la
vérité de terrain : 5 %, c'est une lettre sur vingt à corriger. `loose` veut dire que les sortes de
guillemets, de tirets et d'espaces ne comptent pas comme des erreurs ; `page` compare le texte de
toute la page dans l'ordre de lecture.*
"""


# %%
def sign(character: str) -> str:
    """Return a character as a sign that can be seen."""
    return {"": "∅", " ": "␣"}.get(character, character)


truth = scan.with_suffix(".xml")
if truth.exists():
    evaluation = evaluate(truth, alto, normalisation="loose", match="page")
    scores = evaluation.scores
    print(f"CER  characters · caractères: {percent(scores.cer)} ({scores.characters.length})")
    print(f"WER  words · mots: {percent(scores.wer)} ({scores.words.length})\n")

    print("truth → read as · vérité → lu")
    for confusion in evaluation.confusions[:8]:
        print(f"  {sign(confusion.truth)} → {sign(confusion.prediction)}  ×{confusion.count}")

    print(f"\nGround truth · Vérité de terrain\n{read_page(truth).text}")
else:
    print("No ground truth beside this page. · Pas de vérité de terrain à côté de cette page.")

# %% [markdown]
"""
`∅ → e` is a letter that was invented, `e → ∅` one that was missed, `␣` a space. One page is an
example, not a measurement: to know how well htr reads *your* registers, transcribe some twenty
pages by hand and compare over all of them.

*`∅ → e` est une lettre inventée, `e → ∅` une lettre oubliée, `␣` un espace. Une page est un
exemple, pas une mesure : pour savoir comment htr lit* vos *registres, transcrivez une vingtaine de
pages à la main et comparez sur l'ensemble.*

## 6. Where next · Et ensuite

In a terminal, the same for a whole folder · *Dans un terminal, la même chose pour un dossier
entier* :

```
htr transcribe FOLDER -o alto
htr evaluate truth alto
```

`htr transcribe` goes on where it stopped if it was interrupted. `htr evaluate` compares the files
of two folders that bear the same names. `htr --help` lists everything.

*`htr transcribe` reprend là où il s'est arrêté s'il a été interrompu. `htr evaluate` compare les
fichiers de même nom de deux dossiers. `htr --help` donne la liste complète.*
"""
