/** A wrong command line: exit code 2 and a hint, where bad data is exit code 1. */
export class UsageError extends Error {}

const dataOptions = `  --features F.npy        n × d features (f2, f4, f8 or integers)
  --labels L.npy          n labels (integers or strings)
  --augmented A.npy       n × views × d augmented views
  --base-features B.npy   features of other, labelled classes …
  --base-labels BL.npy    … and their labels
  --pool-augmented P.npy  rows × views × d of an unlabelled pool`;

const episodeOptions = `  --ways 5  --shots 1  --queries 15  --episodes 600  --seed 0
  --shots 1,1,2,5,20      unequal shots, one number a way
  --draws-per-task 1      episodes that share their classes; intervals are then over tasks
  --episodes-from E.json  replay [{"support": [rows], "query": [rows]}, …]
  --C 1                   inverse strength of the softmax probe's penalty
  --train-on support|augmented
  --normalize l2|none
  --kernels auto|wasm|js
  --json                  one JSON document on stdout and nothing else
  --out FILE              write the output there, whole or not at all`;

const workerOptions = `  --workers 1             threads that share the work; the result is the same for any number`;

export const usage: Readonly<Record<string, string>> = {
  eval: `softprobe eval --features F.npy --labels L.npy [options]

Runs every mask and probe over the same few-shot episodes and compares them, paired, with the first mask.

${dataOptions}
${episodeOptions}
${workerOptions}
  --mask SPEC             repeatable; none, simple or importance@source/shape (default none)
  --probe softmax|centroid|cosine   repeatable (default softmax)
  --metric balancedAccuracy|macroF1   repeatable: measured as well (with --json)
  --per-episode           keep each episode's counts (with --json)

Example: softprobe eval --features F.npy --labels L.npy --mask none --mask pair@oracle/top:0.02`,
  curve: `softprobe curve --features F.npy --labels L.npy [options]

Accuracy against the number of dimensions kept, the most important first.

${dataOptions}
${episodeOptions}
${workerOptions}
  --importance pair@oracle   what orders the dimensions
  --fractions 0.01,0.02,0.05,0.1,0.2,0.5,1
  --epsilon 0.01          the knee: fewest dimensions that lose at most this much
  --probe softmax|centroid
  --svg FILE              draw the curve there as well

Example: softprobe curve --features F.npy --labels L.npy --shots 5`,
  grid: `softprobe grid --features F.npy --labels L.npy --shots 1,5,20 --ways 2,5,10,20 [curve's options]

The redundancy curve's knee, its index and its accuracy at every number of shots and ways. What the data can't give is named and left out.

  --shots 1,5,20          support rows a class
  --ways 2,5,10,20        classes an episode

Example: softprobe grid --features F.npy --labels L.npy --shots 1,5 --ways 2,5,10 --episodes 200`,
  theory: `softprobe theory --features F.npy --labels L.npy [options]

What theory expects of a two-way nearest centroid from class means and variances alone, beside what episodes measure: accuracy by the share of
dimensions kept, the best share, and how many dimensions are useful.

  --features F.npy  --labels L.npy
  --shots 1,5,20          support rows a class
  --fractions 0.01,0.02,0.05,0.1,0.2,0.5,1
  --pairs 100             most class pairs the theory looks at
  --queries 15  --episodes 600  --seed 0
  --normalize l2|none     scale rows to norm 1 first, or take them as they are
  --kernels auto|wasm|js
  --json                  one JSON document on stdout and nothing else
  --out FILE              write the output there, whole or not at all
  --svg FILE              draw both curves there as well

Example: softprobe theory --features F.npy --labels L.npy --shots 1,5`,
  tune: `softprobe tune --features B.npy --labels BL.npy [options]

Chooses a mask, its basis and what the probe trains on for tasks of given ways and shots, by paired episodes on base classes: labelled
classes other than the task's. No mask wins unless another beats it significantly.

  --features B.npy        n × d features of the base classes
  --labels BL.npy         n labels of at least four classes
  --augmented A.npy       n × views × d augmented views of them
  --pool-augmented P.npy  rows × views × d of an unlabelled pool
  --task-features F.npy   the task's support …
  --task-labels L.npy     … and its labels: do the base classes resemble it?
  --ways 5  --shots 1  --queries 15  --seed 0  --C 1  --normalize l2|none  --kernels auto|wasm|js
  --mask SPEC             repeatable: candidates (default: all that the data allow)
  --json  --out FILE

Example: softprobe tune --features base.npy --labels base-labels.npy --shots 5`,
  demo: `softprobe demo [eval's options]

Shows the redundancy of features in few-shot tasks: a table of masks, the curve at 1, 5 and 20 shots, and an SVG file of it. Without
--features it makes synthetic ones.

  --svg FILE              where the picture goes (default softprobe-curve.svg)

Example: softprobe demo`,
  completion: `softprobe completion bash|zsh|fish [options]

Prints a script that completes commands, options and their values in your shell. For good: put the example's line into ~/.bashrc (bash), or
source <(softprobe completion zsh) into ~/.zshrc behind compinit (zsh), or save it as ~/.config/fish/completions/softprobe.fish (fish).

  --out FILE              write the output there, whole or not at all

Example: source <(softprobe completion bash)`,
};

export const generalUsage = `softprobe: few-shot linear probing of frozen features

  softprobe eval   masks and probes compared over paired episodes
  softprobe curve  accuracy against the number of dimensions kept
  softprobe grid   that curve's knee at every number of shots and ways
  softprobe theory what class statistics alone expect, beside what episodes measure
  softprobe tune   a mask for your tasks, chosen on base classes
  softprobe demo   eval and curve, on synthetic features or yours
  softprobe completion   a script that completes all of this in bash, zsh or fish

softprobe COMMAND --help tells each command's options; softprobe --version the version.`;
