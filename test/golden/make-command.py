"""What scikit-learn and numpy count on fixed episodes, for test/cli/golden.test.ts: python3 test/golden/make-command.py (Debian: python3-sklearn).

Rewrites the files of the folder command/ beside it: small features of eight fruit with views, a base set of six others, and episodes.json, whose
episodes hold the row indices and, for each mask and probe, the number of queries that scikit-learn (softmax) and numpy (centroid, cosine) get right.
Episodes with a decision closer than 1e-6 are left out, so that every count is beyond doubt.
"""
import json
import os

import numpy as np
from sklearn.linear_model import LogisticRegression

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "command")
rng = np.random.default_rng(20260101)
names = np.array(["apple", "fig", "kiwi", "lime", "mango", "pear", "plum", "quince"])
classes, rows, dims, views, base_classes, queries = len(names), 14, 24, 4, 6, 8

l2 = lambda z: z / np.linalg.norm(z, axis=-1, keepdims=True)
floored = lambda var: np.maximum(var, 1e-6 * var.mean(-1, keepdims=True))


def pair_importance(mu, var):
    out, sd = [], np.sqrt(floored(var))
    for a in range(len(mu)):
        for b in range(a):
            i = 2 * np.abs(mu[a] - mu[b]) / (sd[a] + sd[b])
            out.append(i / np.linalg.norm(i))
    return np.mean(out, 0)


def wiener(mu, var, shots):
    k, var = len(mu), floored(var)
    delta2 = np.mean([(mu[a] - mu[b]) ** 2 for a in range(k) for b in range(a)], 0)
    r = np.maximum(delta2 - 2 * var / shots, 0) / var
    return np.sqrt(r / var / (r * (1 + 1 / shots) + 2 / shots * (1 + 1 / (2 * shots))))


def simple(z):
    return np.sign(z) / np.log(1 / (np.abs(z) + 1e-5) + 1) ** 1.3


def draw(count, per_class):
    y = np.repeat(np.arange(count), per_class)
    return y, offset + (rng.normal(size=(count, dims)) * apart)[y] + rng.normal(size=(len(y), dims)) * spread


spread = rng.uniform(0.3, 2, dims)
apart = np.where(np.arange(dims) % 4 == 0, 1.2, 0.3)
offset = np.abs(rng.normal(size=dims))
y, X = draw(classes, rows)
A = X[:, None] + rng.normal(size=(len(y), views, dims)) * spread * 0.5
by, B = draw(base_classes, 10)
X, A, B = X.astype(np.float32), A.astype(np.float16), B.astype(np.float64)
shuffled = rng.permutation(len(y))
X, A, y = X[shuffled], A[shuffled], y[shuffled]
os.makedirs(HERE, exist_ok=True)
np.save(f"{HERE}/features.npy", X)
np.save(f"{HERE}/labels.npy", names[y])
np.save(f"{HERE}/augmented.npy", A)
np.save(f"{HERE}/base_features.npy", np.asfortranarray(B))
np.save(f"{HERE}/base_labels.npy", by)

X, A, B = l2(X.astype(float)), l2(A.astype(float)), l2(B)
base_var = np.mean([B[by == c].var(0, ddof=1) for c in range(base_classes)], 0)
MU = np.stack([X[y == c].mean(0) for c in range(classes)])
VA = np.stack([X[y == c].var(0, ddof=1) for c in range(classes)])


def fit(S, ys, Q):
    return LogisticRegression(C=1, solver="newton-cg", tol=1e-7, max_iter=10000).fit(S, ys).decision_function(Q)


out = []
while len(out) < 24:
    shots = (1, 3)[len(out) % 2]
    cs = rng.choice(classes, 5, replace=False)
    s, q = [], []
    for c in cs:
        ix = rng.permutation(np.where(y == c)[0])[: shots + queries]
        s += ix[:shots].tolist()
        q += ix[shots:].tolist()
    ys, yq = np.repeat(np.arange(5), shots), np.repeat(np.arange(5), queries)
    oracle = pair_importance(MU[cs], VA[cs])
    top = np.zeros(dims)
    top[np.argsort(-oracle, kind="stable")[: round(0.25 * dims)]] = 1
    G = np.concatenate([X[s], A[s].reshape(-1, dims)])
    yg = np.concatenate([ys, np.repeat(ys, views)])
    gm = np.stack([G[yg == j].mean(0) for j in range(5)])
    gv = np.stack([G[yg == j].var(0, ddof=1) for j in range(5)])
    weights = {
        "none": np.ones(dims),
        "pair@oracle/top:0.25": top,
        "pair@oracle/power:1": oracle,
        "pair@augmented/power:0.5": pair_importance(gm, gv) ** 0.5,
        "wiener@augmented+base/power:1": wiener(gm, (gv.mean(0) + base_var) / 2, shots),
    }
    spaces = {name: (l2(X[s] * m), l2(X[q] * m)) for name, m in weights.items()}
    spaces["simple"] = (l2(simple(X[s])), l2(simple(X[q])))
    correct, closest = {}, np.inf
    for name, (S, Q) in spaces.items():
        P = np.stack([S[ys == j].mean(0) for j in range(5)])
        scores = {"softmax": fit(S, ys, Q), "centroid": -((Q[:, None] - P) ** 2).sum(-1), "cosine": Q @ l2(P).T}
        correct[name] = {probe: int((z.argmax(1) == yq).sum()) for probe, z in scores.items()}
        closest = min(closest, *(float(np.diff(np.sort(z, 1)[:, -2:], axis=1).min()) for z in scores.values()))
    if closest > 1e-6:
        out.append(dict(shots=shots, support=s, query=q, closestMargin=closest, correct=correct))
json.dump(dict(madeBy="test/golden/make-command.py", episodes=out), open(f"{HERE}/episodes.json", "w"), indent=None)
for name in out[0]["correct"]:
    print(name, {p: float(np.mean([e["correct"][name][p] / len(e["query"]) for e in out]).round(3)) for p in out[0]["correct"][name]})
print("closest margin", min(e["closestMargin"] for e in out))
