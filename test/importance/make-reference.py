"""What scipy and numpy say of welch and mutual-information importance, for the tests beside it: /usr/bin/python3 test/importance/make-reference.py

Rewrites reference.json (Debian: python3-scipy): rows of three classes of unequal sizes and spreads, the mean over pairs of Welch's t² as
scipy.stats.ttest_ind gives it, and ½ · ln(total / within) with classes of equal weight as numpy gives it.
"""
import json
import os

import numpy as np
from scipy.stats import ttest_ind

rng = np.random.default_rng(20260102)
counts, dims = (4, 9, 6), 5
X = np.concatenate([rng.normal(rng.normal(size=dims), rng.uniform(0.3, 2, dims), (n, dims)) for n in counts])
y = np.repeat(np.arange(3), counts)
pairs = [(a, b) for a in range(3) for b in range(a)]
welch = np.mean([ttest_ind(X[y == a], X[y == b], equal_var=False).statistic ** 2 for a, b in pairs], 0)
within = np.mean([X[y == c].var(0, ddof=1) for c in range(3)], 0)
between = np.stack([X[y == c].mean(0) for c in range(3)]).var(0)
information = np.log((within + between) / within) / 2
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json")
with open(path, "w") as file:
    json.dump(dict(madeBy="test/importance/make-reference.py", rows=len(y), cols=dims, X=X.ravel().tolist(), y=y.tolist(), welch=welch.tolist(), mutualInformation=information.tolist()), file)
    file.write("\n")
print(welch, information)
