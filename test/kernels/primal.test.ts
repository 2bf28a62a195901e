import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { primalOf } from "../../src/kernels/primalOf.ts";
import { deflateWork, lineStride, type PrimalRecord, primalWork, shortStride } from "../../src/kernels/primalRecord.ts";

interface Shape {
  readonly seed: number;
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly single: boolean;
  readonly rough: boolean;
  /** Whether curvature is by integers of 16 bits. */
  readonly short: boolean;
  readonly listed: boolean;
  readonly centred: boolean;
}

/** Runs every pass on a random problem and returns all that it wrote, with what a naive check needs. */
function passes(kind: "wasm" | "js", shape: Shape) {
  const { seed, n, d, k, single, rough, short, listed, centred } = shape;
  const kernels = createKernels(kind);
  const { memory } = kernels;
  const primal = primalOf(kernels);
  const random = randomStream(seed, "synthetic");
  const kp = k + (k & 1);
  const stride = (d + 3) & ~3;
  const size = k * stride + kp;
  const doubles = (count: number): number => {
    const at = memory.allocate(8 * count);
    memory.f64.fill(0, at >>> 3, (at >>> 3) + count);
    return at;
  };
  const [x, mean, weight, z, moved, gap, others, info] = [n * stride, stride, n, n * kp, n * kp, n, n, 1].map(doubles);
  const [w, slope, curve, rows] = [size, size, size, n * stride].map(doubles);
  const [list, y, p, u, ud] = [
    memory.allocate(4 * n),
    memory.allocate(4 * n),
    memory.allocate(4 * n * kp),
    memory.allocate(4 * n * kp),
    doubles(n * kp),
  ];
  const work = memory.allocate(primalWork(stride, k, kp));
  const [shorts, units, scales, row] = [memory.allocate(2 * n * shortStride(stride)), doubles(n), doubles(2 * stride), doubles(stride + 4)];
  const { f64, f32, i32, i16 } = memory;
  const source = single ? f32 : f64;
  const base = single ? x >>> 2 : x >>> 3;
  for (let i = 0; i < n; i++) for (let j = 0; j < stride; j++) source[base + i * stride + j] = j < d ? randomNormal(random) : 0;
  if (centred) for (let j = 0; j < d; j++) f64[(mean >>> 3) + j] = randomNormal(random);
  const count = listed ? Math.ceil(n / 2) : n;
  for (let i = 0; i < count; i++) {
    i32[(list >>> 2) + i] = listed ? 2 * i : i;
    i32[(y >>> 2) + i] = i % k;
    f64[(weight >>> 3) + i] = randomUniform(random);
  }
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) f64[(w >>> 3) + c * stride + j] = randomNormal(random) / 4;
  const b = w + 8 * k * stride;
  for (let c = 0; c < k; c++) f64[(b >>> 3) + c] = randomNormal(random);
  const t: PrimalRecord = {
    ...{ single, stride, count, k, kp, rough, x, rows: listed ? list : 0, mean: centred ? mean : 0, weight, y, p, u, ud, work },
    ...{ xScale: 0.5, rScale: 2 },
  };
  const sumsOf = (at: number): number => at + 8 * k * stride;
  const pad = (value: number): void => {
    if (k < kp) f64[(b >>> 3) + k] = value;
  };
  pad(-1e300);
  primal.slope(t, { w, b, wScale: 0.25, old: 0, step: 0, alpha: 0, z, gap, others, out: slope, sums: sumsOf(slope), info });
  const copy = (at: number, length: number): Float64Array => f64.slice(at >>> 3, (at >>> 3) + length);
  const first = { z: copy(z, count * kp), slope: copy(slope, size), gap: copy(gap, count), others: copy(others, count) };
  pad(0);
  for (let j = 0; j < stride; j++) {
    f64[(scales >>> 3) + j] = 2 ** ((j % 3) - 1);
    f64[(scales >>> 3) + stride + j] = 2 ** (1 - (j % 3));
  }
  const s = short ? { ...t, rough: true, shorts, units, scales } : t;
  if (short) primal.shorten(s, { rows: n, row });
  primal.curve(s, { v: w, vb: b, vScale: 0.25, alpha: null, out: curve, sums: sumsOf(curve) });
  const second = { curve: copy(curve, size), u: Float64Array.from(f32.subarray(u >>> 2, (u >>> 2) + count * kp)) };
  primal.curve(s, { v: slope, vb: sumsOf(slope), vScale: 0.25, alpha: 0.7, out: curve, sums: sumsOf(curve) });
  const along = Float64Array.of(primal.along(t, { z, step: 0.3, alpha: 0.1 }));
  primal.slope(t, { w: 0, b: 0, wScale: 1, old: z, step: 0.3, alpha: 0.1, z: moved, gap, others, out: slope, sums: sumsOf(slope), info });
  primal.rows(t, { from: 0, count, factor: weight, out: rows });
  const all = {
    ...{ ...first, ...second, curveAgain: copy(curve, size), moved: copy(moved, count * kp), slopeAgain: copy(slope, size) },
    ...{ along, uAgain: Float64Array.from(f32.subarray(u >>> 2, (u >>> 2) + count * kp)) },
    ...{ ud: copy(ud, count * kp), rows: copy(rows, count * stride), info: copy(info, 1) },
    ...{
      shorts: short ? Float64Array.from(i16.subarray(shorts >>> 1, (shorts >>> 1) + n * shortStride(stride))) : new Float64Array(0),
      units: copy(units, n),
    },
    p: Float64Array.from(f32.subarray(p >>> 2, (p >>> 2) + count * kp)),
  };
  const taken = Array.from({ length: count }, (_, i) =>
    Array.from({ length: d }, (_, j) => source[base + (listed ? 2 * i : i) * stride + j] - f64[(mean >>> 3) + j]),
  );
  const weights = copy(weight, count);
  const theta = Array.from({ length: k }, (_, c) => [...copy(w + 8 * c * stride, d), f64[(b >>> 3) + c]]);
  return { all, taken, weights, theta, stride, kp };
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  n: fc.integer({ min: 1, max: 70 }),
  d: fc.integer({ min: 1, max: 23 }),
  k: fc.integer({ min: 2, max: 13 }),
  single: fc.boolean(),
  rough: fc.boolean(),
  short: fc.boolean(),
  listed: fc.boolean(),
  centred: fc.boolean(),
});

/** The largest difference of two lists, as a share of the largest value. */
const apart = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, i) => Math.abs(a[i] - value))) / Math.max(1, ...b.map(Math.abs));

/** Runs every kernel of vectors on random ones, and returns what it wrote or told with what it was given. */
function vectors(
  kind: "wasm" | "js",
  { seed, k, m, stride, scale }: { seed: number; k: number; m: number; stride: number; scale: number },
) {
  const kernels = createKernels(kind);
  const { memory } = kernels;
  const primal = primalOf(kernels);
  const random = randomStream(seed, "synthetic");
  const size = k * stride + 2;
  const [a, b, to, turned, farthest] = [size, size, size, size, size].map((count) => memory.allocate(8 * count));
  const [raw, v, units] = [8 * k * m * stride, 2 * k * m * lineStride(stride), 8 * k * m].map((bytes) => memory.allocate(bytes));
  const [work, u] = [deflateWork(stride, m), 4 * size].map((bytes) => memory.allocate(bytes));
  const { f64, f32 } = memory;
  for (let j = 0; j < size; j++) {
    f64[(a >>> 3) + j] = scale * randomNormal(random);
    f64[(to >>> 3) + j] = f64[(turned >>> 3) + j] = f64[(b >>> 3) + j] = randomNormal(random);
    f64[(farthest >>> 3) + j] = randomNormal(random);
    f32[(u >>> 2) + j] = randomNormal(random);
  }
  for (let j = 0; j < k * m * stride; j++) f64[(raw >>> 3) + j] = randomNormal(random) / stride;
  const copy = (at: number, count = size): number[] => [...f64.subarray(at >>> 3, (at >>> 3) + count)];
  const given = {
    a: copy(a),
    b: copy(b),
    v: copy(raw, k * m * stride),
    ud: copy(farthest),
    u: [...f32.subarray(u >>> 2, (u >>> 2) + size)],
  };
  const t = { count: 1, kp: size, ud: farthest, u } as PrimalRecord;
  const told = { dot: primal.dot(size, a, b), most: primal.turn(size, -0.3, a, turned), farthest: primal.farthest(t, 0.7) };
  primal.add(size, 1.7, a, to);
  const sums = copy(to);
  primal.model({ rows: k * m, stride, factor: 0.5, from: raw, row: work, v, units });
  primal.deflate({ k, m, stride, v, units, from: a, to, work });
  const model = [...memory.i16.subarray(v >>> 1, (v >>> 1) + k * m * lineStride(stride))];
  return { given, told: { ...told, sums, turned: copy(turned), deflated: copy(to, k * stride), model, units: copy(units, k * m) } };
}

const vectorShapes = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  k: fc.integer({ min: 1, max: 5 }),
  m: fc.integer({ min: 1, max: 4 }).map((fours) => 4 * fours),
  stride: fc.integer({ min: 1, max: 18 }).map((fours) => 4 * fours),
  scale: fc.constantFrom(1, 1e-200, 1e200, 0),
});

describe("kernels of vectors", () => {
  it("give the same bits in WebAssembly and in TypeScript", () => {
    fc.assert(
      fc.property(vectorShapes, (shape) => {
        expect(vectors("wasm", shape).told).toEqual(vectors("js", shape).told);
      }),
      { numRuns: 50 },
    );
  });

  it("give what their formulas say", () => {
    fc.assert(
      fc.property(vectorShapes, (shape) => {
        const { given, told } = vectors("js", shape);
        const { a, b, u, ud, v } = given;
        const { k, m, stride, scale } = shape;
        const unit = scale || 1;
        expect(told.dot / unit).toBeCloseTo(
          a.reduce((sum, value, j) => sum + (value / unit) * b[j], 0),
          10,
        );
        expect(told.sums).toEqual(a.map((value, j) => b[j] + 1.7 * value));
        expect(told.turned).toEqual(a.map((value, j) => value + -0.3 * b[j]));
        expect(told.most).toBe(Math.max(...told.turned.map(Math.abs)));
        expect(told.farthest).toBe(Math.max(...ud.map((value, j) => Math.abs(value + 0.7 * u[j]))));
        for (let c = 0; c < k; c++) {
          const own = a.slice(c * stride, (c + 1) * stride).map((value) => value / unit);
          const rows = Array.from({ length: m }, (_, i) =>
            v.slice((c * m + i) * stride, (c * m + i + 1) * stride).map((value) => value / 2),
          );
          const shares = rows.map((row) => row.reduce((sum, value, j) => sum + value * own[j], 0));
          own.forEach((value, j) => {
            const left = value - rows.reduce((sum, row, i) => sum + shares[i] * row[j], 0);
            expect(Math.abs(told.deflated[c * stride + j] / unit - left)).toBeLessThan(2e-4);
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("passes over the rows of a softmax problem", () => {
  it("give the same bits in WebAssembly and in TypeScript", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const [wasm, js] = [passes("wasm", shape).all, passes("js", shape).all];
        for (const name of Object.keys(wasm) as (keyof typeof wasm)[])
          wasm[name].forEach((value, i) => {
            if (value !== js[name][i]) throw new Error(`${name}[${i}]: wasm ${value}, js ${js[name][i]}`);
          });
      }),
      { numRuns: 60 },
    );
  });

  it("give the same bits where sums of singles are flushed, after 1024 rows", () => {
    const shape = { seed: 3, n: 2100, d: 5, k: 3, single: true, rough: true, short: false, listed: false, centred: true };
    for (const short of [false, true]) expect(passes("wasm", { ...shape, short }).all).toEqual(passes("js", { ...shape, short }).all);
  });

  it("give gradient and curvature as the formulas say", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { all, taken, weights, theta, stride, kp } = passes("js", shape);
        const { k, d, rough, short } = shape;
        const near = rough ? 3e-5 : 1e-12;
        const logits = taken.map((row) => theta.map((own) => row.reduce((sum, value, j) => sum + value * own[j], own[d])));
        const p = logits.map((row) => {
          const powers = row.map((value) => Math.exp(value - Math.max(...row)));
          const total = powers.reduce((sum, value) => sum + value, 0);
          return powers.map((value) => value / total);
        });
        const combine = (r: readonly (readonly number[])[]): number[] =>
          theta.flatMap((_, c) => Array.from({ length: d }, (_, j) => r.reduce((sum, row, i) => sum + row[c] * taken[i][j], 0)));
        const unpad = (values: Float64Array): number[] => theta.flatMap((_, c) => Array.from(values.subarray(c * stride, c * stride + d)));
        const slope = p.map((row, i) => row.map((value, c) => weights[i] * (value - Number(c === i % k))));
        expect(apart(unpad(all.slope), combine(slope))).toBeLessThan(near);
        const sums = theta.map((_, c) => slope.reduce((sum, row) => sum + row[c], 0));
        expect(apart(all.slope.subarray(k * stride), sums)).toBeLessThan(near);
        const losses = p.map((row, i) => -Math.log(row[i % k]));
        const told = losses.map((_, i) => (all.gap[i] === 0 ? Math.log1p(all.others[i]) : all.gap[i] + Math.log(all.others[i])));
        expect(apart(told, losses)).toBeLessThan(near);
        const curve = p.map((row, i) => {
          const mean = row.reduce((sum, value, c) => sum + value * logits[i][c], 0);
          return row.map((value, c) => weights[i] * value * (logits[i][c] - mean));
        });
        // The derivative along the direction is Σ weight · Σ (p − y) · u of the logits where it was taken.
        const way = Array.from(all.ud, (value, j) => value + 0.1 * all.uAgain[j]);
        const terms = Array.from(weights, (weight, i) => {
          const moved = all.moved.subarray(i * kp, i * kp + k);
          const powers = Array.from(moved, (value) => Math.exp(value - Math.max(...moved)));
          const total = powers.reduce((sum, value) => sum + value, 0);
          return powers.map((power, c) => weight * (power / total - Number(c === i % k)) * way[i * kp + c]);
        });
        const along = terms.flat().reduce((sum, term) => sum + term, 0);
        expect(Math.abs(all.along[0] - along) / terms.flat().reduce((sum, term) => sum + Math.abs(term), 1e-300)).toBeLessThan(1e-12);
        // Probabilities are kept as singles.
        const curveNear = short ? 1e-3 : Math.max(near, 3e-6);
        expect(apart(unpad(all.curve), combine(curve))).toBeLessThan(curveNear);
        expect(
          apart(
            all.u,
            logits.flatMap((row) => [...row, ...new Array(kp - k).fill(0)]),
          ),
        ).toBeLessThan(short ? 1e-3 : Math.max(near, 1e-6));
        expect(
          apart(
            all.rows,
            taken.flatMap((row, i) => [...row.map((value) => value * weights[i]), ...new Array(stride - d).fill(0)]),
          ),
        ).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });
});
