/**
 * Does anything get lost, or memory grow, where engine and commands are killed over and over?
 *
 *     npm run bench -- soak [--minutes 10] [--seed 1] [--json]
 *
 * The sample cut small goes through all stages: in an engine process as the app runs it, which is killed at random with
 * its children; in another of which only the children are killed, whose memory is watched; and in the command line's
 * commands, killed as well. What was journaled, saved or cached has to be there after every kill, results all old or all
 * new, and after the last start nothing may be left of those that were killed. What is lost fails the run, and so does a
 * heap that grows by 5 %.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table } from "../../electron/cli/format.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { AppSession } from "./app-session.ts";
import { CacheWatch } from "./cache-watch.ts";
import { CommandJobs } from "./command-jobs.ts";
import { runEngine } from "./engine-child.ts";
import { EngineHost } from "./engine-host.ts";
import { Killer } from "./killer.ts";
import { growth } from "./memory-growth.ts";
import { makePlaces, type Places } from "./places.ts";
import { Tally } from "./tally.ts";

const { values: flags } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    engine: { type: "boolean", default: false },
  },
});
const meanKillMs = 5000;
const mostGrowth = 0.05;

if (flags.engine) await runEngine();
else process.exitCode = await main();

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-soak-"));
  try {
    const places = await makePlaces(folder);
    const result = await soak(places, 60_000 * Number(flags.minutes));
    if (flags.json) console.log(JSON.stringify(result));
    else print(result);
    return result.lost.length > 0 || (result.heapGrowth ?? 0) > mostGrowth ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

interface Soaked {
  readonly machine: string;
  readonly seed: number;
  readonly seconds: number;
  /** Job: how often it finished, and how often a kill ended it. */
  readonly jobs: Readonly<Record<string, { readonly finished: number; readonly ended: number }>>;
  readonly kills: Readonly<Record<string, number>>;
  readonly engineStarts: number;
  readonly cacheEntries: number;
  readonly lost: readonly string[];
  /** Of the engine that was not killed; a share, absent if the time was too short to say. */
  readonly heapGrowth?: number;
  readonly residentGrowth?: number;
  readonly heapMb: readonly number[];
  readonly residentMb: readonly number[];
}

async function soak(places: Places, ms: number): Promise<Soaked> {
  const started = performance.now();
  const isTimeUp = () => performance.now() - started > ms;
  const tally = new Tally();
  const cache = new CacheWatch(places.cache);
  const entry = fileURLToPath(import.meta.url);
  const hostOf = (name: string) =>
    new EngineHost({ entry, cache: places.cache, scratch: places.at(`scratch-${name}`) });
  const [killed, spared] = [hostOf("killed"), hostOf("spared")];
  const killer = new Killer(seededRandom(Number(flags.seed)), meanKillMs);
  const partsOf = (name: string) => ({ places, tally, isTimeUp, kills: () => killer.killsOf(name) });
  const commands = new CommandJobs(partsOf("command"));
  killer.offer("engine", () => killed.pid);
  killer.offer("spared engine", () => spared.pid, true);
  killer.offer("command", () => commands.pid);
  const memory = { heap: [] as number[], resident: [] as number[] };
  const sessions = {
    killed: new AppSession({ ...partsOf("engine"), name: "killed", host: killed }),
    spared: new AppSession({ ...partsOf("spared engine"), name: "spared", host: spared }),
  };
  const rounds = async (work: (round: number) => Promise<void>) => {
    for (let round = 1; !isTimeUp(); round++) await work(round);
  };
  const killing = killer.run();
  try {
    await Promise.all([
      rounds((round) => sessions.killed.run(round)),
      rounds(async (round) => {
        await sessions.spared.run(round);
        const { heapBytes, residentBytes } = await spared.memory();
        memory.heap.push(heapBytes / 1e6);
        memory.resident.push(residentBytes / 1e6);
      }),
      rounds(async (round) => {
        await commands.run(round);
        for (const wrong of await cache.look()) tally.lost(wrong);
      }),
    ]);
  } finally {
    killer.stop();
    await killing;
    await Promise.all([killed.stop(), spared.stop()]);
  }
  for (const wrong of await cache.look()) tally.lost(wrong);
  for (const left of await leftAfterNextStart(places, commands, hostOf)) tally.lost(left);
  if (spared.starts > 1) tally.lost("the engine that nobody kills ended by itself");
  return {
    machine: `${os.cpus()[0].model}, ${os.availableParallelism()} cores, node ${process.version}`,
    seed: Number(flags.seed),
    seconds: (performance.now() - started) / 1000,
    jobs: Object.fromEntries(tally.jobs),
    kills: Object.fromEntries(killer.kills),
    engineStarts: killed.starts,
    cacheEntries: cache.entries,
    lost: tally.losses,
    heapGrowth: growth(memory.heap),
    residentGrowth: growth(memory.resident),
    heapMb: memory.heap.map(Math.round),
    residentMb: memory.resident.map(Math.round),
  };
}

/** What those that were killed left behind, and the next start of engine and command line didn't clear away. */
async function leftAfterNextStart(
  places: Places,
  commands: CommandJobs,
  hostOf: (name: string) => EngineHost,
): Promise<string[]> {
  await commands.inspect();
  const scratch = ["killed", "spared"];
  for (const name of scratch) {
    const host = hostOf(name);
    await host.call("model.open", { path: places.model });
    await host.stop();
  }
  const left: string[] = [];
  for (const name of ["tmp", ...scratch.map((each) => `scratch-${each}`)])
    for (const file of await readdir(places.at(name))) left.push(`${file} is left in ${name}`);
  for (const file of await readdir(places.cache))
    if (file.endsWith(".draft")) left.push(`${file} is left in the cache`);
  return left;
}

function print(result: Soaked): void {
  const { machine, seed, seconds, jobs, kills, engineStarts, cacheEntries, lost } = result;
  console.log(`machine  ${machine}\nseed     ${seed}, ${seconds.toFixed(0)} s\n`);
  const rows = Object.entries(jobs).map(([name, { finished, ended }]) => [
    name,
    String(finished),
    String(ended),
  ]);
  console.log(table(["job", "finished", "ended by a kill"], rows).join("\n"));
  const killed = Object.entries(kills).map(([name, count]) => `${count} ${name}`);
  console.log(`\nkills    ${killed.join(", ") || "none"}; the engine was started ${engineStarts} times`);
  console.log(`cache    ${cacheEntries} entries`);
  for (const kind of ["heap", "resident"] as const) {
    const grown = result[`${kind}Growth`];
    const values = result[`${kind}Mb`];
    const text = grown === undefined ? "too few samples to say" : `${(100 * grown).toFixed(1)} %`;
    console.log(`${kind.padEnd(8)} ${values[0] ?? "-"} to ${values.at(-1) ?? "-"} MB, growth ${text}`);
  }
  console.log(
    lost.length === 0
      ? "lost     none"
      : `lost     ${lost.length}:\n${lost.map((each) => `  ${each}`).join("\n")}`,
  );
}
