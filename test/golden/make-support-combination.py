"""The combination of a support without base classes, written with numpy and scipy alone: every weight, and the final probabilities, of a small support with views.

python3 test/golden/make-support-combination.py > test/golden/support-combination.json
"""
import json
import numpy as np
from scipy.optimize import minimize

rng = np.random.default_rng(6)
ways, shots, d, views = 3, 5, 8, 4
n = ways * shots
means = rng.normal(size=(ways, d)) * 0.9
labels = np.repeat(np.arange(ways), shots)
x = np.round(means[labels] + rng.normal(size=(n, d)), 3)
v = np.round(x[:, None] + 0.6 * rng.normal(size=(n, views, d)) * np.linspace(0.3, 2, d), 3)
queries = np.round(means[rng.integers(ways, size=4)] + rng.normal(size=(4, d)), 3)
unit = lambda a: a / np.linalg.norm(a, axis=-1, keepdims=True)


def whitened(rows, own_views, ridge=16):
    z = unit(own_views)
    m = z.mean((0, 1))
    z = unit(z - m)
    r = (z - z.mean(1, keepdims=True)).reshape(-1, d)
    S = r.T @ r / (len(own_views) * (views - 1))
    e, U = np.linalg.eigh(S + ridge * np.trace(S) / d * np.eye(d))
    return unit(unit(unit(rows) - m) @ (U * e**-0.5) @ U.T)


def masked(rows, own, own_views, names):
    mu, sd = [], []
    for c in range(ways):
        a = unit(np.concatenate([own[names == c], own_views[names == c].reshape(-1, d)]))
        var = a.var(0, ddof=1)
        mu.append(a.mean(0))
        sd.append(np.sqrt(np.maximum(var, 1e-6 * var.mean())))
    total = np.zeros(d)
    for a in range(ways):
        for b in range(a):
            i = 2 * np.abs(mu[a] - mu[b]) / (sd[a] + sd[b])
            total += i / np.linalg.norm(i)
    return unit(unit(rows) * np.sqrt(total / (ways * (ways - 1) / 2)))


def maps(rows, keep):
    return [unit(rows), whitened(rows, v[keep]), masked(rows, x[keep], v[keep], labels[keep])]


logits, truth = [], []
for fold in range(shots):
    out = np.arange(n) % shots == fold
    each = []
    for a in maps(x, ~out):
        c = np.stack([a[~out & (labels == k)].mean(0) for k in range(ways)])
        each.append(a[out] @ c.T - (c**2).sum(1) / 2)
    logits.append(np.stack(each, -1))
    truth.append(labels[out])
logits, truth = np.concatenate(logits), np.concatenate(truth)


def loss(w):
    s = logits @ w
    s = s - s.max(1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(1, keepdims=True)
    own = logits[np.arange(len(truth)), truth]
    return -np.log(p[np.arange(len(truth)), truth]).mean(), ((p[..., None] * logits).sum(1) - own).mean(0)


best = minimize(loss, np.ones(3), jac=True, bounds=[(0, None)] * 3, method="L-BFGS-B", options=dict(ftol=1e-16, gtol=1e-12, maxiter=5000))
weights = 0.5 * best.x / best.x.sum() + 0.5 / 3
rows = np.concatenate([np.sqrt(w) * a for w, a in zip(weights, maps(np.concatenate([x, queries]), np.arange(n)))], 1)
C = 20.0


def probe(p):
    W, b = p[:-ways].reshape(ways, -1), p[-ways:]
    s = rows[:n] @ W.T + b
    s -= s.max(1, keepdims=True)
    e = np.exp(s)
    e /= e.sum(1, keepdims=True)
    g = e.copy()
    g[np.arange(n), labels] -= 1
    return -C * np.log(e[np.arange(n), labels]).sum() + (W**2).sum() / 2, np.concatenate([(C * g.T @ rows[:n] + W).ravel(), C * g.sum(0)])


fit = minimize(probe, np.zeros(ways * (3 * d + 1)), jac=True, method="BFGS", options=dict(gtol=1e-10, maxiter=5000))
s = rows[n:] @ fit.x[:-ways].reshape(ways, -1).T + fit.x[-ways:]
p = np.exp(s - s.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
print(json.dumps({
    "note": "written by make-support-combination.py (numpy, scipy)",
    "ways": ways, "shots": shots, "views": views, "labels": labels.tolist(),
    "support": x.tolist(), "augmented": v.reshape(-1, d).tolist(), "queries": queries.tolist(),
    "logLoss": best.fun, "weights": weights.tolist(), "C": C, "probabilities": p.tolist(),
}))
