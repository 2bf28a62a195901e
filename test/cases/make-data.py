"""Writes test/cases/data: files as pandas, numpy, pyarrow and scikit-learn write them. Each folder is a kind of input that once gave wrong numbers in silence.

    python3 -m venv env && env/bin/pip install numpy pandas pyarrow ml_dtypes scikit-learn && env/bin/python test/cases/make-data.py

The tests hold what is read to the values that these programs give.
"""
import base64
import csv
import datetime
import decimal
import io
import json
import os
import random
import struct
import zipfile

import ml_dtypes
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
from sklearn.linear_model import RidgeClassifier
from sklearn.svm import LinearSVC

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def folder(name):
    path = os.path.join(root, name)
    os.makedirs(path, exist_ok=True)
    os.chdir(path)


def text(name, content):
    with open(name, "w", newline="") as file:
        file.write(content)


def both(name, table):
    """As parquet and as Feather."""
    table = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table)
    parquet.write_table(table, name + ".parquet")
    feather.write_feather(table, name + ".feather", compression="uncompressed")


# Embeddings in cells of text; features are noise.
folder("textCells")
random.seed(0)
rows = [([random.gauss(0, 1) for _ in range(8)], i // 10) for i in range(40)]
with open("list.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["embedding", "label"])
    for e, y in rows:
        writer.writerow([str(e), y])  # as DataFrame.to_csv writes a list
text("base64.jsonl", "".join(json.dumps({"embedding": base64.b64encode(struct.pack("8f", *e)).decode(), "label": y}) + "\n" for e, y in rows))
text("lists.jsonl", "".join(json.dumps({"embedding": e, "label": y}) + "\n" for e, y in rows))
E = np.array([e for e, _ in rows])
y = np.array([y for _, y in rows])
cells = {
    "numpy": list(E),
    "numpyLong": list(np.tile(E, 10)),
    "numpyShortened": list(np.tile(E, 200)),
    "numpyScalars": [list(e) for e in E],
    "repr": [repr(e) for e in E],
    "tuple": [tuple(map(float, e)) for e in E],
    "spaces": [" ".join(map(str, e)) for e in E],
    "commas": [",".join(map(str, e)) for e in E],
    "braces": ["{" + ",".join(map(str, e)) + "}" for e in E],
    "base64": [base64.b64encode(e.astype("<f4").tobytes()).decode() for e in E],
    "base64Doubles": [base64.b64encode(e.astype("<f8").tobytes()).decode() for e in E],
    "base64Whole": [base64.b64encode(e.round().astype("<f8").tobytes()).decode() for e in E],
    "base64Halves": [base64.b64encode(e.astype("<f2").tobytes()).decode() for e in E],
    "base64Bytes": [base64.b64encode((e * 40).astype("i1").tobytes()).decode() for e in E],
    "missing": [None] + [list(map(float, e)) for e in E[1:]],
    "nan": [[float("nan")] + list(map(float, e[1:])) for e in E],
    "ragged": [list(map(float, e)) for e in E[1:]] + [[1.0]],
    "nested": [[list(map(float, e))] for e in E],
    "words": ["(unknown) [CLS]"] * len(E),
}
for name, column in cells.items():
    pd.DataFrame({"id": [f"i{k}" for k in range(len(E))], "embedding": column, "label": y}).to_csv(name + ".csv", index=False)
frame = pd.DataFrame({"embedding": [str(list(map(float, e))) for e in E], "label": y})
both("text", frame)
frame.to_json("text.jsonl", orient="records", lines=True)
both("base64", pd.DataFrame({"embedding": cells["base64"], "label": y}))

# A csv file without a header whose first row holds the text of the column asked for.
folder("headerless")
random.seed(3)
with open("mn.csv", "w") as file:
    for i in range(60):
        px = [random.randrange(1, 255) * (random.random() < 0.5) for _ in range(12)]
        if i == 0:
            px[0] = 0
        file.write(",".join(map(str, [(5 + i) % 6] + px)) + "\n")
text("last.csv", "3,1,2,0\n0,1,3,1\n4,0,1,0\n5,1,1,1\n")

# The index of a frame whose rows were shuffled.
folder("index")
rng = np.random.default_rng(0)
y = np.repeat(np.arange(4), 10)
frame = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("abc"))
frame["label"] = y
shuffled = frame.sample(frac=1, random_state=0)
both("plain", frame)
both("shuffled", shuffled)
both("named", shuffled.rename_axis("sample_id"))
both("range", frame.set_index(pd.RangeIndex(0, 80, 2, name="id")))
both("strings", frame.set_index(pd.Index([f"s{i}" for i in range(40)])))
both("dates", frame.set_index(pd.date_range("2020", periods=40)))
both("multi", frame.set_index(pd.MultiIndex.from_arrays([range(40), y], names=["row", None])))
both("label", frame.set_index("label"))
both("reset", shuffled.reset_index())
both("bare", pa.Table.from_pandas(shuffled).replace_schema_metadata(None))
frame.to_csv("written.csv")
pd.read_csv("written.csv").to_csv("unnamed.csv", index=False)
frame.set_index(pd.MultiIndex.from_arrays([range(40), y])).to_csv("multi.csv")
shuffled.reset_index().to_csv("reset.csv", index=False)
shuffled.rename_axis("sample_id").to_csv("sample_id.csv")
shuffled.rename_axis("origin").to_csv("origin.csv")
shuffled.reset_index().to_json("reset.jsonl", orient="records", lines=True)

# A column of labels under another name; features are noise.
folder("labelColumn")
random.seed(0)
rows = [([random.gauss(0, 1) for _ in range(3)], i // 10) for i in range(40)]
for name, label in (("target.csv", "target"), ("capital.csv", "Label"), ("space.csv", " label")):
    text(name, f"a,b,c,{label}\n" + "".join(",".join(map(str, x + [y])) + "\n" for x, y in rows))
frame = pd.DataFrame([x + [y] for x, y in rows], columns=["a", "b", "c", "target"])
frame.to_csv("target.tsv", index=False, sep="\t")
frame.to_json("target.jsonl", orient="records", lines=True, double_precision=15)
both("target", frame)

# The same columns in another order.
folder("columnNames")
random.seed(1)
rows = [([i // 10 + random.gauss(0, 0.5), random.gauss(0, 9), -(i // 10) + random.gauss(0, 0.5)], i // 10) for i in range(40)]
frame = pd.DataFrame([x + [y] for x, y in rows], columns=["a", "b", "c", "label"])


def shards(extension, write):
    write(frame.iloc[::2], f"s-1.{extension}")
    write(frame.iloc[1::2][["c", "b", "a", "label"]], f"s-2.{extension}")
    write(frame, f"all.{extension}")
    write(frame[["a", "b", "c"]], f"abc.{extension}")
    write(frame[["b", "c", "a"]], f"bca.{extension}")
    write(frame[["b", "a"]], f"ba.{extension}")
    write(frame[["c", "a", "b"]].assign(more=1.0, name="x"), f"more.{extension}")


shards("csv", lambda part, name: part.to_csv(name, index=False))
shards("jsonl", lambda part, name: part.to_json(name, orient="records", lines=True, double_precision=15))
shards("parquet", lambda part, name: part.reset_index(drop=True).to_parquet(name))
shards("feather", lambda part, name: part.reset_index(drop=True).to_feather(name, compression="uncompressed"))
np.save("abc.npy", frame[["a", "b", "c"]].to_numpy())
text("y.csv", "label\n" + "".join(f"{y}\n" for _, y in rows))

# Whole numbers beyond 2^53 as labels.
folder("bigIntegers")
ids = [1413617112501850000 + k for k in (121, 122, 1121, 1122)]
rows = [([float(i % 4 == 0), float(i % 4 == 1), float(i % 4 == 2), i / 20], ids[i % 4]) for i in range(24)]
text("big.jsonl", "".join(json.dumps({"embedding": x, "label": y}) + "\n" for x, y in rows))
text("big.csv", "a,b,c,d,label\n" + "".join(",".join(map(str, x)) + f",{y}\n" for x, y in rows))
frame = pd.DataFrame([x + [y] for x, y in rows], columns=["a", "b", "c", "d", "label"])
both("big", frame)
both("unsigned", frame.assign(label=frame["label"].to_numpy().astype("u8") + np.uint64(2**63)))
both("decimal", pa.Table.from_pandas(frame).set_column(4, "label", pa.array([decimal.Decimal(y) for _, y in rows], pa.decimal128(38, 0))))
np.save("big.npy", frame["label"].to_numpy())

# Labels whose type the shards decide each for itself.
folder("labelKinds")
text("l-1.csv", "label\n1\n2\n1\n")
text("l-2.csv", "label\n1\nx\n2\n")
text("x-1.csv", "a,b\n1,2\n3,4\n5,6\n")
text("x-2.csv", "a,b\n1,3\n3,5\n5,7\n")
text("all.csv", "label\n1\n2\n1\n1\nx\n2\n")
np.save("l-1.npy", np.array([1, 2, 1]))
np.save("l-2.npy", np.array(["1", "x", "2"]))
text("f-1.csv", "label\n1\n2\n1\n")
text("f-2.csv", "label\n1.0\n2.0\nTrue\n")

# Lists of Arrow whose stored bytes are not the values.
folder("arrowLists")


def lists(name, array):
    feather.write_feather(pa.table({"embedding": array, "label": ["a", "b", "c"]}), name + ".arrow", compression="uncompressed")
    try:
        parquet.write_table(pa.table({"embedding": array, "label": ["a", "b", "c"]}), name + ".parquet")
    except pa.ArrowNotImplementedError:
        pass


V = [[1, 2], [3, 4], [5, 6]]
dictionary = pa.array([10.0, 20.0, 10.0, 30.0, 20.0, 10.0]).dictionary_encode()
D = [[decimal.Decimal(str(v)) for v in row] for row in ([0.1, -2.25], [1.1, 0.7], [123456.1, 3])]
lists("fixed-decimal", pa.array(V, pa.list_(pa.int64(), 2)).cast(pa.list_(pa.decimal128(22, 2), 2)))
lists("list-decimal", pa.array(V, pa.list_(pa.int64())).cast(pa.list_(pa.decimal128(22, 2))))
lists("fixed-fractions", pa.array(D, pa.list_(pa.decimal128(22, 3), 2)))
lists("list-fractions", pa.array(D, pa.list_(pa.decimal256(50, 3))))
lists("fixed-dictionary", pa.FixedSizeListArray.from_arrays(dictionary, 2))
lists("list-dictionary", pa.ListArray.from_arrays(pa.array([0, 2, 4, 6], pa.int32()), dictionary))
lists("fixed-string", pa.array([["0.125", "0.25"], ["3.5", "4.5"], ["5.5", "6.5"]], pa.list_(pa.string(), 2)))
lists("list-string", pa.array([["0.125", "0.25"], ["3.5", "4.5"], ["5.5", "6.5"]], pa.list_(pa.string())))
lists("fixed-binary", pa.array([[b"aa", b"bb"], [b"cc", b"dd"], [b"ee", b"ff"]], pa.list_(pa.binary(), 2)))
lists("fixed-bool", pa.array([[True, False]] * 3, pa.list_(pa.bool_(), 2)))
lists("list-bool", pa.array([[True, False]] * 3, pa.list_(pa.bool_())))
lists("fixed-date", pa.array([[datetime.date(2020, 1, 2)] * 2] * 3, pa.list_(pa.date32(), 2)))
lists("list-null", pa.array([[1.0, None], [3.0, 4.0], [5.0, 6.0]], pa.list_(pa.float64())))
lists("fixed-null", pa.array([[1.0, None], [3.0, 4.0], [5.0, 6.0]], pa.list_(pa.float64(), 2)))
lists("null-list", pa.array([[1.0, 2.0], None, [5.0, 6.0]], pa.list_(pa.float64())))

# One label written as 1, 1.0, 1.0e+00, "1" and True.
folder("labelNumbers")
rng = np.random.default_rng(0)
y = np.repeat(np.arange(4), 10)
np.save("x.npy", np.eye(4)[y] + 0.1 * rng.normal(size=(40, 4)))
np.save("y.npy", y)
np.savetxt("savetxt.csv", y.astype(float))
np.savetxt("savetxt.txt", y.astype(float))
text("float.csv", "label\n" + "".join(f"{float(v)}\n" for v in y))
np.save("str.npy", y.astype(str))
np.save("b.npy", y > 1)
text("bool.csv", "label\n" + "".join(f"{v > 1}\n" for v in y))
pd.DataFrame({"label": y.astype("f4")}).to_parquet("float.parquet")
pd.DataFrame({"label": y > 1}).to_feather("bool.feather", compression="uncompressed")

# The same whole numbers and truth values in every format.
folder("wholeNumbers")
V = np.array([[1, -2, 3], [4, 5, -6]])
frame = pd.DataFrame({"embedding": V.tolist(), "label": ["a", "b"]})
frame.to_parquet("e.parquet")
frame.to_feather("e.feather", compression="uncompressed")
np.save("e.npy", V)
frame.to_json("e.jsonl", orient="records", lines=True)
np.save("b.npy", V > 0)
columns = pd.DataFrame(V > 0, columns=["p", "q", "r"]).assign(label=["a", "b"])
columns.to_csv("b.csv", index=False)
columns.to_json("b.jsonl", orient="records", lines=True)
both("b", columns)
kinds = {f"{k}{w}": f"{k}{w}" for k in "iu" for w in (1, 2, 4, 8)} | {"f2": "f2", "f4": "f4", "f8": "f8", "bool": "?"}
W = np.array([[1, 0, 3], [4, 5, 6]])
for name, dtype in kinds.items():
    values = W.astype(dtype)
    child = pa.from_numpy_dtype(values.dtype)
    for kind, type in (("list", pa.list_(child)), ("large", pa.large_list(child)), ("fixed", pa.list_(child, 3))):
        both(f"{kind}-{name}", pa.table({"embedding": pa.array(values.tolist(), type)}))
    both(f"columns-{name}", pa.table({c: values[:, j] for j, c in enumerate("abc")}))

# Labels of which some are missing.
folder("missingLabels")
text("nan.csv", "a,b,label\n1,2,0\n3,4,nan\n5,6,1\n7,8,0\n9,1,nan\n2,2,1\n")
text("na.csv", "a,b,label\n1,2,0\n3,4,NA\n5,6,1\n7,8,0\n9,1,NA\n2,2,1\n")
text("empty.csv", "a,b,label\n1,2,0\n3,4,\n5,6,1\n7,8,0\n9,1,\n2,2,1\n")
text("minus.csv", "a,b,label\n1,2,0\n3,4,-1\n5,6,1\n7,8,0\n9,1,-1.0\n2,2,1\n")
text("words.csv", "a,b,label\n1,2,fig\n3,4,nan\n5,6,pear\n7,8,fig\n9,1,nan\n2,2,pear\n")
frame = pd.DataFrame({"a": [1, 3, 5, 7, 9, 2], "b": [2, 4, 6, 8, 1, 2], "label": [0, None, 1, 0, None, 1]})
both("float", frame)
both("integer", frame.astype({"label": "Int64"}))
both("text", frame.assign(label=["fig", None, "pear", "fig", None, "pear"]))
frame.to_json("null.jsonl", orient="records", lines=True)
np.save("x.npy", np.ascontiguousarray(frame[["a", "b"]].to_numpy(), "f4"))
np.save("y.npy", frame["label"].to_numpy())
np.save("minus.npy", np.array([0, -1, 1, 0, -1, 1]))
np.save("views.npy", np.arange(24, dtype="f4").reshape(6, 2, 2))

# Files that are not what they seem: what the message says.
folder("messages")
X = np.ones((4, 3), "f4")
np.save("bf16.npy", X.astype(ml_dtypes.bfloat16))
np.save("f8.npy", X.astype(ml_dtypes.float8_e5m2))
np.save("pool.npy", X[:, :, None, None])
np.save("tokens.npy", X[None])
np.save("maps.npy", np.ones((4, 3, 2, 2), "f4"))
np.save("latin.npy", np.array([b"caf\xe9", b"tea"]))
with zipfile.ZipFile("noext.npz", "w") as archive:
    buffer = io.BytesIO()
    np.save(buffer, X)
    for name, content in (("features", buffer.getvalue()), ("README.txt", "what this is")):
        archive.writestr(zipfile.ZipInfo(name), content)
text("semi.csv", "label;a;b\nx;1,5;2\ny;3;4\n")
text("semi2.csv", "label;a;b\nx;1.5;2\ny;3;4\n")
text("array.jsonl", json.dumps([{"embedding": [1, 2], "label": "a"}]))
text("pretty.jsonl", json.dumps([{"embedding": [1, 2]}], indent=1))
text("openai.jsonl", json.dumps({"object": "list", "data": [{"index": 0, "embedding": [0.1, 0.2]}], "model": "m"}))
with open("utf16.csv", "wb") as file:
    file.write("a,b,label\n1,2,x\n".encode("utf-16"))
with open("latin.csv", "wb") as file:
    file.write("a,b,label\n1,2,caf\xe9\n".encode("latin-1"))

# Linear models that were fitted without an intercept.
folder("intercept")
rng = np.random.default_rng(0)
y = np.repeat(np.arange(3), 10)
X = np.eye(3)[y] + 0.1 * rng.normal(size=(30, 3))
np.save("x.npy", X)
expected = {}
for name, model in (("svc", LinearSVC(fit_intercept=False)), ("ridge", RidgeClassifier(fit_intercept=False))):
    model.fit(X, y)
    np.savez(name + ".npz", coef_=model.coef_, intercept_=model.intercept_, classes_=model.classes_)
    expected[name] = {"scores": model.decision_function(X).ravel().tolist(), "labels": model.predict(X).tolist()}
text("expected.json", json.dumps(expected, indent=2) + "\n")

# What docs/data.md says of each kind of column in each format.
folder("kinds")
values = {
    "features": np.array([[1.5, -2], [3, 4], [5, 6]]),
    "int64": np.array([[1, -2], [3, 4], [5, 6]]),
    "beyond": np.array([[2**53 + 1, 1], [2, 3], [4, 5]]),
    "booleans": np.array([[True, False], [False, True], [True, True]]),
    "halves": np.array([[1.5, -2], [3, 4], [5, 6]], "f2"),
    "missing": np.array([[1.5, np.nan], [3, 4], [5, 6]]),
}
for name, value in values.items():
    np.save(name + ".npy", value)
    np.savez(name + ".npz", features=value)
    frame = pd.DataFrame(value, columns=["a", "b"])
    frame.to_csv(name + ".csv", index=False)
    frame.to_json(name + ".jsonl", orient="records", lines=True)
    both(name, pa.table({"a": value[:, 0], "b": value[:, 1]}))
null = pa.table({"a": [1.5, 3.0, 5.0], "b": [None, 4.0, 6.0]})
both("null", null)
labels = {
    "numbers": np.array([2, 0, 2]),
    "text": np.array(["pear", "fig", "pear"]),
    "truth": np.array([True, False, True]),
    "wide": np.array([2**53 + 1, 2**53 + 3, 2**53 + 1]),
    "gaps": np.array([1, np.nan, 1]),
}
for name, value in labels.items():
    np.save(f"label-{name}.npy", value)
    np.savez(f"label-{name}.npz", labels=value)
    frame = pd.DataFrame({"label": value})
    frame.to_csv(f"label-{name}.csv", index=False, na_rep="nan")
    text(f"label-{name}.txt", "".join(f"{v}\n" for v in value))
    frame.to_json(f"label-{name}.jsonl", orient="records", lines=True)
    both(f"label-{name}", frame)
lists = [[1.5, -2.0], [3.0, 4.0], [5.0, 6.0]]
both("list", pa.table({"embedding": pa.array(lists, pa.list_(pa.float32()))}))
text("list.jsonl", "".join(json.dumps({"embedding": row}) + "\n" for row in lists))
code = [str(row) for row in lists]
pd.DataFrame({"embedding": code}).to_csv("coded.csv", index=False)
pd.DataFrame({"embedding": code}).to_json("coded.jsonl", orient="records", lines=True)
both("coded", pa.table({"embedding": code}))
decimals = [decimal.Decimal("1.1"), decimal.Decimal("-2.25"), decimal.Decimal("0.7")]
both("decimals", pa.table({"a": pa.array(decimals, pa.decimal128(12, 2)), "b": [1.0, 2.0, 3.0]}))
text("decimals.csv", "a,b\n1.10,1\n-2.25,2\n0.70,3\n")
both("dictionary", pa.table({"a": pa.array([1.5, 3.0, 1.5]).dictionary_encode(), "b": [1.0, 2.0, 3.0]}))
both("label-dictionary", pa.table({"label": pa.array(["pear", "fig", "pear"]).dictionary_encode()}))
dates = pd.DataFrame({"a": pd.date_range("2020", periods=3), "b": [1.0, 2.0, 3.0]})
both("dates", dates)
dates.to_csv("dates.csv", index=False)
dates.to_json("dates.jsonl", orient="records", lines=True, date_format="iso")
np.save("dates.npy", dates["a"].to_numpy()[:, None])
np.savez("dates.npz", features=dates["a"].to_numpy()[:, None])
words = pd.DataFrame({"a": ["x", "y", "z"], "b": [1.0, 2.0, 3.0]})
both("words", words)
words.to_csv("words.csv", index=False)
words.to_json("words.jsonl", orient="records", lines=True)
np.save("words.npy", np.array([["x"], ["y"], ["z"]]))
np.savez("words.npz", features=np.array([["x"], ["y"], ["z"]]))
frame = pd.DataFrame(values["features"], columns=["a", "b"], index=pd.Index([7, 5, 6], name="id"))
both("index", frame)
frame.rename_axis(None).to_csv("index.csv")
views = np.arange(12.0).reshape(3, 2, 2)
np.save("views.npy", views)
np.savez("views.npz", views=views)
both("views", pa.table({"views": pa.array(views.tolist(), pa.list_(pa.list_(pa.float64())))}))
text("views.jsonl", "".join(json.dumps({"views": row}) + "\n" for row in views.tolist()))
np.save("brain.npy", values["features"].astype(ml_dtypes.bfloat16))
np.savez("brain.npz", features=values["features"].astype(ml_dtypes.bfloat16))
