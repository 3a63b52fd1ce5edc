#!/usr/bin/python3
"""Topics by scikit-learn's LatentDirichletAllocation, batch variational Bayes.
sklearn_lda.py SPLIT VOCABULARY TOPICS PASSES SEED OUTPUT"""
import numpy as np, scipy.sparse as sp, sklearn
from sklearn.decomposition import LatentDirichletAllocation
from lda_corpus import Fit

fit = Fit()
indptr = np.cumsum([0] + [len(document) for document in fit.documents])
pairs = np.array([pair for document in fit.documents for pair in document])
X = sp.csr_matrix((pairs[:, 1].astype(float), pairs[:, 0], indptr), shape=(len(fit.documents), fit.terms))
lda = LatentDirichletAllocation(fit.topics, doc_topic_prior=0.1, topic_word_prior=0.01, learning_method="batch", max_iter=fit.passes,
                                evaluate_every=-1, n_jobs=1, random_state=fit.seed)
# As anybody would call it: with the pass over the documents that it makes at its end, as Elbo does too.
lda.fit(X)
fit.write(lda.components_, sklearn.__version__)
