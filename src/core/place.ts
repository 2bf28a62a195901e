type Numbers = Float32Array | Float64Array | Int32Array;
/** Puts an array where a worker can have it; the same array always to the same place. */
export type Place = <A extends Numbers>(array: A) => A;

function onto(array: Numbers, buffer: ArrayBufferLike): Numbers {
  if (array instanceof Float32Array) return new Float32Array(buffer);
  return array instanceof Float64Array ? new Float64Array(buffer) : new Int32Array(buffer);
}

function placing(put: (array: Numbers) => Numbers): Place {
  const known = new Map<Numbers, Numbers>();
  return <A extends Numbers>(array: A): A => {
    const placed = known.get(array) ?? put(array);
    known.set(array, placed);
    return placed as A;
  };
}

/** Copies into shared memory, once for all workers; an array that lives there already stays. */
export function placeShared(): Place {
  return placing((array) => {
    if (array.buffer instanceof SharedArrayBuffer) return array;
    const shared = onto(array, new SharedArrayBuffer(array.byteLength));
    shared.set(array);
    return shared;
  });
}

/** Copies for one worker, to be handed over: for pages that are not cross-origin isolated and so have no shared memory. */
export function placeCopies(transfer: ArrayBuffer[]): Place {
  return placing((array) => {
    const buffer = new ArrayBuffer(array.byteLength);
    const copy = onto(array, buffer);
    copy.set(array);
    transfer.push(buffer);
    return copy;
  });
}
