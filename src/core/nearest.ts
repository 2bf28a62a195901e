/** The nearest of `names` by edit distance, when it is near enough to be a typing error. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
      row = next;
    }
    return row[b.length];
  };
  const [best] = names.map((name) => ({ name, cost: distance(word, name) })).sort((a, b) => a.cost - b.cost);
  return best && best.cost <= Math.max(2, word.length / 3) ? best.name : undefined;
}
