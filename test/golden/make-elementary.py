"""Golden values of the elementary functions, to 120 digits rounded to doubles: python3 test/golden/make-elementary.py > test/golden/elementary.json"""
import json
import random
from decimal import Decimal, getcontext

getcontext().prec = 120
draw = random.Random(1)
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651")


def series(x, first, step):
    term, total, n = first, Decimal(0), 0
    while n < 400 and abs(term) > Decimal(10) ** -110:
        total += term
        n += 1
        term = step(term, n)
    return total


def sine(x):
    x = Decimal(x) % (2 * PI)
    return series(x, x, lambda term, n: -term * x * x / (2 * n * (2 * n + 1)))


def arctangent(x):
    x = Decimal(x)
    if abs(x) > Decimal("0.1"):
        return 2 * arctangent(x / (1 + (1 + x * x).sqrt()))
    return series(x, x, lambda term, n: -term * x * x * (2 * n - 1) / (2 * n + 1))


def angle(y, x):
    t = arctangent(Decimal(y) / Decimal(x))
    return t if x > 0 else t + PI if y > 0 else t - PI


def some(low, high, count=60):
    return [draw.uniform(low, high) for _ in range(count)]


exps = some(-745, 709) + some(-2, 2) + some(-1e-6, 1e-6, 10) + [1.0, -1.0, 0.5, 709.78, -708.4, -745.1, 1e-300]
logs = some(0, 4) + some(0.9999, 1.0001) + [10.0 ** draw.uniform(-320, 308) for _ in range(60)] + [5e-324, 2.0, 0.5, 1.7976931348623157e308]
ones = some(-1, 4) + some(-1e-6, 1e-6) + [10.0 ** draw.uniform(-300, 300) for _ in range(30)] + [-0.2929, 0.4143, 1e-17]
powers = [(draw.uniform(0, 1000), draw.uniform(-10, 10)) for _ in range(80)]
powers += [(10.0 ** draw.uniform(-300, 300), draw.uniform(-1, 1)) for _ in range(80)] + [(5e-324, 0.3), (2.0, -1074.0), (10.0, 308.0), (0.1, 300.0), (1.0000001, 1e9)]
angles = some(-7, 7) + some(-1e5, 1e5) + [float(PI) * k / 2 for k in range(-8, 9)] + [1e-9, 1647098.0]
small = some(-1, 1) + some(-30, 30) + [1e-9, 1.0, -1.0]
points = [(draw.uniform(-2, 2), draw.uniform(-2, 2)) for _ in range(80)] + [(1e-9, 1.0), (1.0, 1e-9), (-1.0, -1e300)]


def out(name, inputs, function):
    return name, [[*(i if isinstance(i, tuple) else (i,)), float(function(*(map(Decimal, i) if isinstance(i, tuple) else (Decimal(i),))))] for i in inputs]


print(json.dumps(dict([
    out("exp", exps, lambda x: x.exp()),
    out("log", logs, lambda x: x.ln()),
    out("log1p", ones, lambda x: (1 + x).ln() if abs(x) > Decimal("1e-30") else x - x * x / 2),
    out("log2", logs, lambda x: x.ln() / Decimal(2).ln()),
    out("power", powers, lambda x, y: x ** y),
    out("sine", angles, sine),
    out("cosine", angles, lambda x: sine(x + PI / 2)),
    out("sinh", small, lambda x: (x.exp() - (-x).exp()) / 2),
    out("cosh", small, lambda x: (x.exp() + (-x).exp()) / 2),
    out("angleOf", points, angle),
])))
