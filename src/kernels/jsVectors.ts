export function dotVectors(f64: Float64Array, x: number, y: number, count: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < count; j += 2) {
    even += f64[x + j] * f64[y + j];
    odd += f64[x + j + 1] * f64[y + j + 1];
  }
  let sum = even + odd;
  if (j < count) sum += f64[x + j] * f64[y + j];
  return sum;
}

export function addScaled(f64: Float64Array, y: number, factor: number, x: number, count: number): void {
  for (let j = 0; j < count; j++) f64[y + j] += factor * f64[x + j];
}

export function scaleVector(f64: Float64Array, y: number, factor: number, count: number): void {
  for (let j = 0; j < count; j++) f64[y + j] *= factor;
}
