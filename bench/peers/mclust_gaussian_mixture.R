#!/usr/bin/Rscript
# CPU time of an EM iteration of mclust's VVV: the same rows and start as bench/gaussian-mixture.
# mclust_gaussian_mixture.R FOLDER ITERATIONS; the folder holds X.f64, M0.f64, C0.f64 (raw doubles, row after row).
suppressMessages(library(mclust))
arguments <- commandArgs(TRUE)
read <- function(name) { path <- file.path(arguments[1], name); readBin(path, "double", file.size(path) / 8) }
d <- 16; K <- 16; iterations <- as.integer(arguments[2])
X <- matrix(read("X.f64"), ncol = d, byrow = TRUE)
means <- t(matrix(read("M0.f64"), ncol = d, byrow = TRUE))
covariance <- matrix(read("C0.f64"), d)
variance <- mclustVariance("VVV", d = d, G = K)
variance$cholsigma <- array(chol(covariance), c(d, d, K))
variance$sigma <- array(covariance, c(d, d, K))
parameters <- list(pro = rep(1 / K, K), mean = means, variance = variance)
seconds <- function(n) system.time(fit <<- em(data = X, modelName = "VVV", parameters = parameters, control = emControl(itmax = c(n, n), tol = c(0, 0))))[["user.self"]]
one <- seconds(1)
cat(sprintf("mclust K=%d per iteration %.4f s CPU, mean log-likelihood %.10f after %d\n", K, (seconds(iterations + 1) - one) / iterations, fit$loglik / nrow(X), iterations + 1))
