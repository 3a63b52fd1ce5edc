#!/usr/bin/python3
"""CPU time of a Baum-Welch iteration of pomegranate 0.14 (8 full Gaussian states, d = 4): the same rows and start as bench/hidden-markov.
pomegranate_hmm.py FOLDER ITERATIONS; the folder holds Y.npy and Ym0.npy."""
import sys, time
import numpy as np
from pomegranate import HiddenMarkovModel, MultivariateGaussianDistribution

folder, iterations = sys.argv[1], int(sys.argv[2])
Y, means = np.load(f"{folder}/Y.npy"), np.load(f"{folder}/Ym0.npy")
states, covariance = len(means), np.diag(Y.var(0))
transitions = np.full((states, states), 0.1 / (states - 1)) + np.eye(states) * (0.9 - 0.1 / (states - 1))

def seconds(n):
    model = HiddenMarkovModel.from_matrix(transitions, [MultivariateGaussianDistribution(m, covariance) for m in means], np.full(states, 1 / states))
    begin = time.process_time()
    model.fit([Y], max_iterations=n, stop_threshold=-np.inf, n_jobs=1)
    return time.process_time() - begin, model.log_probability(Y)

one, _ = seconds(1)
all_, log_likelihood = seconds(iterations + 1)
print(f"pomegranate K={states} per iteration {(all_ - one) / iterations:.4f} s CPU, log-likelihood {log_likelihood:.7f} after {iterations + 1}")
