#!/usr/bin/python3
"""Topics by gensim's LdaModel, variational Bayes.
gensim_lda.py SPLIT VOCABULARY TOPICS PASSES SEED OUTPUT"""
import gensim
from gensim.models import LdaModel
from lda_corpus import Fit

fit = Fit()
# All documents are one chunk, with which it does best here. With its usual 2,000 a few may be left as a chunk of their own, whose update weighs as much as any other;
# and where documents are in order of time, each chunk takes the topics away from those before it: either way no number of passes helps.
lda = LdaModel(fit.documents, num_topics=fit.topics, id2word={term: str(term) for term in range(fit.terms)}, passes=fit.passes,
               chunksize=len(fit.documents), alpha=[0.1] * fit.topics, eta=0.01, eval_every=None, random_state=fit.seed)
fit.write(lda.state.get_lambda(), gensim.__version__)
