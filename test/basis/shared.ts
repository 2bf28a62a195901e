import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Matrix } from "../../src/core/matrix.ts";

const folder = fileURLToPath(new URL("../../../shared", import.meta.url));

/** Whether the shared feature sets lie beside the checkout; tests that need them are skipped where they do not. */
export const hasShared = existsSync(`${folder}/features/grocery-mobilenetv2/features.npy`) && existsSync(`${folder}/golden/episodes.json`);

/** The part of npy that the shared sets use: version 1, little-endian, C order; halves become doubles. */
function readShared(path: string): { shape: number[]; data: Float32Array | Float64Array } {
  const bytes = readFileSync(`${folder}/features/${path}`);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(",")
    .filter((part) => part.trim())
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  const body = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  const kind = /'descr': '<([fi]\d)'/.exec(header)![1];
  if (kind === "f4") return { shape, data: new Float32Array(body) };
  if (kind === "i4") return { shape, data: Float64Array.from(new Int32Array(body)) };
  const data = new Float32Array(count);
  const halves = new Uint16Array(body);
  for (let i = 0; i < count; i++) {
    const [sign, exponent, fraction] = [halves[i] >> 15, (halves[i] >> 10) & 31, halves[i] & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    data[i] = sign ? -size : size;
  }
  return { shape, data };
}

export function sharedMatrix(path: string): Matrix {
  const { shape, data } = readShared(path);
  const cols = shape[shape.length - 1];
  return { data, rows: data.length / cols, cols };
}

export function sharedLabels(path: string): number[] {
  return Array.from(readShared(path).data);
}

export interface GoldenEpisode {
  readonly shots: number;
  readonly support: number[];
  readonly query: number[];
  readonly classes: number[];
  readonly correct: Record<string, { softmax: number; centroid: number; closestMargin: number }>;
}

export function goldenEpisodes(): GoldenEpisode[] {
  return JSON.parse(readFileSync(`${folder}/golden/episodes.json`, "utf8")).episodes;
}
