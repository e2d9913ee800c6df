import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limitThreads } from "../../electron/engine/base/threads.ts";
import { memorySplit } from "../../electron/engine/dataset/testing/memory-split.ts";
import { startNatsServer, type TestServer } from "../../electron/engine/fleet/testing/nats-server.ts";
import { type JobRunner, loadFleet, StageCache, type TrainedProject } from "../../electron/engine/index.ts";
import { writeExitLogits } from "../../electron/engine/stages/shares/share-logits.ts";
import { silentJob } from "../../shared/base/job.ts";

/** Images in memory, as the network reads them. */
export interface BenchedImages {
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** One round: the same work here and by the workers, in turns. */
export interface OverheadRound {
  readonly hereSeconds: number;
  readonly sharedSeconds: number;
  /** Processor time of all processes that had a part; absent where the system doesn't tell. */
  readonly hereCpuSeconds?: number;
  readonly sharedCpuSeconds?: number;
  /** Whether both gave the same bits. */
  readonly isSame: boolean;
}

export interface Overhead {
  /** The workers see the network for the first time: processes start, and it is sent and opened. */
  readonly first: OverheadRound;
  readonly rounds: readonly OverheadRound[];
}

const workers = 2;

/**
 * Logits of all exits, two threads here against one thread of each of two workers on this machine: the same processors. The
 * images differ from round to round, so that all of them are sent each time.
 */
export async function measureOverhead(
  { backbone, heads }: Pick<TrainedProject, "backbone" | "heads">,
  { images, labels }: BenchedImages,
  rounds: number,
): Promise<Overhead> {
  limitThreads(workers);
  const folder = await mkdtemp(join(tmpdir(), "offramp-bench-fleet-"));
  const server = await startNatsServer();
  const children: ChildProcess[] = [];
  try {
    for (let worker = 1; worker <= workers; worker++)
      children.push(await startWorker(server, folder, worker));
    const { openFleet, doneBy } = await loadFleet();
    const fleet = await openFleet({ server: server.url }, "bench");
    const runner = doneBy(fleet, { tag: "bench" });
    const measured: OverheadRound[] = [];
    for (let round = 0; round <= rounds; round++) {
      const turned = <Item>(items: readonly Item[]) => [...items.slice(round), ...items.slice(0, round)];
      const split = memorySplit({ images: turned(images), labels: turned(labels) });
      const run = async (own: string, by?: JobRunner) => {
        const cache = new StageCache(join(folder, `cache-${round}-${own}`));
        const into = await mkdtemp(join(folder, `${own}-`));
        const pids = () => [process.pid, server.pid, ...children.flatMap(groupOf)];
        const before = cpuSeconds(pids());
        const started = performance.now();
        const context = { cache, job: silentJob, runner: by };
        await writeExitLogits(context, { backbone, heads }, split, round, into);
        const seconds = (performance.now() - started) / 1000;
        const after = cpuSeconds(pids());
        const cpu = before === undefined || after === undefined ? undefined : after - before;
        return { into, seconds, cpu };
      };
      // Who is first changes, so that neither has the warmer machine.
      const order = round % 2 === 0 ? (["here", "shared"] as const) : (["shared", "here"] as const);
      const results = new Map<string, Awaited<ReturnType<typeof run>>>();
      for (const own of order) results.set(own, await run(own, own === "shared" ? runner : undefined));
      const [here, shared] = [results.get("here")!, results.get("shared")!];
      measured.push({
        hereSeconds: here.seconds,
        sharedSeconds: shared.seconds,
        hereCpuSeconds: here.cpu,
        sharedCpuSeconds: shared.cpu,
        isSame: await isSame(here.into, shared.into),
      });
    }
    await fleet.connection.close();
    const [first, ...others] = measured;
    return { first, rounds: others };
  } finally {
    for (const child of children) child.kill("SIGTERM");
    for (const child of children) if (child.exitCode === null) await once(child, "exit");
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** How much longer workers take than this process with as many threads, %. */
export function overheadPct({ hereSeconds, sharedSeconds }: OverheadRound): number {
  return 100 * (sharedSeconds / hereSeconds - 1);
}

/** What it costs in processor time, however busy the machine is, %. */
export function cpuOverheadPct({ hereCpuSeconds, sharedCpuSeconds }: OverheadRound): number | undefined {
  if (hereCpuSeconds === undefined || sharedCpuSeconds === undefined) return undefined;
  return 100 * (sharedCpuSeconds / hereCpuSeconds - 1);
}

async function startWorker(server: TestServer, folder: string, number: number): Promise<ChildProcess> {
  const args = ["worker", "--server", server.url, "--name", `bench-${number}`, "--tags", "bench"];
  const own = ["--threads", "1", "--cache", join(folder, `worker-${number}`)];
  const child = spawn(process.execPath, ["dist/cli/offramp.js", ...args, ...own], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  for await (const chunk of child.stderr!) {
    said += chunk;
    if (said.includes("works for")) break;
  }
  if (child.exitCode !== null) throw new Error(`a worker ended: ${said}`);
  return child;
}

/** All processes of a child's group. */
function groupOf({ pid: group }: ChildProcess): number[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statOf(Number(pid))?.[2] === String(group))
    .map(Number);
}

/** Fields of a process from its state on, where Linux tells. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** Linux counts a hundred ticks a second for programs, whatever the kernel does inside. */
const ticksPerSecond = 100;

/** Of processes and of their children that have ended. */
function cpuSeconds(pids: readonly number[]): number | undefined {
  const stats = pids.map(statOf);
  if (stats.includes(undefined)) return undefined;
  const ticks = stats.flatMap((fields) => fields!.slice(11, 15).map(Number));
  return ticks.reduce((sum, own) => sum + own, 0) / ticksPerSecond;
}

async function isSame(one: string, other: string): Promise<boolean> {
  const names = readdirSync(one).sort();
  if (String(names) !== String(readdirSync(other).sort())) return false;
  const same = names.map(async (name) =>
    (await readFile(join(one, name))).equals(await readFile(join(other, name))),
  );
  return (await Promise.all(same)).every(Boolean);
}
