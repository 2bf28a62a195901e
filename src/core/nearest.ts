/** A word without what people spell differently: capitals, hyphens, underscores. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}

/** The nearest of `names` by edit distance, when it is near enough to be a typing error or another spelling: `sample_weight` for `sampleWeight`. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const own = plain(word);
  const [best] = names.map((name) => ({ name, cost: distance(own, plain(name)) })).sort((a, b) => a.cost - b.cost);
  return best && best.cost <= Math.max(2, own.length / 3) && best.cost < Math.max(own.length, plain(best.name).length)
    ? best.name
    : undefined;
}
