"""Writes reference.json: what numpy and scikit-learn (Debian's python3-sklearn, 1.2.1) make of the cases. Run: /usr/bin/python3 test/cases/make-reference.py"""
import json, os, warnings
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

warnings.simplefilter("ignore")  # of line searches that end at the last digit
rng = np.random.default_rng(5)


def fitted(X, y, C, weight, sample_weight=None):
    return LogisticRegression(C=C, class_weight=weight, tol=1e-9, max_iter=100, solver="newton-cg").fit(X, y, sample_weight)


def class_weight():
    y = np.array([0] * 4 + [1] * 9 + [2] * 2)
    X = np.round(rng.normal(size=(15, 3)) + 1.5 * np.eye(3)[y], 3)
    asked = np.round(rng.normal(size=(4, 3)), 3)
    fits = []
    for weight in ["balanced", {0: 3.0, 2: 0.25}]:
        for C in [1, 50]:
            model = fitted(X, y, C, weight)
            named = weight if weight == "balanced" else {str(k): v for k, v in weight.items()}
            fits.append({"classWeight": named, "C": C, "coef": model.coef_.ravel().tolist(), "probabilities": model.predict_proba(asked).ravel().tolist()})
    weights = compute_class_weight("balanced", classes=[0, 1, 2], y=y)
    # Episodes of unequal shots: right answers with and without weights, and the smallest margin of any of them.
    labels = np.repeat(np.arange(3), 40)
    rows = np.round(rng.normal(size=(120, 5)) + 0.8 * np.eye(5)[labels], 3)
    episodes, margin = [], np.inf
    for _ in range(8):
        order = [rng.permutation(40) + 40 * c for c in range(3)]
        support = np.concatenate([order[c][:n] for c, n in enumerate([2, 9, 4])])
        query = np.concatenate([order[c][9:24] for c in range(3)])
        right = {}
        for name, weight in [("none", None), ("balanced", "balanced"), ("record", {1: 0.2, 2: 3.0})]:
            scores = fitted(rows[support], labels[support], 1, weight).decision_function(rows[query])
            two = np.sort(scores, axis=1)[:, -2:]
            margin = min(margin, (two[:, 1] - two[:, 0]).min())
            right[name] = int((scores.argmax(1) == labels[query]).sum())
        episodes.append({"support": support.tolist(), "query": query.tolist(), "right": right})
    assert margin > 1e-5, margin
    return {
        "features": X.tolist(), "labels": y.tolist(), "asked": asked.tolist(), "balanced": weights.tolist(), "fits": fits,
        "rows": rows.tolist(), "rowLabels": labels.tolist(), "episodes": episodes,
    }


with open(os.path.join(os.path.dirname(__file__), "reference.json"), "w") as file:
    json.dump({"classWeight": class_weight()}, file, separators=(",", ":"))
    file.write("\n")
