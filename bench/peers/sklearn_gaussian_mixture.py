#!/usr/bin/python3
"""CPU and elapsed time of one EM iteration of scikit-learn's GaussianMixture: the same rows, start and floor of 0 as GaussianMixture.
sklearn_gaussian_mixture.py FOLDER ITERATIONS; the folder holds X.f64, M0.f64, C0.f64 (raw doubles, row after row)."""
import sys, time, warnings
import numpy as np
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore")
folder, iterations = sys.argv[1], int(sys.argv[2])
C0 = np.fromfile(f"{folder}/C0.f64"); d = int(round(len(C0) ** 0.5)); C0 = C0.reshape(d, d)
X = np.fromfile(f"{folder}/X.f64").reshape(-1, d); M0 = np.fromfile(f"{folder}/M0.f64").reshape(-1, d); K = len(M0)
gm = GaussianMixture(K, covariance_type="full", reg_covar=0.0)
gm.weights_, gm.means_, gm.covariances_ = np.full(K, 1 / K), M0.copy(), np.repeat(C0[None], K, 0)
gm.precisions_cholesky_ = np.repeat(np.linalg.inv(np.linalg.cholesky(C0)).T[None], K, 0)
cpu, elapsed = [], []
for _ in range(iterations):
    begin, began = time.process_time(), time.perf_counter()
    _, log_responsibilities = gm._e_step(X)
    gm._m_step(X, log_responsibilities)
    cpu.append(time.process_time() - begin); elapsed.append(time.perf_counter() - began)
cpu, elapsed = sorted(cpu[len(cpu) // 2:]), sorted(elapsed[len(elapsed) // 2:])
print(f"scikit-learn median={cpu[len(cpu) // 2]:.4f} best={cpu[0]:.4f} s CPU, elapsed={elapsed[len(elapsed) // 2]:.4f} s an iteration, mean log-likelihood {gm.score(X):.14f} after {iterations}")
