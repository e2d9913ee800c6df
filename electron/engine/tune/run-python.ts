import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { tuneFiles } from "./write-folder.ts";

/** How training is started. */
export interface Launch {
  /** The interpreter, or a program that starts it several times: ["torchrun", "--nproc-per-node", "4"]. */
  readonly command: readonly string[];
}

/** What train.py says of an epoch; its accuracies are those of a slice of the training images, 0-1. */
const epochSchema = z.object({
  epoch: z.number().int().nonnegative(),
  of: z.number().int().positive(),
  accuracies: z.array(z.number()),
  loss: z.number().optional(),
  seconds: z.number().optional(),
});

const stepSchema = z.object({
  epoch: z.number().int().positive(),
  step: z.number().int().nonnegative(),
  steps: z.number().int().positive(),
  loss: z.number(),
});

const failureSchema = z.object({ error: z.string() });

export type TunedEpoch = Readonly<z.infer<typeof epochSchema>>;

/** Longer ones are no words of train.py. */
const longestLine = 65_536;

/** Lines of its own that a process that failed is remembered by. */
const lastLines = 20;

/**
 * Runs train.py in its folder until it has ended.
 * @param epochs how many are wanted
 * @throws AppError 'usage' if Python can't be started or lacks PyTorch, 'training-failed' in train.py's own words, 'cancelled'
 */
export async function runTraining(
  folder: string,
  { command }: Launch,
  epochs: number,
  job: Job,
  onEpoch: (epoch: TunedEpoch) => void,
): Promise<void> {
  const [program, ...given] = command;
  const child = spawn(program, [...given, join(folder, tuneFiles.script)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    // Its processes are one group, so that a cancel reaches all of them.
    detached: process.platform !== "win32",
  });
  const started = new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  await started.catch((cause: Error) => {
    throw new AppError(
      "usage",
      `${program} can't be started (${cause.message}); name a Python that has PyTorch with --python`,
    );
  });
  let failure: string | undefined;
  const said: string[] = [];
  const keep = (line: string) => {
    said.push(line.slice(0, longestLine));
    if (said.length > lastLines) said.shift();
  };
  createInterface({ input: child.stderr! }).on("line", keep);
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const message = parseLine(line);
    const epoch = epochSchema.safeParse(message);
    if (epoch.success) onEpoch(epoch.data);
    const step = stepSchema.safeParse(message);
    if (step.success) {
      const { data } = step;
      const done = data.epoch - 1 + data.step / data.steps;
      job.report(done, epochs, `epoch ${data.epoch} of ${epochs}, loss ${data.loss.toPrecision(3)}`);
    }
    const refused = failureSchema.safeParse(message);
    if (refused.success) failure = refused.data.error;
    if (message === undefined) keep(line);
  });
  const code = await ended(child, job);
  if (failure !== undefined) throw new AppError("training-failed", failure);
  if (code !== 0) throw new AppError("training-failed", reasonOf(said, program));
}

function parseLine(line: string): unknown {
  if (line.length > longestLine || !line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** How often a cancel is looked for, ms. */
const watchMs = 200;

async function ended(child: ChildProcess, job: Job): Promise<number | null> {
  const end = new Promise<number | null>((resolve) => child.once("close", resolve));
  let code: number | null | undefined;
  void end.then((found) => {
    code = found;
  });
  try {
    while (code === undefined) {
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, watchMs))]);
      await job.pause();
    }
    return code;
  } finally {
    if (code === undefined) kill(child);
  }
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has gone by itself.
  }
}

/** Why Python ended, from its last words. */
function reasonOf(said: readonly string[], program: string): string {
  const text = said.join("\n");
  if (/No module named '(torch|numpy)'/.test(text))
    return `${program} has no PyTorch or NumPy; name a Python that has both with --python`;
  if (/out of memory/i.test(text))
    return "the training ran out of memory; take a smaller --batch-size, or more processes";
  const last = said.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? said.at(-1) ?? "no word";
  return `train.py ended with: ${last}`;
}
