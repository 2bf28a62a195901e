/**
 * How many of our labels agree with the peer's, and with its exact optimum where the decision there has a margin over 1e-5: the labels that the
 * optimum determines.
 */
export function decisionOf(
  ours: readonly (readonly number[])[],
  usual: readonly (readonly number[])[],
  exact: { readonly labels: readonly (readonly number[])[]; readonly margins: readonly (readonly number[])[] },
): string {
  let [total, agreeing, determined, right] = [0, 0, 0, 0];
  ours.forEach((labels, e) => {
    labels.forEach((label, i) => {
      total++;
      if (label === usual[e][i]) agreeing++;
      if (exact.margins[e][i] <= 1e-5) return;
      determined++;
      if (label === exact.labels[e][i]) right++;
    });
  });
  return `labels equal: ${agreeing} of ${total}; to its exact optimum: ${right} of ${determined}`;
}
