// Every command, once: its options, its help and what it completes. Options of the library stand in src/plan/optionTable.ts, where it is told how to add one; those that
// only the command has stand here. A command takes whole groups, so that an option added to a group parses, checks, helps and completes everywhere at once.
import type { Option, OptionTable, Parsed } from "../core/option.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import {
  baseFiles,
  calibrationOptions,
  curveOptions,
  dataOptions,
  evaluationOptions,
  fitOptions,
  gridOptions,
  linearProbeOptions,
  readingOptions,
  rowFiles,
  runOptions,
  theoryOptions,
  trainingOptions,
  tuneOptions,
  viewOptions,
} from "../plan/optionTable.ts";

/** One command. */
export interface Command {
  /** What follows its name in the first line of its help. */
  readonly line: string;
  /** What it is for, in the list of all commands. */
  readonly says: string;
  /** What it does, in a paragraph or two. */
  readonly about: string;
  /** Its options, in the order of the help, by the headings that stand over them there. */
  readonly options: Readonly<Record<string, OptionTable>>;
  /** The words that it takes beside options: these, or files. */
  readonly words?: readonly string[] | "file";
  readonly notes?: string;
  readonly example: string;
}

type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void ? All : never;
/** What a command line gives, by the options' names. */
export type Values<Table> = { readonly [Name in keyof Table]?: Parsed<Table[Name]> };

function pick<Table extends OptionTable, const Name extends keyof Table>(table: Table, ...names: readonly Name[]): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

function omit<Table extends OptionTable, const Name extends keyof Table>(table: Table, ...names: readonly Name[]): Omit<Table, Name> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name as Name))) as Omit<Table, Name>;
}

const data = {
  ...{ ...rowFiles, ...viewOptions, ...baseFiles, ...dataOptions, ...readingOptions },
  dropDuplicates: { kind: "flag", says: "Of rows whose features are equal keep the first, so that no query repeats a support row." },
} as const;
const episodes = { ...episodeOptions, ...runOptions };

const json = {
  json: { kind: "flag", says: "The same as --format json: one JSON document and nothing else." },
} as const satisfies OptionTable;
const out = {
  out: { kind: "file", value: "FILE", says: "Write the output to this file, whole or not at all." },
} as const satisfies OptionTable;
/** Files for the output, in formats that their endings choose. */
const outs = (endings: string) =>
  ({
    out: {
      kind: "file",
      many: true,
      value: "FILE",
      says: `Write the output to this file, whole or not at all. Its ending chooses the format: ${endings}.`,
    },
  }) as const satisfies OptionTable;
/** In which formats a command writes; endings say the same of files. */
const formats = <const Format extends string>(...choices: readonly Format[]) =>
  ({
    format: {
      kind: "choice",
      choices,
      default: "table",
      says: "Format of the printed output, and of an --out file without a known ending.",
    },
  }) as const satisfies OptionTable;
const plot = {
  plot: { kind: "file", value: "FILE.svg", says: "Also draw a picture of the result to this file." },
} as const satisfies OptionTable;
const help = { help: { kind: "flag", says: "Show this help." } } as const satisfies OptionTable;
const output = {
  ...formats("table", "json", "jsonl", "csv", "md", "tex"),
  ...json,
  ...outs(".txt, .json, .jsonl, .csv, .md, .tex or .svg"),
  ...plot,
  ...help,
};
/** Of results with tables of several kinds. */
const plainOutput = { ...formats("table", "json", "csv", "md", "tex"), ...json, ...outs(".txt, .json, .csv or .svg"), ...plot, ...help };

const workers = {
  workers: { kind: "integer", least: 1, default: 1, says: "Threads that share the work; the result is the same for any number." },
} as const satisfies OptionTable;
const fitWorkers = {
  workers: {
    ...workers.workers,
    says: "Threads that share the held-out fits of a softmax probe, which choose C and the temperature; the result is the same for any number.",
  },
} as const satisfies OptionTable;
const shard = {
  shard: {
    kind: "text",
    value: "I/N",
    says: "Do only the I-th of N equal shards of the work, such as 2/3; softprobe merge joins the results.",
  },
} as const satisfies OptionTable;
const work = {
  ...workers,
  ...shard,
  resume: { kind: "flag", says: "Save counts in a journal beside --out; after an interruption the same command continues from it." },
} as const satisfies OptionTable;

export const commands = {
  eval: {
    line: "--features F.npy --labels L.npy [options]",
    says: "compare masks and probes over paired episodes",
    about: "Runs every mask and probe over the same few-shot episodes and compares them, paired, with the first mask.",
    options: {
      Data: data,
      Episodes: episodes,
      "What is compared": evaluationOptions,
      Training: trainingOptions,
      Work: {
        ...work,
        stream: {
          kind: "flag",
          says: "Read --features and --augmented (npy, safetensors) row by row instead of into memory; files above 1 GB always are. Masks with a basis need all rows and are rejected.",
        },
      },
      Output: output,
    },
    notes:
      "A mask is none, simple, tuned or importance@source/shape. Importance: pair, fisher, wiener, welch, mutual-information, bayes, variance or (without a source) random. Source, the rows that it is computed from: support; augmented (the support and its views); base (other classes); augmented+base; prior (other classes alone); posterior (all of these); oracle (sees the queries, for analysis only). Shape: top:0.1 keeps a tenth of the dimensions, power:0.5 weighs each by the square root of its importance, magnitude makes the mean magnitude equal to it. A basis may stand before it, as in discriminant:1>none: centre, within:RIDGE or discriminant:RIDGE (learned from base classes), views:RIDGE or views-support:RIDGE (learned from views). --shots 1,5 means unequal classes; for several numbers of shots save one result each and join them with softprobe table.",
    example: "softprobe eval --features F.npy --labels L.npy --mask none --mask pair@oracle/top:0.02",
  },
  curve: {
    line: "--features F.npy --labels L.npy [options]",
    says: "accuracy against the number of dimensions kept",
    about: "Keeps more and more dimensions, the most important first, and measures the accuracy at each step.",
    options: { Data: data, Episodes: episodes, Curve: curveOptions, Training: trainingOptions, Work: work, Output: output },
    example: "softprobe curve --features F.npy --labels L.npy --shots 5",
  },
  grid: {
    line: "--features F.npy --labels L.npy [options]",
    says: "the knee of that curve at every number of shots and ways",
    about:
      "Measures the redundancy curve at every number of shots and ways: its knee, its index and its accuracy. If the data have too few classes or rows for a cell, the cell is skipped and named.",
    options: {
      Data: data,
      Episodes: { ...gridOptions, ...omit(episodeOptions, "shots", "ways"), ...omit(runOptions, "replay") },
      Curve: curveOptions,
      Training: trainingOptions,
      Work: workers,
      Output: plainOutput,
    },
    example: "softprobe grid --features F.npy --labels L.npy --shots 1,5 --ways 2,5,10 --episodes 200",
  },
  theory: {
    line: "--features F.npy --labels L.npy [options]",
    says: "the accuracy that class statistics predict, beside the measured one",
    about:
      "Predicts the accuracy of a two-way nearest centroid from class means and variances alone, and compares it with the accuracy measured over episodes, at each share of dimensions kept. Reports the best share and the number of useful dimensions.",
    options: {
      Data: { ...rowFiles, ...readingOptions },
      Episodes: { ...theoryOptions, ...pick(episodeOptions, "queries", "seed"), ...pick(runOptions, "episodes") },
      Curve: pick(curveOptions, "fractions"),
      Training: pick(trainingOptions, "normalize", "kernels"),
      Work: workers,
      Output: plainOutput,
    },
    example: "softprobe theory --features F.npy --labels L.npy --shots 1,5",
  },
  tune: {
    line: "--features B.npy --labels BL.npy [options]",
    says: "choose a mask for your tasks, by episodes on base classes",
    about:
      "Chooses a mask, its basis and what the probe trains on, for tasks of given ways and shots. It decides by paired episodes on base classes: labelled classes other than the task's. Without a significant gain, no mask is chosen.",
    options: {
      "Data of the base classes": { ...rowFiles, ...viewOptions, ...pick(dataOptions, "pool"), ...readingOptions },
      "The task": {
        taskFeatures: { kind: "file", value: "F.npy", says: "The task's own support …" },
        taskLabels: {
          kind: "file",
          value: "L.npy",
          says: "… and its labels. The result then says whether the base classes resemble the task.",
        },
        ...pick(episodeOptions, "ways", "shots", "queries", "seed"),
      },
      "What is chosen from": {
        candidates: {
          kind: "text",
          many: true,
          flag: "mask",
          value: "SPEC",
          form: evaluationOptions.masks.form,
          says: "Candidate mask (default: all that the data allow).",
        },
        withoutBase: {
          kind: "flag",
          says: "Choose without base classes: --features and --labels are the task's own support, and leave-one-out over its rows decides. Needs two rows a class.",
        },
        ...tuneOptions,
      },
      Training: pick(trainingOptions, "normalize", "kernels"),
      Work: workers,
      Output: plainOutput,
    },
    example: "softprobe tune --features base.npy --labels base-labels.npy --shots 5",
  },
  stats: {
    line: "--base-features B.npy --base-labels BL.npy --out S.npz",
    says: "statistics of base classes, small enough to ship with a model",
    about:
      "Writes the counts, means and variances of base classes. Masks need no more of them, and the file is far smaller than the features. Other commands take it by --base-statistics.",
    options: {
      Data: {
        ...pick(baseFiles, "baseFeatures", "baseLabels"),
        baseStatistics: {
          kind: "file",
          many: true,
          value: "S.npz",
          says: "Statistics to merge with these, or with each other; a class may be in several files.",
        },
        ...readingOptions,
        ...pick(trainingOptions, "normalize"),
      },
      Output: { out: { kind: "file", value: "S.npz", says: "Write the statistics to this file, whole or not at all." }, ...help },
    },
    example: "softprobe stats --base-features B.npy --base-labels BL.npy --out S.npz",
  },
  probe: {
    line: "--features TRAIN.npy --labels L.npy --test-features TEST.npy --test-labels TL.npy [options]",
    says: "the ordinary linear probe: train, choose C, test",
    about:
      "Trains a linear probe on all training rows, with C chosen by held-out ones, and tests it: accuracy with an interval, balanced accuracy, macro-F1, log loss, calibration error and the classes that are confused. With --shots also at fewer training rows a class, as a learning curve. Test rows choose nothing.",
    options: {
      Data: {
        ...rowFiles,
        testFeatures: { kind: "file", value: "TEST.npy", says: "Test rows …" },
        testLabels: { kind: "file", value: "TL.npy", says: "… and their labels; without them, a share of the training rows (--split)." },
        ...baseFiles,
        ...readingOptions,
      },
      Probe: { ...linearProbeOptions, ...fitOptions },
      Training: { ...omit(trainingOptions, "C", "trainOn"), ...pick(episodeOptions, "seed") },
      Work: fitWorkers,
      Output: { ...formats("table", "json"), ...json, ...outs(".txt, .json or .svg"), ...plot, ...help },
    },
    notes:
      "The picture is the learning curve with its 95 % band where --shots is given, else the confusion matrix of the probe on all training rows.",
    example: "softprobe probe --features train.npy --labels y.npy --test-features test.npy --test-labels ty.npy --shots 1,2,4,8,16,all",
  },
  fit: {
    line: "--features F.npy --labels L.npy --out HEAD.json [options]",
    says: "train one probe and save it: JSON, ONNX or scikit-learn's arrays",
    about:
      "Trains one probe on a support, which is all rows of the files. Saves its steps (normalisation, basis, mask) and its head in one file.",
    options: {
      Data: data,
      Probe: { ...fitOptions, ...calibrationOptions },
      Training: { ...omit(trainingOptions, "C"), ...pick(episodeOptions, "seed") },
      Work: fitWorkers,
      Output: {
        json: { kind: "flag", says: "Print one JSON document: what was fitted, and how. Without --out it also holds the head." },
        out: {
          kind: "file",
          value: "HEAD",
          says: "Write the head to this file: .json for predict, .onnx for any ONNX runtime, .npz for scikit-learn (coef_, intercept_, classes_).",
        },
        ...help,
      },
    },
    notes:
      "Held-out rows choose C and the temperature, so these need two rows a class: small supports hold out each row in turn, exactly or by an approximation, large ones a fold at a time. Only the head is refitted; basis and mask stay fixed. With two classes, scikit-learn needs twice this C for the same probe. If you give base features, the result says whether they resemble the support.",
    example: "softprobe fit --features F.npy --labels L.npy --C auto --temperature loo --reject coverage:0.95 --out head.json",
  },
  predict: {
    line: "--head HEAD.json --features F.npy [options]",
    says: "labels and probabilities by a saved probe",
    about: "Labels rows by a head that fit saved, with probabilities, and marks the rows that it declines to answer.",
    options: {
      Data: {
        head: { kind: "file", value: "HEAD", says: "The head: .json of fit or headToJSON, or .npz of coef_, intercept_, classes_." },
        features: { ...rowFiles.features, says: "Rows to label, n × d, in the same form as the support." },
        labels: { ...rowFiles.labels, says: "Their true labels, to measure accuracy, log loss and calibration error." },
        ...readingOptions,
        columns: { ...readingOptions.columns, says: "Columns that hold features (default: those that the head was trained on, by name)." },
        ignoreLabels: {
          ...readingOptions.ignoreLabels,
          says: "Label that marks rows without one, such as -1 or nan; nothing is measured on them.",
        },
      },
      Output: {
        rows: { kind: "flag", says: "List every row in the table, after the summary." },
        ...formats("table", "json", "jsonl", "csv"),
        ...json,
        ...outs(".txt, .json, .jsonl, .csv or .svg"),
        plot: { kind: "file", value: "FILE.svg", says: "Draw the confusion matrix of the classes to this file (needs --labels)." },
        ...help,
      },
    },
    example: "softprobe predict --head head.json --features new.npy --format csv --out answers.csv",
  },
  merge: {
    line: "part*.json [options]",
    says: "the result of a run from its shards",
    about:
      "Joins the parts that the shards of a run wrote into its result, with the same bytes as a single run. Parts of another run, missing parts and duplicates are rejected.",
    options: { Output: output },
    words: "file",
    example: "softprobe merge part-1.json part-2.json part-3.json --json --out result.json",
  },
  table: {
    line: "a.json b.json [options]",
    says: "results of several runs in one table",
    about:
      "Puts saved results of softprobe eval side by side, one column of accuracies for each, such as 1 shot and 5 shots, or two data sets. * marks a significant difference from the reference of that run. Columns are named by ways and shots, or by file if those are equal.",
    options: { Output: { ...formats("table", "md", "tex"), ...outs(".txt, .md or .tex"), ...help } },
    words: "file",
    example: "softprobe table one-shot.json five-shot.json --out paper.tex",
  },
  study: {
    line: "run|status|merge|schema STUDY.yaml [options]",
    says: "models × data sets × ways × shots, from one file",
    about:
      "Runs the same masks and probes over models × data sets × ways × shots, as one file describes. Each cell has its own result file in a folder. You can stop a run and start it again. Several runs may work side by side, each on its shard (--shard) or on the cells that are still free. " +
      "status counts the cells, merge writes results.csv and results.ndjson into the folder, and schema prints the JSON schema of study files.",
    options: {
      Work: {
        ...workers,
        ...shard,
        partial: { kind: "flag", says: "merge: merge the cells that exist, even if others are missing." },
      },
      Output: {
        out: { kind: "file", value: "FOLDER", says: "Folder of the cells (default: STUDY-results beside the file)." },
        json: { kind: "flag", says: "status and merge: print one JSON document." },
        ...help,
      },
    },
    words: ["run", "status", "merge", "schema"],
    example: "softprobe study run study.yaml && softprobe study merge study.yaml",
  },
  demo: {
    line: "[eval's options]",
    says: "show the redundancy of few-shot features; needs no files",
    about:
      "Shows how redundant features are in few-shot tasks: a table of masks, the curve at 1, 5 and 20 shots, and a picture of it. Without --features it makes synthetic ones.",
    options: {
      Data: data,
      Episodes: episodes,
      "What is compared": evaluationOptions,
      Training: trainingOptions,
      Work: workers,
      Output: {
        ...formats("table", "json"),
        ...json,
        ...outs(".txt, .json or .svg"),
        plot: { kind: "file", value: "FILE.svg", default: "softprobe-curve.svg", says: "Draw the curves to this file." },
        ...help,
      },
    },
    example: "softprobe demo",
  },
  completion: {
    line: "bash|zsh|fish [options]",
    says: "a script that completes commands and options in your shell",
    about:
      "Prints a script that completes commands, options and their values. To keep it, put the example's line into ~/.bashrc (bash), put source <(softprobe completion zsh) into ~/.zshrc behind compinit (zsh), or save it as ~/.config/fish/completions/softprobe.fish (fish).",
    options: { Output: { ...out, ...help } },
    words: ["bash", "zsh", "fish"],
    example: "source <(softprobe completion bash)",
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commands;
/** All options of a command in one table. */
type OptionsOfCommand<Name extends CommandName> = Merged<(typeof commands)[Name]["options"][keyof (typeof commands)[Name]["options"]]>;
/** What a command line of this command gives. */
export type CommandValues<Name extends CommandName> = Values<OptionsOfCommand<Name>>;

/** The options of a command that have a flag, in the order of its help. */
export function optionsOfCommand(name: CommandName): readonly (readonly [name: string, option: Option])[] {
  return Object.values<OptionTable>(commands[name].options)
    .flatMap((table) => Object.entries(table))
    .filter(([, { flag }]) => flag !== null);
}

/** An option's flag without its dashes. */
export function flagOf(name: string, { flag }: Option): string {
  return flag ?? name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether an option's flag may be repeated. */
export function isRepeatable({ kind, many }: Option): boolean {
  return many === true && kind !== "integer" && kind !== "number";
}
