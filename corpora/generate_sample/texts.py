"""The words of the sample register: invented acts, people and places, in the French of the time.

A soft hyphen marks where a word may be broken at the end of a line.
"""

from __future__ import annotations

MINUTES_TITLE = "Délibérations du Conseil municipal"
MINUTES_NUMBER = "27"
MINUTES_HEADING = "Session ordinaire de février"
MINUTES = (
    "L'an mil huit cent soixante-quinze, le quatorze du mois de février, à sept heures du soir, "
    "le Con\u00adseil muni\u00adcipal de la commune de Valmorin-sur-Orvelle s'est réuni en "
    "session ordi\u00adnaire au lieu habi\u00adtuel de ses séances, sous la prési\u00addence de "
    "Monsieur Théodore Rouvillois, maire.",
    "Étaient présents: Messieurs Gaubertin, adjoint, Hastrel, Lormoisy, Tiphaigne, Perrinault, "
    "Delachaume et Courbessac. Monsieur Eugène Lormoisy a été nommé secré\u00adtaire.",
    "Monsieur le maire expose que le pont de bois établi sur la rivière, au lieu dit le Gué "
    "Rougeot, a beau\u00adcoup souffert de la crue du mois de décembre dernier; que deux des "
    "piles menacent ruine et que les voitures n'y passent plus sans danger.",
    "Le Conseil, après en avoir déli\u00adbéré, consi\u00addérant que ce passage est le seul qui "
    "conduise au moulin et au hameau des Essarts, vote un crédit de trois cent quarante francs "
    "pour la répa\u00adration dudit pont, et prie Monsieur le préfet de vouloir bien "
    "approu\u00adver la présente déli\u00adbé\u00adration.",
    "Il est ensuite donné lecture d'une lettre de Monsieur Delachaume, insti\u00adtuteur, "
    "relative au chauf\u00adfage de la maison d'école.",
)
MINUTES_MARGIN = (
    ("Réparation", "du pont", "du Gué Rougeot.", "Vote de 340 fr."),
    ("Maison d'école,", "chauffage."),
)

TABLE_TITLE = "Table décennale des actes de naissance"
TABLE_SUBTITLE = "Commune de Valmorin-sur-Orvelle, de 1863 à 1872"
TABLE_NUMBER = "12"
TABLE_HEADS = ("No", "Nom", "Prénoms", "Date de l'acte")
TABLE_ROWS = (
    ("1", "Aubrelot", "Marie Célestine", "4 mars 1863"),
    ("2", "Aubrelot", "Jules Anatole", "19 octobre 1866"),
    ("3", "Baudrinet", "Louise Adèle", "27 juin 1864"),
    ("4", "Bellavoir", "François Isidore", "2 janvier 1870"),
    ("5", "Chantepie", "Émile Théophile", "11 août 1865"),
    ("6", "Chantepie", "Rose Philomène", "30 novembre 1867"),
    ("7", "Courbessac", "Auguste Désiré", "8 mai 1869"),
    ("8", "Delachaume", "Berthe Eugénie", "23 février 1871"),
    ("9", "Delachaume", "Pierre Honoré", "16 septembre 1872"),
    ("10", "Fourquembert", "Jeanne Victoire", "5 avril 1864"),
    ("11", "Gaubertin", "Alphonse Léon", "12 décembre 1868"),
    ("12", "Gaubertin", "Clémence Zoé", "21 juillet 1870"),
    ("13", "Hastrel", "Marguerite", "9 mars 1866"),
    ("14", "Lormoisy", "Ernest Hippolyte", "28 août 1863"),
    ("15", "Lormoisy", "Blanche Irma", "3 juin 1872"),
    ("16", "Moutardier", "Joseph Quentin", "14 octobre 1865"),
    ("17", "Perrinault", "Anne Sidonie", "1er mai 1867"),
    ("18", "Rouvillois", "Charles Fernand", "25 janvier 1869"),
    ("19", "Tiphaigne", "Hélène Aglaé", "17 novembre 1871"),
    ("20", "Valbrune", "Xavier Edmond", "6 avril 1868"),
)

NOTARY_LEFT_NUMBER = "41"
NOTARY_LEFT = (
    "Du trois mars mil huit cent vingt-sept. Vente par Jean-Baptiste Chantepie, vigne\u00adron, "
    "et Marie-Anne Bellavoir, sa femme, demeurant au hameau des Essarts, à Pierre Moutardier, "
    "meunier au Gué Rougeot, d'une pièce de terre labou\u00adrable sise au lieu dit la Combe aux "
    "Moines, conte\u00adnant trente-deux ares, moyen\u00adnant six cents francs payés comptant.",
    "Du même jour. Quit\u00adtance par la veuve Fourquembert audit Moutardier, de la somme de "
    "cent vingt francs, pour reste du prix d'un pré.",
    "Du sept mars. Inven\u00adtaire après le décès de Nicolas Valbrune, en son vivant maître de "
    "poste à Brézancourt, à la requête de ses quatre enfants.",
)
NOTARY_RIGHT_NUMBER = "42"
NOTARY_RIGHT = (
    "Du douze mars. Bail pour neuf années par Monsieur Hastrel, proprié\u00adtaire, à Louis "
    "Baudrinet, culti\u00advateur, de la ferme du Haut-Brizay, bâti\u00adments, jardin, terres "
    "et prés, à la charge de quatre cents francs et de douze chapons par an.",
    "Du quinze mars. Contrat de mariage entre Étienne Perrinault, char\u00adpentier, et "
    "Victoire Aubrelot, lingère, sous le régime de la commu\u00adnauté; la future apporte un "
    "trous\u00adseau estimé deux cent trente francs.",
    "Du vingt mars. Testa\u00adment de Claude Tiphaigne, ancien greffier, qui lègue sa maison "
    "et ses livres à l'hospice de Brézancourt.",
)

MARRIAGE_MARGIN = (
    "Numéro 7.",
    "Mariage",
    "de Gaubertin",
    "Antoine",
    "et de",
    "Lormoisy",
    "Cécile.",
)
MARRIAGE = (
    "L'an mil huit cent onze, le vingt-deux du mois de janvier, à dix heures du matin, par "
    "devant nous maire et officier de l'état civil de la commune de Brézan\u00adcourt, sont "
    "comparus Antoine Gaubertin, âgé de vingt-six ans, tisse\u00adrand, né et domi\u00adcilié en "
    "cette commune, fils majeur de feu Mathurin Gaubertin et de Jeanne Valbrune, ici présente "
    "et consen\u00adtante;",
    "Et Cécile Lormoisy, âgée de vingt-deux ans, fileuse, née à Valmorin le six juin mil sept "
    "cent quatre-vingt-huit, fille majeure de Blaise Lormoisy, journa\u00adlier, et de Rose "
    "Hastrel, tous deux présents et consen\u00adtants;",
    "Lesquels nous ont requis de procéder à la célé\u00adbration du mariage projeté entre eux. "
    "Aucune oppo\u00adsition ne nous ayant été signi\u00adfiée, nous décla\u00adrons, au nom de "
    "la loi, qu'ils sont unis par le mariage, et avons dressé acte, que les époux ont dit ne "
    "savoir signer.",
)

CLOSING_HEADING = "Clôture du registre"
CLOSING = (
    "Le présent registre, conte\u00adnant quarante-huit feuil\u00adlets cotés et para\u00adphés, "
    "a été clos et arrêté par nous, maire de la commune de Valmorin-sur-Orvelle, le trente et "
    "un décembre mil huit cent soixante-quinze, à six heures du soir.",
)
CLOSING_SIGNATURES = ("Théodore Rouvillois, maire", "E. Lormoisy", "Courbessac")
