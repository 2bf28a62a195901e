/** Anything that is read and written by index. */
interface Indexed<T> {
  [index: number]: T;
}

/** Strides of a row-major array of this shape, in elements. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Strides of a column-major (Fortran) array of this shape, in elements. */
export function columnMajorStrides(shape: readonly number[]): number[] {
  return rowMajorStrides([...shape].reverse()).reverse();
}

/** Whether elements of this shape and these strides lie in row-major order without gaps. Axes of one element may have any stride. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  const wanted = rowMajorStrides(shape);
  return shape.includes(0) || shape.every((length, axis) => length === 1 || strides[axis] === wanted[axis]);
}

/**
 * Copies a strided array of any number of axes into row-major order: O(elements).
 *
 * @param out - receives the elements, from index 0
 * @param source - holds element (0, …, 0) at `offset`
 * @param shape - lengths of the axes
 * @param strides - step in `source` along each axis, in elements; may be negative or 0
 */
export function copyStridedInto<T>(
  out: Indexed<T>,
  source: Indexed<T>,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  if (shape.includes(0)) return;
  const last = shape.length - 1;
  const inner = last < 0 ? 1 : shape[last];
  const step = last < 0 ? 0 : strides[last];
  const index = new Array<number>(Math.max(last, 0)).fill(0);
  let from = offset;
  let to = 0;
  for (;;) {
    let at = from;
    for (let j = 0; j < inner; j++) {
      out[to++] = source[at];
      at += step;
    }
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
