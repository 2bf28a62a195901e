"""Writes heldOut.json: a small softmax problem, its fits on all rows, and each row's logits by fits without its group, exact and by one Newton step.

Newton's method with the dense Hessian in d dimensions: python3 make-heldOut.py (numpy).
"""

import json
from pathlib import Path

import numpy as np

# Three classes (an odd number, which the kernels pad) of unequal sizes, groups of one to three rows, uneven weights, one of them 0.
codes = np.array([0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 2, 0, 2])
weights = np.array([0.5, 1.5, 2.5, 0.5, 1.5, 2.5, 0.5, 0.0, 2.5, 0.5, 1.5, 2.5, 0.5])
groups = [[0], [1, 2], [5, 3, 4], [6], [7, 8], [9, 10, 12], [11]]
n, k, d = 13, 3, 4
random = np.random.default_rng(4)
rows = np.round(64 * (0.7 * np.eye(k, d)[codes] + 0.5 * random.standard_normal((n, d)))) / 64


def probabilities(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def objective(theta, X, y, w, penalty):
    logits = X @ theta.T
    most = logits.max(axis=1)
    losses = np.log(np.exp(logits - most[:, None]).sum(axis=1)) + most - logits[np.arange(len(y)), y]
    return w @ losses + 0.5 * (penalty * theta**2).sum()


def fit(X, y, w, intercept):
    """theta (k × width) at the minimum; intercepts sum to 0."""
    width = X.shape[1]
    penalty = np.ones(width)
    if intercept:
        penalty[-1] = 0
    theta = np.zeros((k, width))
    Y = np.eye(k)[y]
    for _ in range(200):
        P = probabilities(X @ theta.T)
        gradient = ((w[:, None] * (P - Y)).T @ X + penalty * theta).ravel()
        H = np.zeros((k * width, k * width))
        for i in range(len(y)):
            H += w[i] * np.kron(np.diag(P[i]) - np.outer(P[i], P[i]), np.outer(X[i], X[i]))
        H += np.diag(np.tile(penalty, k))
        if intercept:
            at = np.arange(k) * width + width - 1
            H[np.ix_(at, at)] += 1
        step = -np.linalg.solve(H, gradient).reshape(k, width)
        taken = 1.0
        now = objective(theta, X, y, w, penalty)
        while objective(theta + taken * step, X, y, w, penalty) > now * (1 + 1e-13) and taken > 1e-6:
            taken /= 2
        theta = theta + taken * step
        if np.linalg.norm(step) < 1e-15 * np.linalg.norm(theta):
            break
    assert np.linalg.norm(gradient) < 1e-11 * max(1, w.sum())
    return theta, objective(theta, X, y, w, penalty), penalty


fits = []
for intercept in (True, False):
    X = np.column_stack([rows, np.ones(n)]) if intercept else rows
    for C in (0.5, 3, 20):
        theta, value, penalty = fit(X, codes, C * weights, intercept)
        held = {}
        for balanced in (False, True):
            logits = np.zeros((n, k))
            for group in groups:
                kept = np.setdiff1d(np.arange(n), group)
                w = weights.copy()
                if balanced:
                    for c in range(k):
                        own = codes == c
                        w[own] *= weights[own].sum() / weights[kept][codes[kept] == c].sum()
                without, _, _ = fit(X[kept], codes[kept], C * w[kept], intercept)
                logits[group] = X[group] @ without.T
            held["balanced" if balanced else "plain"] = (logits - logits.mean(axis=1, keepdims=True)).ravel().tolist()
        # One Newton step, the Hessian block-diagonal over classes; every row (or group) of weight above 0 left out in turn.
        P = probabilities(X @ theta.T)
        steps = {}
        for name, parts in (("rows", [[i] for i in range(n)]), ("groups", groups)):
            logits = X @ theta.T
            for part in parts:
                for c in range(k):
                    kept = np.setdiff1d(np.arange(n), part)
                    curve = C * weights * P[:, c] * (1 - P[:, c])
                    H = (curve[kept, None] * X[kept]).T @ X[kept] + np.diag(penalty)
                    force = (C * weights[part] * (P[part, c] - (codes[part] == c))) @ X[part]
                    logits[part, c] = X[part] @ (theta[c] + np.linalg.solve(H, force))
            steps[name] = logits.ravel().tolist()
        fits.append(
            {
                "C": C,
                "fitIntercept": intercept,
                "coef": theta[:, :d].ravel().tolist(),
                "intercept": theta[:, d].tolist() if intercept else [0] * k,
                "objective": value,
                "dual": (C * weights[:, None] * (np.eye(k)[codes] - P)).ravel().tolist(),
                "heldOut": held,
                "oneStep": steps,
            }
        )
out = {"rows": rows.tolist(), "codes": codes.tolist(), "weights": weights.tolist(), "groups": groups, "fits": fits}
Path(__file__).with_name("heldOut.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
