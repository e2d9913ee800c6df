/**
 * How far do a profile's ratios move when the machine is busy? The sample and a network of 50 cut points are profiled on the
 * machine as it is, twice, and beside one and two processes that spin; the first is what the others are compared with.
 *
 *     npm run bench -- profile-noise [--seconds 30] [--json]
 *
 * Compared are the latencies of prefixes over the backbone's. An error is in per cent of the ratio itself; a prefix of less
 * than a tenth of the backbone counts as a tenth: measuring ends when prefixes are known to 1 % of the backbone, and what is
 * a hundredth of it can't be known to 8 % of itself by that. `heads` are in per cent of the backbone's latency, since they take
 * a hundredth of it or less.
 */
import { type ChildProcess, spawn } from "node:child_process";
import os from "node:os";
import { parseArgs } from "node:util";
import { table } from "../electron/cli/format.ts";
import { untrainedHeads } from "../electron/engine/heads/head.ts";
import { headKinds } from "../electron/engine/heads/index.ts";
import { type Backbone, cutPointByTensor } from "../electron/engine/onnx/backbone.ts";
import { importModel } from "../electron/engine/onnx/import/import-model.ts";
import { importProto } from "../electron/engine/onnx/testing/test-backbone.ts";
import { TestGraph } from "../electron/engine/onnx/testing/test-graphs.ts";
import { exitPolicies } from "../electron/engine/policies/index.ts";
import { profileBackbone } from "../electron/engine/profile/profile-backbone.ts";
import { silentJob } from "../shared/base/job.ts";
import type { Profile, ProfileQuality } from "../shared/model/profile.ts";
import { profileOptionsSchema } from "../shared/model/stage-options.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, seconds: { type: "string" } },
});
const seconds = Number(values.seconds ?? profileOptionsSchema.parse({ target: {} }).seconds);

/** Ratios below this count as this. */
const leastRatio = 0.1;
const spinners = { idle: 0, oneSpinner: 1, twoSpinners: 2 } as const;
type Load = keyof typeof spinners;

interface Deviation {
  readonly medianPct: number;
  readonly worstPct: number;
  readonly quality: ProfileQuality["trust"];
  readonly reasons: readonly string[];
  readonly heads: { readonly medianPct: number; readonly worstPct: number };
  readonly seconds: number;
  /** Share of the processor that others took. */
  readonly load?: number;
  /** Share of prefixes and heads whose reference lies in the interval widened by the reference's own. */
  readonly covered: number;
}

const networks: Record<string, Backbone> = {
  sample: await importModel("assets/samples/fashion-mnist/model.onnx", {}, silentJob),
  fifty: await importProto(fiftyBlocks()),
};
const results: Record<string, Record<Load, Deviation>> = {};
for (const [name, backbone] of Object.entries(networks)) {
  const { profile: reference } = await measure(backbone, "idle", `${name}: reference`);
  const entries: [Load, Deviation][] = [];
  for (const load of Object.keys(spinners) as Load[]) {
    const measured = await measure(backbone, load, `${name}: ${load}`);
    entries.push([load, deviation(reference, measured.profile, measured.seconds)]);
  }
  results[name] = Object.fromEntries(entries) as Record<Load, Deviation>;
}
const machine = `${os.cpus()[0].model}, ${os.availableParallelism()} threads, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}`;
if (values.json) console.log(JSON.stringify({ machine, seconds, seed: 1, networks: results }));
else {
  const rows = Object.entries(results).flatMap(([name, loads]) =>
    Object.entries(loads).map(([load, found]) => [
      name,
      load,
      ...[found, found.heads].map((one) => `${one.medianPct.toFixed(1)} / ${one.worstPct.toFixed(1)}`),
      `${Math.round(100 * found.covered)} %`,
      `${found.seconds.toFixed(1)} s`,
      [found.quality, ...found.reasons].join("; "),
    ]),
  );
  const head = ["network", "load", "median / worst %", "heads, of backbone", "within", "took", "quality"];
  console.log(`${machine}, seed 1\n\n${table(head, rows).join("\n")}`);
}

/** Three stages of residual blocks, 16 to 64 channels, as a ResNet for CIFAR has them. */
function fiftyBlocks() {
  const net = new TestGraph();
  let channels = 16;
  let features = net.convRelu("image", 3, channels);
  for (let block = 0; block < 50; block++) {
    if (block === 17 || block === 34) {
      features = net.convRelu(features, channels, 2 * channels, { stride: 2 });
      channels *= 2;
    }
    features = net.residualBlock(features, channels);
  }
  const model = net.model([net.classifier(features, channels, 10)], { shape: [1, 3, 32, 32] });
  // Random weights of that size would let fifty blocks overflow.
  for (const { rawData, dims } of model.graph.initializer) {
    const weights = new Float32Array(rawData.buffer, rawData.byteOffset, rawData.byteLength / 4);
    const scale = 1 / Math.sqrt(weights.length / Number(dims[0]));
    weights.forEach((weight, index) => {
      weights[index] = weight * scale;
    });
  }
  return model;
}

async function measure(
  backbone: Backbone,
  load: Load,
  what: string,
): Promise<{ profile: Profile; seconds: number }> {
  if (!values.json) process.stderr.write(`${what} …\n`);
  const [kind] = headKinds;
  const heads = untrainedHeads(backbone, [{ kind, options: kind.options.parse({}) }]);
  const subjects = heads.map((head) => ({ head, cut: cutPointByTensor(backbone.summary, head.cutPoint) }));
  const spinning = Array.from({ length: spinners[load] }, spin);
  const start = performance.now();
  try {
    const target = { threads: 1, provider: "cpu", seconds, seed: 1, policies: exitPolicies.slice(0, 1) };
    const profile = await profileBackbone(backbone, subjects, target, silentJob);
    return { profile, seconds: (performance.now() - start) / 1000 };
  } finally {
    for (const child of spinning) child.kill("SIGKILL");
  }
}

function spin(): ChildProcess {
  // It ends with this process, however that ends.
  const code =
    "process.stdin.on('end', () => process.exit()).resume(); setInterval(() => { for (const end = Date.now() + 1000; Date.now() < end; ); }, 0)";
  return spawn(process.execPath, ["-e", code], { stdio: ["pipe", "ignore", "ignore"] });
}

function deviation(reference: Profile, found: Profile, took: number): Deviation {
  const prefixes = found.prefixes.map((one, index) =>
    compare(one, found, reference.prefixes[index], reference),
  );
  const heads = found.heads.map((one, index) => compare(one, found, reference.heads[index], reference));
  const all = [...prefixes, ...heads];
  const { trust, reasons, load } = found.quality!;
  return {
    ...spread(prefixes.map(({ off, truth }) => off / Math.max(truth, leastRatio))),
    quality: trust,
    reasons,
    heads: spread(heads.map(({ off }) => off)),
    seconds: took,
    load,
    covered: all.filter(({ isCovered }) => isCovered).length / all.length,
  };
}

type Timed = Profile["backbone"];

function compare(one: Timed, found: Profile, other: Timed, reference: Profile) {
  const [ratio, truth] = [one.meanMs / found.backbone.meanMs, other.meanMs / reference.backbone.meanMs];
  const [half, otherHalf] = [halfWidth(one, found), halfWidth(other, reference)];
  return {
    off: Math.abs(ratio - truth),
    truth,
    isCovered: Math.abs(ratio - truth) <= Math.hypot(half, otherHalf),
  };
}

function halfWidth({ intervalMs, meanMs }: Timed, { backbone }: Profile): number {
  return intervalMs ? (intervalMs[1] - meanMs) / backbone.meanMs : Number.POSITIVE_INFINITY;
}

/** @param shares 0-1 */
function spread(shares: readonly number[]) {
  const errors = shares.map((share) => 100 * share).sort((a, b) => a - b);
  return { medianPct: errors[errors.length >> 1], worstPct: errors[errors.length - 1] };
}
