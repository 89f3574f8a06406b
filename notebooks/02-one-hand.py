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
# One hand · Une main

From ten corrected pages to a model that reads the rest of the register better. Run the cells in
order; it takes about a minute on an ordinary PC, without a graphics card, and nothing leaves your
computer.

*De dix pages corrigées à un modèle qui lit mieux le reste du registre. Exécutez les cellules dans
l'ordre : comptez une minute environ sur un PC ordinaire, sans carte graphique ; rien ne quitte
votre ordinateur.*
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt
from PIL import Image

from htr.api import evaluate, read_page, train, transcribe
from htr.resources import data_folder
from htr.training.findings import findings
from htr.training.learning_curve import LearningCurve

# %% [markdown]
"""
## 1. Ten corrected pages · Dix pages corrigées

A folder of ALTO or PAGE files, each with its image beside it: pages that you have corrected in
eScriptorium or Transkribus, or pages of htr's own whose lines you have corrected. Here it is ten
births that ship with htr; nobody wrote them, a program did. For pages of yours, put the path of
their folder instead: `corrected = Path("my-corrected-pages")`.

*Un dossier de fichiers ALTO ou PAGE, chacun avec son image à côté : des pages que vous avez
corrigées dans eScriptorium ou Transkribus, ou des pages de htr dont vous avez corrigé les lignes.
Ici, ce sont dix naissances livrées avec htr ; personne ne les a écrites, c'est l'œuvre d'un
programme. Pour des pages à vous, mettez le chemin de leur dossier :
`corrected = Path("mes-pages-corrigees")`.*
"""

# %%
corrected = data_folder("one-hand")
pages = sorted(corrected.glob("*.xml"))
count = sum(len(list(read_page(path).lines)) for path in pages)
print(f"{len(pages)} pages, {count} lines · lignes")

figure, grid = plt.subplots(1, 3, figsize=(9, 3.2))
for axes, path in zip(grid, pages, strict=False):
    axes.imshow(Image.open(path.with_suffix(".jpg")))
    axes.set_title(path.stem, fontsize=9)
    axes.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown]
"""
## 2. Before · Avant

How well does the model that ships with htr read this hand? We try it on another page of the same
clerk's, a marriage, which is not among the ten. `keep_layout` takes the lines from the page's own
ALTO file, so that only the reading is judged.

*Comment le modèle livré avec htr lit-il cette main ? Essayons-le sur une autre page du même
greffier, un mariage, qui n'est pas parmi les dix. `keep_layout` prend les lignes dans le fichier
ALTO de la page : ainsi, seule la lecture est jugée.*
"""

# %%
other = data_folder("sample") / "mariage-1811.xml"

transcribe([other], "before", keep_layout=True, jobs=1)
before = evaluate(other, f"before/{other.name}", normalisation="loose")
print(f"CER before · avant: {before.scores.cer:.1%}")

# %% [markdown]
"""
## 3. Train · Entraîner

htr goes on from the model that ships with it and learns from the ten pages. It sets some of them
aside whole and never learns from those: on them it measures how well it reads. The
learning is planned for the time that you give it. A third of a minute is enough for this small and
even hand; **give real pages fifteen**: `MINUTES = 15`.

*htr part du modèle livré et apprend de ces dix pages. Il en met quelques-unes de côté, entières
et n'apprend jamais d'elles : c'est sur elles qu'il mesure sa lecture. L'apprentissage
est planifié selon le temps que vous lui donnez. Un tiers de minute suffit à cette petite main
régulière ; **donnez-en quinze à de vraies pages** : `MINUTES = 15`.*
"""

# %%
MINUTES = 1 / 3

outcome = train(corrected, "my-hand.mlmodel", minutes=MINUTES)

print(outcome.split)
found = findings(outcome)
assert found.own is not None
print(f"CER {found.own.before.estimate:.1%} → {found.own.after.estimate:.1%}")

# %% [markdown]
"""
A character that the model did not know would have been added to its alphabet, and listed here with
its places; one that stands in a few lines only is worth a look, for it is often a slip of the
keyboard.

*Un caractère inconnu du modèle aurait été ajouté à son alphabet et figurerait ici avec ses
emplacements ; celui qui n'est que dans quelques lignes mérite un coup d'œil : c'est souvent une
faute de frappe.*
"""

# %%
for one in (*outcome.new_characters, *outcome.rare_characters[-5:]):
    print(f"{one.character}  ×{one.count}  {'; '.join(one.places[:2])}")

# %% [markdown]
"""
## 4. What it came to · Ce que cela a donné

Three files lie beside the model now: the **report** `my-hand.html`, to be opened in a browser, and
the **model card**, in English (`my-hand.md`) and in French (`my-hand.fr.md`), to be passed on with
the model. The report has all that follows, and the letters that are confused, and the worst lines.

*Trois fichiers accompagnent maintenant le modèle : le **rapport** `my-hand.html`, à ouvrir dans un
navigateur, et la **carte du modèle**, en français (`my-hand.fr.md`) et en anglais (`my-hand.md`), à
transmettre avec lui. Le rapport contient tout ce qui suit, ainsi que les lettres confondues et les
lignes les moins bien lues.*
"""

# %%
for suffix in (".html", ".md", ".fr.md"):
    print(Path("my-hand.mlmodel").with_suffix(suffix))

print("\nCER     before · avant   after · après")
for page in found.own.pages:
    print(f"{page.name}   {page.before.cer or 0:>6.1%}   {page.after.cer or 0:>6.1%}")

_, axes = plt.subplots(figsize=(7, 3.2))
axes.plot(
    [one.seconds for one in outcome.moments], [100 * one.cer for one in outcome.moments], "o-"
)
axes.set_ylim(bottom=0)
axes.set_xlabel("seconds · secondes")
axes.set_ylabel("CER (%)")
axes.set_title("CER of the pages set aside · CER des pages mises de côté")
plt.show()

# %% [markdown]
"""
**Would more pages help?** htr has also trained on a part of the pages, to see how the error rate
falls with the number of lines, and continues that curve. It is an estimate, with the bounds in
which nine curves of ten run; with too few pages set aside, or where the curve is not clear, htr
says that it cannot tell.

***Faut-il corriger d'autres pages ?** htr s'est aussi entraîné sur une partie des pages, pour voir
comment le taux d'erreur baisse avec le nombre de lignes, et prolonge cette courbe. C'est une
estimation, avec les bornes entre lesquelles passent neuf courbes sur dix ; si trop peu de pages
sont mises de côté, ou si la courbe n'est pas nette, htr dit qu'il ne peut pas le savoir.*
"""

# %%
if isinstance(found.curve, LearningCurve):
    for more in (100, 300, 1000):
        cer = found.curve.with_more(more)
        print(f"+{more:>4} lines · lignes: {cer.estimate:.1%} ({cer.low:.1%} – {cer.high:.1%})")
else:
    print("This cannot be told. · On ne peut pas le dire.")

# %% [markdown]
"""
The worst of the lines set aside, with what should stand there and what was read. Where the picture
agrees with the reading, it is the correction that wants correcting.

*Les lignes mises de côté les moins bien lues, avec ce qu'il fallait lire et ce qui a été lu. Là où
l'image donne raison à la lecture, c'est la correction qu'il faut corriger.*
"""

# %%
worst = found.own.lines[:3]
figure, grid = plt.subplots(len(worst), 1, figsize=(9, 1.3 * len(worst)))
for axes, scored in zip(grid, worst, strict=True):
    line, reading = scored.line.line, scored.line.after
    axes.imshow(line.strip(), cmap="gray")
    axes.set_title(f"{line.text}\n{reading}", fontsize=9, loc="left")
    axes.axis("off")
figure.tight_layout()
plt.show()

# %% [markdown]
"""
## 5. After · Après

The marriage again, read with the new model. It had no part in the training at all: this is what
the other pages of the register may hope for.

*Le mariage de nouveau, lu avec le nouveau modèle. Il n'a eu aucune part à l'entraînement : c'est ce
que les autres pages du registre peuvent espérer.*
"""

# %%
transcribe([other], "after", keep_layout=True, jobs=1, model="my-hand.mlmodel")
after = evaluate(other, f"after/{other.name}", normalisation="loose")
assert before.scores.cer is not None
assert after.scores.cer is not None
print(f"CER before · avant: {before.scores.cer:.1%}")
print(f"CER after · après:  {after.scores.cer:.1%}")
print(f"errors · erreurs:   {after.scores.cer / before.scores.cer - 1:+.0%}\n")

readings = [read_page(path) for path in (other, f"before/{other.name}", f"after/{other.name}")]
for truth, old, new in list(zip(*(page.lines for page in readings), strict=True))[8:14]:
    print(f"{truth.text}\n  {old.text}\n  {new.text}")

# %% [markdown]
"""
## 6. On your own pages · Sur vos propres pages

In a terminal · *Dans un terminal* :

```
htr train corrected/ -o my-hand.mlmodel --time-budget 15m --held-out 0.3
htr transcribe scans/ -o alto/ --model my-hand.mlmodel
```

- Ten pages are a beginning; correct the pages that the report says are read worst, and train again,
  with all of them.
- The new model reads *this* hand. What it does to others is measured with `--keep OTHER_PAGES`;
  `--mix OTHER_PAGES` lets it learn some of those, too, so that it forgets less.
- An evening's training that was interrupted goes on with `--resume`.

*Dix pages sont un début ; corrigez celles que le rapport dit les moins bien lues, puis entraînez de
nouveau, avec toutes. Le nouveau modèle lit* cette *main : son effet sur les autres se mesure avec
`--keep AUTRES_PAGES`, et `--mix AUTRES_PAGES` lui en fait apprendre une partie, pour qu'il oublie
moins. Un entraînement interrompu reprend avec `--resume`.*

[docs/train.md](../docs/train.md) · [docs/train.fr.md](../docs/train.fr.md)
"""
