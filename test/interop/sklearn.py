"""Debian's scikit-learn on either side of an npz file of coef_, intercept_ and classes_.

sklearn.py predict FEATURES.npy [HEAD.npz OUT.npz]…     sets a LogisticRegression's attributes and predicts
sklearn.py fit FEATURES.npy C [LABELS.npy OUT.npz]…     fits one and saves what it learned and what it answers
"""

import sys

# This file is called as what it imports is: its own folder comes first, and must not.
sys.path.pop(0)

import numpy as np
from sklearn.linear_model import LogisticRegression


def answers(model, features):
    return {"labels": model.predict(features), "probabilities": model.predict_proba(features), "scores": model.decision_function(features)}


def predict(features, *pairs):
    for head, out in zip(pairs[::2], pairs[1::2]):
        arrays, rows = np.load(head), np.load(features)
        model = LogisticRegression()
        model.coef_, model.intercept_, model.classes_ = arrays["coef_"], arrays["intercept_"], arrays["classes_"]
        if "scale_" in arrays:
            rows = rows / np.linalg.norm(rows * arrays["scale_"], axis=1, keepdims=True)
        np.savez(out, **answers(model, rows))


def fit(features, c, *pairs):
    rows = np.load(features)
    for labels, out in zip(pairs[::2], pairs[1::2]):
        model = LogisticRegression(C=float(c), tol=1e-10, max_iter=10000).fit(rows, np.load(labels))
        learned = {"coef_": model.coef_, "intercept_": model.intercept_, "classes_": model.classes_}
        np.savez(out, **learned, **answers(model, rows))


{"predict": predict, "fit": fit}[sys.argv[1]](*sys.argv[2:])
