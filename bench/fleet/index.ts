/**
 * What does a fleet cost? The calibration of a network, shared by two workers of one thread on this machine, against the same in one process
 * with two: in turns, with all images sent each time.
 *
 *     npm run bench -- fleet [--json] [--project FILE --data PATH] [--samples 10000] [--rounds 3] [--cache FOLDER]
 *         [--workers 1000] [--jobs 2000]
 *
 * `overheadPct` is by how much the workers' time exceeds the process's, `cpuOverheadPct` the same of processor time, which other
 * programs of the machine have less to do with; both are medians of all rounds but the first, in which the workers start the processes
 * that stay for the next share, and are sent the network.
 *
 * Then what a large fleet is to its server, by simulated workers (none with `--workers 0`, them alone with `--rounds 0`): memory, messages a
 * second, and `idleWaitMs`, how long an idle worker waits for a job that is given to it.
 */
import { parseArgs } from "node:util";
import { natsProgram, noNats } from "../../electron/engine/fleet/testing/nats-server.ts";
import { defaultCacheFolder, StageCache } from "../../electron/engine/index.ts";
import { benchedProject } from "../plans/benched-project.ts";
import { machine, say } from "../plans/command.ts";
import { type BenchedImages, cpuOverheadPct, measureOverhead, overheadPct } from "./overhead.ts";
import { describeScale, measureScale } from "./simulated-workers.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    project: { type: "string" },
    data: { type: "string" },
    samples: { type: "string", default: "10000" },
    rounds: { type: "string", default: "3" },
    workers: { type: "string", default: "1000" },
    jobs: { type: "string", default: "2000" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

if (!natsProgram) {
  say(noNats);
  process.exit(2);
}

const started = performance.now();
const scale =
  Number(asked.workers) > 0 ? await measureScale(Number(asked.workers), Number(asked.jobs), say) : undefined;
if (scale && scale.lostOrDouble > 0) process.exitCode = 1;
if (scale && !asked.json) for (const line of describeScale(scale)) console.log(line);
if (Number(asked.rounds) === 0) {
  console.log(asked.json ? JSON.stringify({ ...scale, machine: machine(started) }) : machine(started));
  process.exit();
}
const cache = new StageCache(asked.cache);
const { project, data } = await benchedProject(asked, cache);
const { backbone, heads } = project;
const images = await imagesOf(Number(asked.samples));
await data.source.close();
const { first, rounds } = await measureOverhead(project, images, Number(asked.rounds));
const cpu = rounds.flatMap((round) => cpuOverheadPct(round) ?? []);
const found = {
  network: backbone.summary.name,
  heads: heads.length,
  samples: images.images.length,
  overheadPct: median(rounds.map(overheadPct)),
  ...(cpu.length > 0 && { cpuOverheadPct: median(cpu) }),
  isSame: [first, ...rounds].every((round) => round.isSame),
  first,
  rounds,
};

if (asked.json) console.log(JSON.stringify({ ...found, ...scale, machine: machine(started) }));
else {
  const { network, samples } = found;
  const text = (value: number | undefined) => (value === undefined ? "" : `${value.toFixed(1)} %`);
  console.log(
    `${network}, ${heads.length} heads, ${samples} images, two workers of one thread against two threads here`,
  );
  for (const round of [first, ...rounds]) {
    const seconds = `here ${round.hereSeconds.toFixed(1)} s, shared ${round.sharedSeconds.toFixed(1)} s`;
    const more = `${text(overheadPct(round))} more, in processor time ${text(cpuOverheadPct(round))}`;
    console.log(`${seconds}: ${more}${round === first ? "; the first time, which isn't counted" : ""}`);
  }
  console.log(`overhead ${text(found.overheadPct)}, in processor time ${text(found.cpuOverheadPct)}`);
  console.log(found.isSame ? "the same bits" : "OTHER BITS");
  console.log(machine(started));
}
if (!found.isSame) process.exitCode = 1;

async function imagesOf(count: number): Promise<BenchedImages> {
  const read: Float32Array[] = [];
  const labels: number[] = [];
  const { height, width, channels } = backbone.summary.input;
  const size = height * width * channels;
  for await (const batch of data.images.test.batches(64)) {
    for (let row = 0; row < batch.labels.length && read.length < count; row++) {
      read.push(Float32Array.from(batch.images.subarray(row * size, (row + 1) * size)));
      labels.push(batch.labels[row]);
    }
    if (read.length >= count) break;
  }
  return { images: read, labels };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
