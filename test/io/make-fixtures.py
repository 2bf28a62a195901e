"""Writes test/io/fixtures with numpy: run with a Python that has numpy (and pandas, for the tables), format, then commit what it wrote.

    /usr/bin/python3 test/io/make-fixtures.py && npx biome check --write test/io

The same script writes the same bytes.
"""
import io
import json
import os
import zipfile

import numpy as np
import numpy.lib.format as npf

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
expected = {}
random = np.random.default_rng(0)


def plain(array):
    """Values as JSON holds them: bigints and non-finite numbers as strings."""
    values = []
    for value in array.ravel(order="C").tolist():
        if isinstance(value, bytes):
            values.append(value.decode("utf-8"))
        elif isinstance(value, bool):
            values.append(int(value))
        elif isinstance(value, int) and array.dtype.itemsize == 8:
            values.append(str(value))
        elif isinstance(value, float) and not np.isfinite(value):
            values.append(str(value))
        elif isinstance(value, float) and value == 0 and np.signbit(value):
            values.append("-0")
        else:
            values.append(value)
    return values


def save(name, array, version=(1, 0)):
    path = os.path.join(here, name + ".npy")
    with open(path, "wb") as file:
        npf.write_array(file, array, version=version)
    fortran = bool(array.flags.f_contiguous and not array.flags.c_contiguous)
    expected[name] = {"dtype": npf.dtype_to_descr(array.dtype), "shape": list(array.shape), "fortranOrder": fortran, "data": plain(array)}


grid = np.arange(-7, 5).reshape(3, 4)
for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    values = np.abs(grid) if kind[0] == "u" else grid
    for order in "<>":
        if kind[1] == "1" and order == ">":
            continue
        array = (values / 3 if kind[0] == "f" else values).astype(order + kind)
        side = "le" if order == "<" else "be"
        save(f"{kind}-{side}", array)
        save(f"{kind}-{side}-fortran", np.asfortranarray(array))
for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    limits = np.iinfo(kind)
    save(f"{kind}-limits", np.array([limits.min, limits.max], dtype=kind))
save("f2-special", np.array([0, -0.0, 6e-8, 5.96e-8, 6.1e-5, 6.104e-5, 65504, -65504, np.inf, -np.inf, np.nan, 1 / 3], dtype="<f2"))
save("f8-special", np.array([5e-324, 1.7976931348623157e308, -0.0, np.nan, np.inf, 0.1]))
save("bool", np.array([[True, False], [False, True]]))
save("bool-fortran", np.asfortranarray(np.array([[True, False, True], [False, True, True]])))
words = np.array(["pear", "", "Äpfel", "日本", "🍐 ripe", "a'b\"c\\"])
save("unicode-le", words)
save("unicode-be", words.astype(words.dtype.newbyteorder(">")))
save("unicode-fortran", np.asfortranarray(words.reshape(2, 3)))
save("bytes", np.array([b"pear", b"", "Äpfel".encode(), b"a"]))
save("scalar", np.array(2.5))
save("empty", np.zeros((0, 4), dtype="<f4"))
save("cube-fortran", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
save("four-axes-fortran", np.asfortranarray(np.arange(48, dtype="<i2").reshape(2, 3, 2, 4)))
save("line-version-2", np.arange(5, dtype="<f4"), version=(2, 0))
save("line-version-3", np.arange(5, dtype="<f4"), version=(3, 0))
features = random.normal(size=(6, 3)).astype("<f4")
save("features", features)
save("labels", np.array([0, 0, 1, 1, 2, 2]))
save("views", random.normal(size=(6, 2, 3)).astype("<f4"))

with open(os.path.join(here, "object.npy"), "wb") as file:
    npf.write_array(file, np.array([{"a": 1}, None], dtype=object))
np.save(os.path.join(here, "complex.npy"), np.array([1 + 2j]))
np.save(os.path.join(here, "date.npy"), np.array(["2020-01-01"], dtype="M8[D]"))
np.save(os.path.join(here, "record.npy"), np.zeros(2, dtype=[("x", "<f4"), ("y", "<i8")]))
np.save(os.path.join(here, "longdouble.npy"), np.zeros(2, dtype=np.longdouble))

np.savez(os.path.join(here, "stored.npz"), features=features, labels=words)
np.savez_compressed(os.path.join(here, "deflated.npz"), features=features, labels=words, **{"__proto__": np.arange(3)})


def dated(name):
    """An entry that always bears the same time."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


# As numpy writes to a pipe: sizes follow the data, and only the central directory knows them beforehand.
class Pipe(io.RawIOBase):
    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(os.path.join(here, "streamed.npz"), "wb") as file:
    with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        buffer = io.BytesIO()
        np.save(buffer, features)
        archive.writestr(dated("features.npy"), buffer.getvalue())
with zipfile.ZipFile(os.path.join(here, "bomb.npz"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    archive.writestr(dated("zeros.npy"), b"\0" * (1 << 25))

# By the format's specification, byte for byte as the reference implementation lays it out: wide elements first, then by name.
import struct

halves = np.array([[1, -2.5], [6e-8, 65504]], dtype="<f2")
brains = np.array([1.5, -3.25e38, 1e-40], dtype="<f4")
tensors = [
    ("double", "F64", np.array([0.1, -2.0], dtype="<f8").tobytes(), [2]),
    ("long", "I64", np.array([-(2**62), 3], dtype="<i8").tobytes(), [2, 1]),
    ("__proto__", "F32", features.tobytes(), [6, 3]),
    ("int", "I32", np.array([-5], dtype="<i4").tobytes(), [1]),
    ("brain", "BF16", (brains.view("<u4") >> 16).astype("<u2").tobytes(), [3]),
    ("half", "F16", halves.tobytes(), [2, 2]),
    ("short", "I16", np.array([-300, 300], dtype="<i2").tobytes(), [2]),
    ("bool", "BOOL", bytes([1, 0, 1]), [3]),
    ("byte", "U8", bytes([255]), []),
    ("nothing", "I8", b"", [0, 4]),
    ("tiny", "I8", bytes([128]), [1]),
]
header, at = {"__metadata__": {"format": "pt", "constructor": "x"}}, 0
for key, dtype, data, shape in tensors:
    header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
    at += len(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(here, "all.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data, _ in tensors))

with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(expected, file, ensure_ascii=False, indent=0)
    file.write("\n")

try:
    import pandas

    table = pandas.DataFrame(features, columns=["a", "b", "c"])
    table["label"] = ['plain', 'with, comma', 'with "quotes"', "two\nlines", "Äpfel", "last"]
    table.to_csv(os.path.join(here, "pandas.csv"), index=False)
    table.to_csv(os.path.join(here, "pandas.tsv"), index=False, sep="\t", lineterminator="\r\n")
    table.to_json(os.path.join(here, "pandas.jsonl"), orient="records", lines=True, double_precision=15)
except ImportError:
    print("no pandas: csv, tsv and jsonl left as they are")
