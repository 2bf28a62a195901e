import { readFileSync } from "node:fs";

/** What ../../shared/golden/make.py wrote with numpy, scipy and scikit-learn; committed as small.json. */
export interface Golden {
  readonly softmax: readonly {
    name: string;
    rows: number;
    cols: number;
    C: number;
    fitIntercept: boolean;
    sampleWeight: number[] | null;
    X: number[];
    y: number[];
    coef: number[];
    intercept: number[];
    objective: number;
    query: number[];
    probability: number[];
  }[];
  readonly statistics: {
    rows: number;
    cols: number;
    X: number[];
    y: number[];
    means: number[];
    variances: number[];
    pooledVariance: number[];
    pairImportance: number[];
    fRatio: number[];
    wiener: Record<string, number[]>;
    wienerDebiased: Record<string, number[]>;
    simple: number[];
  };
}

export const golden = JSON.parse(readFileSync(new URL("small.json", import.meta.url), "utf8")) as Golden;
