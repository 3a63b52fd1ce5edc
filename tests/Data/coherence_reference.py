#!/usr/bin/env python3
"""Makes coherence-texts.txt, coherence-topics.txt and coherence-reference.csv: what gensim's CoherenceModel says of topics over small texts.

    /usr/bin/python3 tests/Data/coherence_reference.py        (Debian: python3-gensim)

Texts: a document a line, shorter and longer than the windows, with words that are repeated. Topics: a topic a line; the last has a word that no text has.
Where a word occurs in no window, gensim divides by 0: such values are written as they come (inf, nan).
"""
import pathlib
import random
import warnings

import gensim
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel

FOLDER = pathlib.Path(__file__).parent
THEMES = ["market price stock trade bank money profit loss", "doctor hospital health patient disease medicine nurse cure", "team game player score season coach match goal"]
LENGTHS = [1, 2, 5, 9, 10, 11, 109, 110, 111, 180]
MEASURES = ["u_mass", "c_uci", "c_npmi", "c_v"]


def texts():
    random.seed(20150202)
    for number in range(60):
        theme = THEMES[number % 3].split()
        words = []
        for place in range(LENGTHS[number % len(LENGTHS)]):
            if place % 5 == 0:
                words.append("the")  # in every window
            elif words and random.random() < 0.2:
                words.append(words[-1])
            elif random.random() < 0.75:
                words.append(random.choice(theme))
            else:
                words.append(random.choice(" ".join(THEMES).split() + ["rain", "river"]))
        yield words


def topics():
    for theme in THEMES:
        yield theme.split()
    yield ["market", "doctor", "team", "rain", "river"]
    yield ["the", "market", "rain", "goal"]
    yield ["goal", "the"]
    yield ["rain", "stock", "unheard", "patient"]


documents, given = list(texts()), list(topics())
(FOLDER / "coherence-texts.txt").write_text("".join(" ".join(words) + "\n" for words in documents))
(FOLDER / "coherence-topics.txt").write_text("".join(" ".join(words) + "\n" for words in given))

dictionary = Dictionary(documents + given)
bags = [dictionary.doc2bow(words) for words in documents]
warnings.simplefilter("ignore")
columns = [CoherenceModel(topics=given, texts=documents, corpus=bags, dictionary=dictionary, coherence=measure, topn=8, processes=1).get_coherence_per_topic() for measure in MEASURES]
with open(FOLDER / "coherence-reference.csv", "w") as file:
    file.write(f"# gensim {gensim.__version__}, CoherenceModel, topn=8\n")
    file.write(",".join(["topic"] + MEASURES) + "\n")
    for number, values in enumerate(zip(*columns)):
        file.write(",".join([str(number)] + [repr(float(value)) for value in values]) + "\n")
