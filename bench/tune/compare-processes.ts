import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ranksOnLoopback } from "../../electron/engine/tune/testing/ranks.ts";

/** How a training ended. */
interface Trained {
  /** Of the last epoch. */
  readonly loss: number;
  /** Of every output on the held-out slice, 0-1. */
  readonly accuracies: readonly number[];
  readonly seconds: number;
}

export interface Processes {
  readonly images: number;
  readonly one: Trained;
  readonly two: Trained;
  /** The first with another seed: what differs by chance. */
  readonly otherSeed: Trained;
}

/**
 * One process against two by DistributedDataParallel on loopback, with the same recipe and as many images a step in all.
 * @param folder a tuning's, as it was written; it stays as it is
 */
export async function compareProcesses(folder: string, python: string, epochs: number): Promise<Processes> {
  const recipe = JSON.parse(await readFile(join(folder, "recipe.json"), "utf8"));
  const { seed } = recipe;
  const { images } = JSON.parse(await readFile(join(folder, "images", "images.json"), "utf8"));
  const run = (changes: object, processes: number) =>
    trained(folder, { ...recipe, epochs, ...changes }, python, processes);
  return {
    images,
    one: await run({}, 1),
    two: await run({}, 2),
    otherSeed: await run({ seed: seed + 1 }, 1),
  };
}

async function trained(folder: string, recipe: object, python: string, processes: number): Promise<Trained> {
  const work = await mkdtemp(join(tmpdir(), "offramp-processes-"));
  try {
    await cp(folder, work, {
      recursive: true,
      filter: (path) => !/(tuned|checkpoint)[^/]*\.npz$/.test(path),
    });
    await writeFile(join(work, "recipe.json"), JSON.stringify(recipe));
    const ranks = processes > 1 ? await ranksOnLoopback(processes) : [{}];
    const start = performance.now();
    const said = await Promise.all(ranks.map((rank) => ranked(work, python, rank)));
    const last = said[0].filter(({ accuracies, loss }) => accuracies && loss !== undefined).at(-1);
    if (!last) throw new Error(`${python} trained nothing with ${processes} processes`);
    const { loss, accuracies } = last as Pick<Trained, "loss" | "accuracies">;
    return { loss, accuracies, seconds: (performance.now() - start) / 1000 };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** One of the processes. @returns the JSON objects that it printed */
function ranked(
  folder: string,
  python: string,
  rank: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>[]> {
  const env = { ...process.env, ...rank };
  const child = spawn(python, ["train.py"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const said: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) said.push(JSON.parse(line));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${python} ended with ${code}: ${said.at(-1)?.error}`)),
    );
  });
}
