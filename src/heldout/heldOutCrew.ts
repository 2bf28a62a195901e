import type { OptionNames } from "../core/checkOptions.ts";
import { type Place, placeCopies, placeShared } from "../core/place.ts";
import { version } from "../core/version.ts";
import { doWorkInSlices, type SliceOptions, sliceOptionNames, type Work } from "../core/work.ts";
import {
  type Crew,
  crewOf,
  here,
  neverAnswered,
  type PlaceOptions,
  patienceMilliseconds,
  placeOptionNames,
  type WorkerLink,
  type WorkerMessage,
} from "../core/workplace.ts";
import type { HeldOutSolver } from "./heldOutSolver.ts";
import { type HeldOutShare, type HeldOutTask, unitsOf } from "./heldOutTask.ts";

/** Options of long functions whose held-out fits, those without some rows, can be done by workers (`on`). */
export interface PlacedOptions extends SliceOptions, PlaceOptions {}

export const placedOptionNames: OptionNames<PlacedOptions> = { ...sliceOptionNames, ...placeOptionNames };

/** What a worker is told: which task it shares, then to solve its share at one C after another. */
export type HeldOutOrder =
  | {
      readonly softprobe: "hold";
      readonly version: string;
      readonly caller: string;
      readonly task: HeldOutTask;
      readonly share: HeldOutShare;
    }
  | { readonly softprobe: "solve"; readonly C: number };

/** What it tells: that a step is done, or all of its share: n × k logits, NaN where they are not its to tell. */
export type HeldOutReport =
  | { readonly softprobe: "stepped" }
  | { readonly softprobe: "solved"; readonly logits: Float64Array; readonly converged: boolean };

/** Workers that solve held-out fits of one task after another. */
export interface HeldOutCrew {
  /** Hands the task out; the solver waits for the workers' shares. */
  solver(task: HeldOutTask): HeldOutSolver;
  end(): Promise<void>;
}

function heldOutCrew({ workers, shares, open }: Crew, caller: string): HeldOutCrew {
  const links: WorkerLink[] = [];
  let heard: WorkerMessage[] = [];
  let failure: Error | null = null;
  let wake = (): void => {};
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const fail = (error: Error): void => {
    failure ??= error;
    wake();
  };
  const start = (): void => {
    const w = links.length;
    const link = open();
    links.push(link);
    const lose = (why: string): void => fail(new Error(`${caller}: worker ${w} was lost (${why}), expected it to stay`));
    const timer = setTimeout(() => lose(neverAnswered), patienceMilliseconds);
    timers.add(timer);
    link.listen((message) => {
      clearTimeout(timer);
      timers.delete(timer);
      if (message.softprobe === "failed") fail((message as WorkerMessage & { readonly error: Error }).error);
      else if (message.softprobe !== "ready") heard.push(message);
      wake();
    }, lose);
  };
  return {
    solver(task) {
      const used = Math.min(workers, unitsOf(task));
      while (links.length < used) start();
      const shared = shares ? placed(task, placeShared()) : null;
      links.slice(0, used).forEach((link, share) => {
        const transfer: ArrayBuffer[] = [];
        const own = shared ?? placed(task, placeCopies(transfer));
        const order: HeldOutOrder = { softprobe: "hold", version, caller, task: own, share: { share, of: used } };
        link.send(order, transfer);
      });
      return function* (C, logits) {
        const order: HeldOutOrder = { softprobe: "solve", C };
        heard = [];
        for (const link of links.slice(0, used)) link.send(order, []);
        let converged = true;
        for (let left = used; left > 0; ) {
          if (failure) throw failure;
          const reports = heard as HeldOutReport[];
          heard = [];
          for (const report of reports) {
            if (report.softprobe === "stepped") {
              yield true;
              continue;
            }
            left--;
            converged = report.converged && converged;
            report.logits.forEach((value, at) => {
              if (!Number.isNaN(value)) logits[at] = value;
            });
          }
          if (left > 0 && heard.length === 0 && !failure)
            yield new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
        return converged;
      };
    },
    async end() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(links.map((link) => link.end()));
    },
  };
}

/** The task with every large array where workers can have it. */
function placed(task: HeldOutTask, place: Place): HeldOutTask {
  const { gram, features, codes, weights } = task;
  return {
    ...task,
    gram: gram && place(gram),
    features: features && { ...features, data: place(features.data) },
    ...{ codes: place(codes), weights: place(weights) },
  };
}

/** Does work that holds rows out, in slices, on the workers that are asked for, which end with it. `make` gets the options that are its own. */
export async function doHeldOutWork<Options extends PlacedOptions, T>(
  caller: string,
  options: Options,
  make: (own: Omit<Options, keyof PlacedOptions>, crew: HeldOutCrew | null) => Work<T>,
): Promise<T> {
  const { on = here, onProgress, signal, ...own } = options;
  const place = crewOf(on, caller);
  const crew = place && heldOutCrew(place, caller);
  try {
    return await doWorkInSlices(make(own, crew), caller, { onProgress, signal });
  } finally {
    await crew?.end();
  }
}
