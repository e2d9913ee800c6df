import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import {
  loadProjectData,
  type StageCache,
  type StageRunner,
  type TrainedProject,
  writeTuning,
} from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import type { TuneOptions } from "../../shared/model/tune-options.ts";

/** Mean loss of each epoch. */
export interface ProcessLosses {
  readonly one: readonly number[];
  readonly two: readonly number[];
}

interface Wish {
  readonly options: TuneOptions;
  readonly folder: string;
  readonly images: number;
}

/** Two short trainings of the backbone on some of the images: by one process, and by two on loopback (DistributedDataParallel). */
export async function compareProcesses(
  project: TrainedProject,
  { options, folder, images }: Wish,
  python: string,
  cache: StageCache,
  stages: StageRunner,
): Promise<ProcessLosses> {
  const data = await loadProjectData(project, cache, silentJob);
  const trained = async (name: string, count: number) => {
    const own = join(folder, name);
    await rm(own, { recursive: true, force: true });
    const short = { ...options, epochs: 2 };
    await writeTuning(project, data, { options: short, folder: own, trainLimit: images }, stages);
    return lossesOf(await runRanks(python, own, count));
  };
  try {
    return { one: await trained("one-process", 1), two: await trained("two-processes", 2) };
  } finally {
    await data.source.close();
  }
}

/** @returns what the first of them prints */
async function runRanks(python: string, folder: string, count: number): Promise<string> {
  const port = String(await freePort());
  const threads = String(Math.max(1, Math.floor(2 / count)));
  const ranks = Array.from({ length: count }, (_, rank) => {
    const where = { MASTER_ADDR: "127.0.0.1", MASTER_PORT: port, OMP_NUM_THREADS: threads };
    const who = {
      RANK: `${rank}`,
      LOCAL_RANK: `${rank}`,
      WORLD_SIZE: `${count}`,
      LOCAL_WORLD_SIZE: `${count}`,
    };
    return printed(python, folder, { ...process.env, ...where, ...who });
  });
  return (await Promise.all(ranks))[0];
}

function printed(python: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(python, ["train.py"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`train.py: ${text}`))));
  });
}

function lossesOf(text: string): number[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { of?: number; loss?: number })
    .flatMap(({ of, loss }) => (of !== undefined && loss !== undefined ? [loss] : []));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
