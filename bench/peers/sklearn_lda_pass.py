#!/usr/bin/python3
"""CPU time of one batch pass of scikit-learn's LatentDirichletAllocation: the same corpus, K, priors and inner rule as LdaPass.
sklearn_lda_pass.py DOCUMENTS.ldac VOCABULARY.txt TOPICS PASSES"""
import sys, time
import numpy as np, scipy.sparse as sp
from sklearn.decomposition import LatentDirichletAllocation

documents, vocabulary, topics, passes = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
indptr, indices, data = [0], [], []
for line in open(documents):
    for pair in line.split()[1:]:
        term, count = pair.split(":")
        indices.append(int(term)); data.append(int(count))
    indptr.append(len(indices))
X = sp.csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, sum(1 for _ in open(vocabulary))), dtype=float)
lda = LatentDirichletAllocation(topics, doc_topic_prior=0.1, topic_word_prior=0.01, learning_method="batch",
                                mean_change_tol=1e-3, max_doc_update_iter=100, n_jobs=1, random_state=1)
lda._check_params() if hasattr(lda, "_check_params") else None
lda._init_latent_vars(X.shape[1]) if "dtype" not in lda._init_latent_vars.__code__.co_varnames else lda._init_latent_vars(X.shape[1], dtype=X.dtype)
times = []
for _ in range(passes):
    begin = time.process_time()
    lda._em_step(X, total_samples=X.shape[0], batch_update=True)
    times.append(time.process_time() - begin)
settled = sorted(times[len(times) // 2:])
print(f"scikit-learn K={topics} first={times[0]:.4f} median={settled[len(settled) // 2]:.4f} best={settled[0]:.4f} s CPU a pass")
