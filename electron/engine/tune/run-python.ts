import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { type TunedEpoch, trainedEpochSchema } from "../../../shared/model/tuned-epoch.ts";
import { lacking, unstartable } from "./find-python.ts";
import { tuneFiles } from "./write-folder.ts";

const stepSchema = z.object({
  epoch: z.number().int().positive(),
  step: z.number().int().nonnegative(),
  steps: z.number().int().positive(),
  loss: z.number(),
});

const failureSchema = z.object({ error: z.string() });

const endSchema = z.object({
  done: z.literal(true),
  /** The one whose weights were kept. */
  epoch: z.number().int().positive(),
  /** Whether its last output is as accurate as it was, on the held-out training images. */
  protected: z.boolean(),
});

/** What came of a training. */
export type TrainingEnd = Readonly<z.infer<typeof endSchema>>;

/** Longer ones are no words of train.py. */
const longestLine = 65_536;

/** Lines of its own that a process that failed is remembered by. */
const lastLines = 20;

/**
 * Runs train.py in its folder until it has ended.
 * @param command the interpreter, or a program that starts it several times: ["torchrun", "--nproc-per-node", "4"]
 * @param epochs how many are wanted
 * @throws AppError 'usage' if the command can't be started or lacks PyTorch, 'training-failed' in train.py's own words, 'cancelled'
 */
export async function runTraining(
  folder: string,
  command: readonly string[],
  epochs: number,
  job: Job,
  onEpoch: (epoch: TunedEpoch) => void,
): Promise<TrainingEnd> {
  const child = await startTraining(folder, command);
  const pace = new Pace();
  const words = listen(child, {
    epoch: (epoch) => {
      job.report(epoch.epoch, epochs, `epoch ${epoch.epoch} of ${epochs}`);
      onEpoch({ ...epoch, remainingSeconds: pace.remaining(epoch) });
    },
    step: ({ epoch, step, steps, loss }) => {
      pace.begin(epoch - 1);
      const note = `epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(3)}`;
      job.report(epoch - 1 + step / steps, epochs, note);
    },
  });
  const code = await ended(child, job);
  if (words.failure !== undefined) throw new AppError("training-failed", words.failure);
  if (code !== 0 || !words.end) throw failed(words.said, command[0], code);
  return words.end;
}

async function startTraining(folder: string, [program, ...given]: readonly string[]): Promise<ChildProcess> {
  // A path to it is one from here, not from the folder.
  const file = program.includes("/") ? resolve(program) : program;
  const child = spawn(file, [...given, tuneFiles.script], {
    cwd: folder,
    // Training ends when this pipe does, so it doesn't outlive whoever started it.
    env: { ...process.env, OFFRAMP_STDIN: "watch" },
    stdio: ["pipe", "pipe", "pipe"],
    // Its processes are one group, so that a cancel reaches all of them.
    detached: process.platform !== "win32",
  });
  child.stdin?.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause: NodeJS.ErrnoException) =>
      reject(unstartable(program, cause.code ?? cause.message)),
    );
  });
  return child;
}

/** How long the epochs that are left will take, by those that were trained since it began: not those of an earlier run. */
class Pace {
  #begun: { readonly epoch: number; readonly ms: number } | undefined;

  begin(epoch: number): void {
    this.#begun ??= { epoch, ms: performance.now() };
  }

  remaining({ epoch, of }: TunedEpoch): number | undefined {
    const trained = this.#begun ? epoch - this.#begun.epoch : 0;
    return trained > 0 ? ((performance.now() - this.#begun!.ms) / 1000 / trained) * (of - epoch) : undefined;
  }
}

interface Listeners {
  epoch(epoch: TunedEpoch): void;
  step(step: z.infer<typeof stepSchema>): void;
}

interface Words {
  /** What train.py says of why it gave up. */
  failure?: string;
  end?: TrainingEnd;
  /** The last lines that aren't train.py's own. */
  readonly said: string[];
}

function listen(child: ChildProcess, listeners: Listeners): Words {
  const words: Words = { said: [] };
  const keep = (line: string) => {
    words.said.push(line.slice(0, longestLine));
    if (words.said.length > lastLines) words.said.shift();
  };
  createInterface({ input: child.stderr! }).on("line", keep);
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const message = parseLine(line);
    const [epoch, step] = [trainedEpochSchema.safeParse(message), stepSchema.safeParse(message)];
    if (epoch.success) listeners.epoch(epoch.data);
    else if (step.success) listeners.step(step.data);
    const [refused, end] = [failureSchema.safeParse(message), endSchema.safeParse(message)];
    if (refused.success) words.failure ??= refused.data.error;
    if (end.success) words.end = end.data;
    if (message === undefined) keep(line);
  });
  return words;
}

function parseLine(line: string): unknown {
  if (line.length > longestLine || !line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** How often a cancel is looked for, and how long processes may take to end by themselves, ms. */
const [watchMs, graceMs] = [200, 400];

async function ended(child: ChildProcess, job: Job): Promise<number | null> {
  const end = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    for (;;) {
      const code = await Promise.race([end, delay(watchMs, undefined)]);
      if (code !== undefined) return code;
      await job.pause();
    }
  } finally {
    if (child.exitCode === null && child.signalCode === null) await kill(child, end);
  }
}

/** Launchers end the processes that they have started when they are asked to; those that are killed leave them behind. */
async function kill(child: ChildProcess, end: Promise<unknown>): Promise<void> {
  child.stdin?.end();
  signal(child, "SIGTERM");
  await Promise.race([end, delay(graceMs)]);
  signal(child, "SIGKILL");
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, name);
  } catch {
    // It has gone by itself.
  }
}

/** Why Python ended, from its last words. */
function failed(said: readonly string[], program: string, code: number | null): AppError {
  const text = said.join("\n");
  const lack = lacking(program, text);
  if (lack) return lack;
  if (/out of memory|MemoryError|DefaultCPUAllocator/i.test(text) || code === null)
    return new AppError(
      "training-failed",
      `${memoryOrKill(text)}; what was learnt up to the last epoch is kept`,
    );
  const last = said.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? said.at(-1) ?? "no word";
  return new AppError("training-failed", `train.py ended with: ${last}`);
}

function memoryOrKill(text: string): string {
  return /memory|Memory|Allocator/.test(text)
    ? "the training ran out of memory; take a smaller batch size, or more processes"
    : "the training was killed, most likely because the machine ran out of memory; take a smaller batch size";
}
