import { kindError, valueError } from "../core/errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is sent to a worker for a mask, basis or probe of the user's own: where to import it from, and what it is called, so that no other is taken for it. */
interface SentModule {
  readonly module: string;
  readonly called: string;
}

/** What is read of a job that was sent. */
interface SentJob {
  readonly caller: string;
  readonly options: object;
}

/** Options that take functions of the user's own, and what one of them is called in errors. */
const ownOptions: Readonly<Record<string, string>> = { masks: "mask", probes: "probe", importance: "importance" };
/** The functions of a mask, a basis and a probe. */
const functionNames = ["weights", "fit", "predict", "predictProba"];

const isRecord = (value: unknown): value is Fields => value !== null && typeof value === "object";
/** Its name; a mask in a basis of the user's own may have that of the basis alone. */
const nameOf = ({ name, basis }: Fields): string => String(name ?? (basis as Fields | undefined)?.name);

/** One of the user's own as it is sent: its module's address, or plain data. */
function sendOne(own: unknown, caller: string, kind: string): unknown {
  if (!isRecord(own)) return own;
  const argument = `${kind} "${nameOf(own)}"`;
  const { module, name, basis, mask } = own;
  if (module !== undefined) {
    const address = String(module);
    if (/^[a-z][\w+.-]*:/i.test(address)) return { module: address, called: nameOf(own) };
    throw valueError(caller, `${argument}'s module`, `is "${address}"`, "an absolute URL, such as import.meta.url");
  }
  const found = functionNames.map((key) => own[key]).find((value) => typeof value === "function");
  if (found)
    throw kindError(caller, argument, found, "its module's URL beside it (module), for workers to import it from, or to be counted here");
  return { name, basis: sendOne(basis, caller, "basis"), mask };
}

/** A job's options with modules in the place of the user's own masks, bases and probes: functions can't be sent. */
export function sendOwn(options: object, caller: string): object {
  const sent: Record<string, unknown> = { ...options };
  for (const [name, kind] of Object.entries(ownOptions)) {
    const value = sent[name];
    sent[name] = Array.isArray(value) ? value.map((own) => sendOne(own, caller, kind)) : sendOne(value, caller, kind);
  }
  return sent;
}

const isSent = (own: unknown): own is SentModule => isRecord(own) && "called" in own;
const isWaiting = (own: unknown): boolean => isSent(own) || (isRecord(own) && isSent(own.basis));

async function receiveOne(own: unknown, caller: string, kind: string): Promise<unknown> {
  if (!isRecord(own)) return own;
  if (!isSent(own)) return own.basis === undefined ? own : { ...own, basis: await receiveOne(own.basis, caller, "basis") };
  const { module, called } = own;
  const argument = `${kind} "${called}"`;
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(/* webpackIgnore: true */ /* @vite-ignore */ module);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${caller}: ${argument} could not be imported by a worker (${what}), expected its module at ${module}`);
  }
  const exported = loaded.default;
  if (!isRecord(exported)) throw kindError(caller, `the default export of ${module}`, exported, argument);
  if (nameOf(exported) !== called)
    throw valueError(caller, `the default export of ${module}`, `is "${nameOf(exported)}"`, `${argument}, as in the thread that sends it`);
  return exported;
}

/** Whether a job waits for modules of the user's own. */
function awaitsOwn({ options }: SentJob): boolean {
  return Object.keys(ownOptions).some((name) => {
    const value = (options as Fields)[name];
    return Array.isArray(value) ? value.some(isWaiting) : isWaiting(value);
  });
}

async function receiveOwn<Job extends SentJob>(job: Job): Promise<Job> {
  const options: Record<string, unknown> = { ...job.options };
  for (const [name, kind] of Object.entries(ownOptions)) {
    const value = options[name];
    if (Array.isArray(value)) options[name] = await Promise.all(value.map((own) => receiveOne(own, job.caller, kind)));
    else if (value !== undefined) options[name] = await receiveOne(value, job.caller, kind);
  }
  return { ...job, options };
}

/** Jobs as they were before they were sent, with what the user's modules export; null where they hold none, and need not be waited for. */
export function receiveJobs<Job extends SentJob>(jobs: readonly Job[]): Promise<readonly Job[]> | null {
  return jobs.some(awaitsOwn) ? Promise.all(jobs.map((job) => receiveOwn(job))) : null;
}
