"""The peers in Python: numpy and scikit-learn, written as a careful user would. One JSON command a line in, one JSON answer a line out.

Timing commands answer {"seconds": s}, processor seconds a unit of work by time.process_time. Whatever can be done once, outside the episodes, is.
"""
import json
import sys
import traceback
import warnings
from time import process_time

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV

warnings.simplefilter("ignore")
tasks = {}


def versions(_):
    return {
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }


def unit_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def load(m):
    folder = m["folder"]
    read = lambda name: np.load(f"{folder}/{name}.npy")
    t = {"labels": read("labels")}
    raw = read("features")
    t["raw"] = raw
    if not m.get("statistics"):
        t["double"] = unit_rows(raw.astype(np.float64))
        t["single"] = t["double"].astype(np.float32)
    if m.get("views"):
        t["views"] = m["views"]
        t["augmented"] = unit_rows(read("augmented").astype(np.float64)).reshape(len(raw), m["views"], -1)
    if m.get("episodes"):
        t["classes"], t["support"], t["query"] = read("classes"), read("support"), read("query")
        k = t["classes"].shape[1]
        t["ways"] = k
        t["y"] = np.repeat(np.arange(k), t["support"].shape[1] // k)
        t["yq"] = np.repeat(np.arange(k), t["query"].shape[1] // k)
    if m.get("orders"):
        t["orders"] = read("orders")
    tasks[m["task"]] = t
    return {}


def forget(m):
    tasks.pop(m["task"], None)
    return {}


# ---- one probe an episode

exact = {"tol": 1e-8, "max_iter": 200}


def fit(m):
    t = tasks[m["task"]]
    x, y, yq = t[m.get("storage", "double")], t["y"], t["yq"]
    solver, episodes = m["solver"], m["episodes"]
    right = 0
    start = process_time()
    for e in range(episodes):
        model = LogisticRegression(solver=solver).fit(x[t["support"][e]], y)
        right += int((model.predict(x[t["query"][e]]) == yq).sum())
    return {"seconds": (process_time() - start) / episodes, "correct": right}


def labels(m):
    t = tasks[m["task"]]
    x, y = t["double"], t["y"]
    options = exact if m.get("exact") else {}
    out, gaps = [], []
    for e in range(m["episodes"]):
        scores = LogisticRegression(solver=m["solver"], **options).fit(x[t["support"][e]], y).decision_function(x[t["query"][e]])
        ordered = np.sort(scores, axis=1)
        out.append(scores.argmax(1).tolist())
        gaps.append((ordered[:, -1] - ordered[:, -2]).tolist())
    return {"labels": out, "margins": gaps}


# ---- a redundancy curve

def curve(m):
    t = tasks[m["task"]]
    x, y, yq = t["double"], t["y"], t["yq"]
    counts = []
    start = process_time()
    for e in range(m["episodes"]):
        # The order of the dimensions is given: ours has to find it.
        order = t["orders"][e]
        support, query = x[t["support"][e]][:, order], x[t["query"][e]][:, order]
        row = []
        for kept in m["dimensions"]:
            model = LogisticRegression().fit(unit_rows(support[:, :kept]), y)
            row.append(int((model.predict(unit_rows(query[:, :kept])) == yq).sum()))
        counts.append(row)
    return {"seconds": (process_time() - start) / m["episodes"], "counts": counts}


# ---- statistics and importance

def moments_two_pass(x):
    mean = x.mean(0, dtype=np.float64)
    gap = x - mean
    return mean, np.einsum("ij,ij->j", gap, gap) / (len(x) - 1)


def moments_blas(x):
    x = x.astype(np.float64)
    mean = np.ones(len(x)) @ x / len(x)
    x -= mean
    return mean, np.einsum("ij,ij->j", x, x) / (len(x) - 1)


def moments_numpy(x):
    return x.mean(0, dtype=np.float64), x.var(0, ddof=1, dtype=np.float64)


moments_of = {"einsum": moments_two_pass, "blas": moments_blas, "mean and var": moments_numpy}


def floored(variances):
    return np.sqrt(np.maximum(variances, 1e-6 * variances.mean(-1, keepdims=True)))


def pair_importance(means, variances):
    k = len(means)
    deviations = floored(variances)
    out = np.zeros(means.shape[1])
    for a in range(1, k):
        value = 2 * np.abs(means[a] - means[:a]) / (deviations[a] + deviations[:a])
        value /= np.sqrt(np.einsum("ij,ij->i", value, value))[:, None]
        out += value.sum(0)
    return out * (2 / (k * (k - 1)))


def few_pairs_importance(means, variances):
    """The same without a loop: faster while all pairs fit the cache."""
    deviations = floored(variances)
    a, b = np.triu_indices(len(means), 1)
    value = 2 * np.abs(means[a] - means[b]) / (deviations[a] + deviations[b])
    value /= np.sqrt(np.einsum("ij,ij->i", value, value))[:, None]
    return value.mean(0)


def statistics(m):
    t = tasks[m["task"]]
    raw, rows, k = t["raw"], m["rows"], len(t["raw"]) // m["rows"]
    moments = moments_of[m["variant"]]
    start = process_time()
    # Rows are grouped by class: slices, no copies.
    pairs = [moments(raw[c * rows : (c + 1) * rows]) for c in range(k)]
    importance = pair_importance(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]))
    seconds = process_time() - start
    return {"seconds": seconds, "head": importance[:8].tolist()}


def augmented_moments(t, e):
    """Means and variances (k x d) of the support rows with their views: classes of equal size go in one call."""
    support = t["support"][e]
    k, shots = t["ways"], len(support) // t["ways"]
    rows = np.concatenate([t["double"][support][:, None], t["augmented"][support]], axis=1).reshape(k, shots * (1 + t["views"]), -1)
    mean = rows.mean(1)
    rows -= mean[:, None]
    return mean, np.einsum("kij,kij->kj", rows, rows) / (rows.shape[1] - 1)


def episode_importance(m):
    t = tasks[m["task"]]
    start = process_time()
    for e in range(m["episodes"]):
        importance = few_pairs_importance(*augmented_moments(t, e))
    return {"seconds": (process_time() - start) / m["episodes"], "head": importance[:8].tolist()}


# ---- a fit of all rows

def load_plain(m):
    read = lambda name: np.load(f"{m['folder']}/{name}.npy")
    tasks[m["task"]] = {"double": read("features").astype(np.float64), "y": read("labels")}
    return {}


def fit_plain(m):
    t = tasks[m["task"]]
    x, y, C = t["double"], t["y"], m["C"]
    start = process_time()
    model = LogisticRegression(solver=m["solver"], C=C, max_iter=100000).fit(x, y)
    seconds = process_time() - start
    z = x @ model.coef_.T + model.intercept_
    z -= z.max(1, keepdims=True)
    losses = np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y]
    return {"seconds": seconds, "objective": float(C * losses.sum() + 0.5 * (model.coef_ ** 2).sum())}


def choose_plain(m):
    """C by 10-fold cross-validation along 11 values, as scikit-learn's LogisticRegressionCV does it."""
    t = tasks[m["task"]]
    start = process_time()
    model = LogisticRegressionCV(Cs=m["path"], cv=10, scoring="neg_log_loss", max_iter=100000).fit(t["double"], t["y"])
    return {"seconds": process_time() - start, "C": float(model.C_[0])}


# ---- sampling

def sampling(m):
    t = tasks[m["task"]]
    by_class = [np.flatnonzero(t["labels"] == c) for c in range(t["labels"].max() + 1)]
    shots, queries, ways = m["shots"], m["queries"], m["ways"]
    random = np.random.default_rng(0)
    start = process_time()
    for _ in range(m["episodes"]):
        support, query = [], []
        for c in random.choice(len(by_class), ways, replace=False):
            rows = random.choice(by_class[c], shots + queries, replace=False) if m["by"] == "choice" else random.permutation(by_class[c])
            support.append(rows[:shots])
            query.append(rows[shots : shots + queries])
        support, query = np.concatenate(support), np.concatenate(query)
    return {"seconds": (process_time() - start) / m["episodes"]}


# ---- a whole evaluation: 6 masks x 2 probes

def wiener(means, variances, shots, n):
    variance = variances.mean(0)
    variance = np.maximum(variance, 1e-6 * variance.mean())
    distance = np.maximum(2 * means.var(0, ddof=1) - 2 * variance / n, 0)
    ratio = distance / variance
    return np.sqrt(ratio / variance / (ratio * (1 + 1 / shots) + (2 / shots) * (1 + 1 / (2 * shots))))


def evaluate(m):
    t = tasks[m["task"]]
    x, y, yq, ways = t["double"], t["y"], t["yq"], t["ways"]
    shots = len(y) // ways
    begin = process_time()
    all_classes = range(t["labels"].max() + 1)
    moments = [moments_two_pass(x[t["labels"] == c]) for c in all_classes]
    class_means, class_variances = np.array([p[0] for p in moments]), np.array([p[1] for p in moments])
    total = class_variances.sum(0)
    start = process_time()
    counts = []
    d = x.shape[1]
    kept = max(1, round(0.02 * d))
    top = lambda importance: np.argsort(-importance, kind="stable")[:kept]
    for e in range(m["episodes"]):
        chosen = t["classes"][e]
        support, query = x[t["support"][e]], x[t["query"][e]]
        oracle = few_pairs_importance(class_means[chosen], class_variances[chosen])
        means, variances = augmented_moments(t, e)
        augmented = few_pairs_importance(means, variances)
        outside = (total - class_variances[chosen].sum(0)) / (len(class_means) - ways)
        masks = [None, top(oracle), oracle, top(augmented), np.sqrt(augmented), wiener(means, (variances + outside) / 2, shots, shots)]
        row = []
        for mask in masks:
            if mask is None:
                s, q = support, query
            elif mask.dtype.kind == "i":
                s, q = unit_rows(support[:, mask]), unit_rows(query[:, mask])
            else:
                s, q = unit_rows(support * mask), unit_rows(query * mask)
            row.append(int((LogisticRegression().fit(s, y).predict(q) == yq).sum()))
            centroids = s.reshape(ways, shots, -1).mean(1)
            scores = q @ centroids.T - 0.5 * np.einsum("ij,ij->i", centroids, centroids)
            row.append(int((scores.argmax(1) == yq).sum()))
        counts.append(row)
    end = process_time()
    return {"seconds": (start - begin) + m["of"] * (end - start) / m["episodes"], "counts": counts}


commands = {
    f.__name__: f
    for f in (versions, load, forget, fit, labels, curve, statistics, load_plain, fit_plain, choose_plain, episode_importance, sampling, evaluate)
}
for line in sys.stdin:
    message = json.loads(line)
    try:
        answer = commands[message["command"]](message)
    except Exception as error:
        traceback.print_exc()
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
