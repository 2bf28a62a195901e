const names = [
  ...["ArrayBuffer", "Array", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"],
  ...["Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"],
] as const;

/** Bytes that constructors were asked for by a number, since the last `reset`. */
export interface Meter {
  reset(): void;
  bytes(): number;
  remove(): void;
}

/**
 * Counts what typed arrays, buffers and arrays are asked for, before they are: an array of 2⁴⁰ numbers counts although it never comes to be. Modules that hold a
 * constructor of their own must be loaded after this.
 *
 * @param limit - one request for more than this is refused, as it is where memory runs out
 */
export function measureAllocations(limit: number): Meter {
  let total = 0;
  const kept = names.map((name) => [name, globalThis[name]] as const);
  for (const [name, Constructor] of kept) {
    const size = "BYTES_PER_ELEMENT" in Constructor ? Constructor.BYTES_PER_ELEMENT : name === "Array" ? 8 : 1;
    const count = (list: readonly unknown[]): void => {
      if (list.length !== 1 || typeof list[0] !== "number") return;
      total += list[0] * size;
      if (list[0] * size > limit) throw new RangeError("Array buffer allocation failed");
    };
    const counting: typeof Constructor = new Proxy(Constructor, {
      construct(target, list, newTarget): object {
        count(list);
        return Reflect.construct(target, list, newTarget === counting ? target : newTarget);
      },
      apply(target, self, list) {
        count(list);
        return Reflect.apply(target as unknown as () => unknown, self, list);
      },
    });
    Object.defineProperty(globalThis, name, { value: counting, writable: true, configurable: true });
  }
  return {
    reset() {
      total = 0;
    },
    bytes: () => total,
    remove() {
      for (const [name, Constructor] of kept)
        Object.defineProperty(globalThis, name, { value: Constructor, writable: true, configurable: true });
    },
  };
}
