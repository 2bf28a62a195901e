import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { byHandRoom } from "./byHand.ts";
import { calibrateRoom } from "./calibrate.ts";
import { choosePenaltyRoom } from "./choosePenalty.ts";
import { curveRoom } from "./curve.ts";
import { episodeRoom } from "./episode.ts";
import { evaluateRoom } from "./evaluate.ts";
import { incrementalRoom } from "./incremental.ts";
import { javascriptRoom } from "./javascript.ts";
import { largeFitChild, largeFitsRoom } from "./largeFits.ts";
import { leaveOneOutRoom } from "./leaveOneOut.ts";
import { machineOf, versionsOf } from "./machine.ts";
import { type Result, seconds } from "./measure.ts";
import { memoryChild, memoryRoom } from "./memory.ts";
import { nativeRoom } from "./native.ts";
import { pageRoom } from "./page.ts";
import { performancePage } from "./performance.ts";
import { performancePicture } from "./performancePicture.ts";
import { startPython } from "./python.ts";
import type { Bench, Room } from "./room.ts";
import { samplingRoom } from "./sampling.ts";
import { scalingRoom } from "./scaling.ts";
import { statisticsRoom } from "./statistics.ts";
import { resultTable } from "./table.ts";
import { workersRoom } from "./workers.ts";

/** In the order of the table. */
const rooms: readonly Room[] = [
  episodeRoom,
  largeFitsRoom,
  curveRoom,
  statisticsRoom,
  samplingRoom,
  nativeRoom,
  evaluateRoom,
  byHandRoom,
  workersRoom,
  incrementalRoom,
  leaveOneOutRoom,
  choosePenaltyRoom,
  calibrateRoom,
  pageRoom,
  javascriptRoom,
  memoryRoom,
  scalingRoom,
];
const names = rooms.flatMap((room) => room.names);

const usage = `npm run bench -- [--json] [--quick] [--write] [--only NAME]…
  --json   print softprobe/bench@1 and nothing else on stdout
  --quick  short budgets and small inputs: shows that it runs, measures little
  --write  write docs/performance.md and its picture (a whole run only)
  --only   one of ${names.join(", ")}; may be given more than once`;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

class ArgumentError extends RangeError {}

function readArguments() {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      memory: { type: "string" },
    },
  });
  for (const name of values.only)
    if (!names.includes(name)) throw new ArgumentError(`bench: --only is "${name}", expected one of ${names.join(", ")}`);
  if (values.write && (values.quick || values.only.length > 0))
    throw new ArgumentError("bench: --write needs a whole run, without --quick and --only");
  return values;
}

async function main(): Promise<void> {
  const options = readArguments();
  if (options.help) {
    console.log(usage);
    return;
  }
  if (options.memory === "large fit") return largeFitChild();
  if (options.memory !== undefined) return memoryChild(options.memory);
  const start = seconds();
  const machine = machineOf();
  const folder = mkdtempSync(join(tmpdir(), "softprobe-bench-"));
  const python = await startPython(join("bench", "peer.py"), say);
  const wants = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  const bench: Bench = { quick: options.quick, python, folder, wants, say };
  const results: Result[] = [];
  try {
    for (const room of rooms) {
      if (!room.names.some(wants)) continue;
      say(`${Math.round(seconds() - start)} s: ${room.names.join(", ")}`);
      results.push(...(await room.run(bench)).filter(({ name }) => wants(name)));
      (globalThis as { gc?: () => void }).gc?.();
    }
  } finally {
    python?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const versions = versionsOf(python);
  say(`${Math.round(seconds() - start)} s: done`);
  if (options.write) {
    writeFileSync(join("docs", "performance.md"), performancePage(machine, versions, results));
    writeFileSync(join("docs", "pictures", "performance.svg"), performancePicture(results));
  }
  if (options.json) console.log(JSON.stringify({ schema: "softprobe/bench@1", machine, versions, results }));
  else {
    const ran = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    console.log(
      `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load}, kernels ${machine.kernels}\n${ran.join(", ")}\n`,
    );
    console.log(resultTable(results));
  }
}

main().catch((error) => {
  // Of bad arguments, the message is all that helps; of anything else, where it happened.
  const asked = error instanceof ArgumentError || error?.code?.startsWith?.("ERR_PARSE_ARGS");
  say(asked ? `${error.message}\n${usage}` : String(error?.stack ?? error));
  process.exitCode = 2;
});
