/** A wrong command line: exit code 2 and a hint, where bad data is exit code 1. */
export class UsageError extends Error {}

const dataOptions = `  --features F.npy        n × d features (f2, f4, f8 or integers); or npz, safetensors, csv, jsonl, parquet, arrow
  --labels L.npy          n labels (integers or strings)
  --augmented A.npy       n × views × d augmented views
  --base-features B.npy   features of other, labelled classes …
  --base-labels BL.npy    … and their labels
  --base-statistics S.npz or what softprobe stats made of them (for masks; bases need the rows)
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
  --out FILE              write the output there, whole or not at all
  --plot FILE.svg         draw a picture of the result there as well`;

const workerOptions = `  --workers 1             threads that share the work; the result is the same for any number
  --shard 2/3             count one part of the episodes only; --out gets the part, and softprobe merge makes the result of all
  --resume                keep what is counted beside --out; after any end the same command goes on from there`;

export const usage: Readonly<Record<string, string>> = {
  eval: `softprobe eval --features F.npy --labels L.npy [options]

Runs every mask and probe over the same few-shot episodes and compares them, paired, with the first mask.

${dataOptions}
${episodeOptions}
${workerOptions}
  --mask SPEC             repeatable; none, simple or importance@source/shape (default none)
  --probe softmax|centroid|cosine   repeatable (default softmax)
  --metric balancedAccuracy|macroF1|expectedCalibrationError   repeatable: measured as well (with --json)
  --no-domain             don't ask whether a base set resembles these classes
  --per-episode           keep each episode's counts (with --json)
  --stream                read --features and --augmented (npy, safetensors) row by row, as files above 1 GB always are; masks with a basis can't

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
  --plot FILE.svg         draw both curves there as well

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
  --without-base          --features and --labels are the task's own support: choose by leave-one-out over its rows, at least two a class
  --C 0.1,1,10            without base: values of C to choose from
  --json  --out FILE  --plot FILE.svg   the picture: each candidate's gain

Example: softprobe tune --features base.npy --labels base-labels.npy --shots 5`,
  stats: `softprobe stats --base-features B.npy --base-labels BL.npy --out S.npz

Counts, means and variances of base classes, all that masks need to know of them and far smaller than the features: for --base-statistics.

  --base-features B.npy   n × d features of labelled base classes …
  --base-labels BL.npy    … and their labels
  --base-statistics S.npz repeatable: statistics to merge with these, or with each other; a class may be in several
  --normalize l2|none     of rows scaled to norm 1, as eval wants them (default), or as they are
  --out S.npz             write them there, whole or not at all

Example: softprobe stats --base-features B.npy --base-labels BL.npy --out S.npz`,
  fit: `softprobe fit --features F.npy --labels L.npy --out HEAD.json [options]

Trains one probe on a support, all rows of the files, and keeps it: steps (normalisation, basis, mask) and head in one file.

${dataOptions}
  --out HEAD              .json: to keep, and for predict; .onnx: for any ONNX runtime; .npz: scikit-learn's coef_, intercept_, classes_
  --mask SPEC             none, simple or importance@source/shape, a basis before it or not (default none; no oracle)
  --probe softmax|centroid|cosine|plda
  --C 1                   inverse strength of the softmax probe's penalty; loo: chosen by leave-one-out
  --temperature 1         divides the scores; loo: calibrated by leave-one-out
  --reject coverage:0.95  decline the rows that look least like any class, so that this share of rows of known classes still gets an
                          answer, by leave-one-out
  --reject-by probability|margin|score   by what (default probability for softmax, score for the others)
  --power P               Tukey's power of every value first, such as 0.5
  --train-on support|augmented  --normalize l2|none  --seed 0  --kernels auto|wasm|js
  --json                  what was fitted and how as one JSON document on stdout, with the head where there is no --out

Leave-one-out needs two rows a class. It leaves rows out of the head; basis and mask are fitted once, to all. Base features also tell whether they resemble the
support.

Example: softprobe fit --features F.npy --labels L.npy --C loo --temperature loo --reject coverage:0.95 --out head.json`,
  predict: `softprobe predict --head HEAD.json --features F.npy [options]

Labels and probabilities of rows by a head that fit kept, and whether it declines to answer.

  --head HEAD             the head: .json of fit or headToJSON, or .npz of coef_, intercept_, classes_
  --features F.npy        n × d features, as the support was
  --labels L.npy          their own labels: tells accuracy, balanced accuracy, log loss and calibration error as well
  --format table|csv|jsonl   a row a line (default table)
  --json                  one JSON document on stdout and nothing else
  --out FILE              write the output there, whole or not at all

Example: softprobe predict --head head.json --features new.npy --format csv --out answers.csv`,
  merge: `softprobe merge part*.json [options]

The result of a run from the parts that its shards wrote: the same bytes as in one run. Parts of other runs, missing and doubled ones are refused.

  --json                  one JSON document on stdout and nothing else
  --out FILE              write the output there, whole or not at all
  --plot FILE.svg         draw the result there as well

Example: softprobe merge part-1.json part-2.json part-3.json --json --out result.json`,
  study: `softprobe study run STUDY.yaml [--out FOLDER] [--shard 2/3] [--workers N]
softprobe study status STUDY.yaml [--out FOLDER] [--json]
softprobe study merge STUDY.yaml [--out FOLDER] [--partial] [--json]

Models × data sets × ways × shots, with the same masks and probes, from one file. Every cell is a file of its own in the folder, made whole or not at all, and gone on
with after any end; jobs may run side by side, each its share (--shard) or all of them whatever is free. merge writes results.csv and results.ndjson there.

  --out FOLDER            where the cells go (default: STUDY-results beside the file)
  --shard 2/3             run: the second third of the cells
  --workers 1             run: threads a cell
  --partial               merge: what there is, though cells are missing
  --json                  status and merge: one JSON document on stdout

Example: softprobe study run study.yaml && softprobe study merge study.yaml`,
  demo: `softprobe demo [eval's options]

Shows the redundancy of features in few-shot tasks: a table of masks, the curve at 1, 5 and 20 shots, and an SVG file of it. Without
--features it makes synthetic ones.

  --plot FILE.svg         where the picture goes (default softprobe-curve.svg)

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
  softprobe stats  statistics of base classes, to ship with a model
  softprobe fit    one probe trained and kept: JSON, ONNX or scikit-learn's arrays
  softprobe predict  labels and probabilities by a probe that was kept
  softprobe merge  the result of a run from its shards
  softprobe study  models × data sets × ways × shots from one file
  softprobe demo   eval and curve, on synthetic features or yours
  softprobe completion   a script that completes all of this in bash, zsh or fish

softprobe COMMAND --help tells each command's options; softprobe --version the version.`;
