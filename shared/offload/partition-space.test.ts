import { expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { BackboneSummary } from "../model/backbone.ts";
import { preprocessSchema } from "../model/preprocess.ts";
import { type DesignSpace, designOf, findSpace, spaceOfPlan } from "../space/design-space.ts";
import { referencePoint } from "../space/reference-point.ts";
import { makeOffload } from "./make-offload.ts";
import { crossingImage, imageBytes } from "./partition-points.ts";
import {
  designSpaces,
  evaluationSpaces,
  type Offload,
  type OffloadedNetwork,
  serverBackboneMs,
} from "./partition-space.ts";
import { randomOffload } from "./testing/test-offload.ts";

const latency = (meanMs: number) => ({ medianMs: meanMs, meanMs, p5Ms: meanMs, p95Ms: meanMs, count: 1 });

const target = { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 };

function profile(prefixes: readonly number[], headMs: number, finalMs: number) {
  const timed = prefixes.map((ms, index) => ({ cutPoint: `cut ${index}`, ...latency(ms) }));
  return {
    format: "offramp-profile" as const,
    version: 2 as const,
    id: `${finalMs}`,
    graphSha256: "x",
    target,
    backbone: latency(finalMs),
    final: latency(finalMs),
    prefixes: timed,
    heads: timed.map(({ cutPoint }) => ({ cutPoint, head: "h", policy: "top1", ...latency(headMs) })),
    nodes: [],
  };
}

const device = profile([10, 20, 30], 1, 40);
const server = profile([1, 2, 3], 0.5, 4);

const near = (value: number) => expect.closeTo(value, 10);

const table = {
  exits: 3,
  samples: 2,
  confidence: Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 1, 1),
  correct: new Uint8Array(8).fill(1),
};

const inputs = {
  backboneSha256: "big",
  exits: [0, 1, 2].map((position) => ({
    position,
    cutPoint: `cut ${position}`,
    head: "h",
    prefixMacs: 0,
    headMacs: 0,
    headBytes: 0,
  })),
  tables: new Map([["top1", table]]),
  profile: device,
  output: "scores",
  backboneMacs: 0,
  backboneBytes: 0,
  maxExits: 3,
  levels: 4,
};

// 12 500 bytes take 1 ms at 100 Mbit/s.
const offload: Offload = {
  server,
  link: { latencyMs: 5, bandwidthMbps: 100 },
  images: "tensor",
  backbone: {
    sha256: "big",
    name: "big.onnx",
    latencies: server,
    input: "image",
    image: { frame: "8 x 8", bytes: 50_000 },
    cutPoints: [
      { tensor: "cut 0", position: 0, bytes: 25_000 },
      { tensor: "cut 1", position: 1, bytes: 12_500 },
      { tensor: "cut 9", position: 9, bytes: 1 },
    ],
  },
  members: [],
  answerBytes: 1250,
};

const times = ({ space }: DesignSpace) => [
  ...space.candidates.map(({ prefixMs, headMs }) => [prefixMs, headMs]),
  [space.backboneMs, 0],
];

test("the energies of device and server add up, without the link's; where one isn't known nothing is", () => {
  const counted = (of: ReturnType<typeof profile>, millijoulesPerMs: number) => {
    const energy = <Timed extends { readonly meanMs: number }>(timed: Timed) => ({
      ...timed,
      energyMillijoules: millijoulesPerMs * timed.meanMs,
    });
    const { prefixes, heads, final } = of;
    return { ...of, final: energy(final), prefixes: prefixes.map(energy), heads: heads.map(energy) };
  };
  const there = counted(server, 100);
  const energies = (spaces: readonly DesignSpace[]) =>
    spaces.map(({ space: { candidates, backboneMillijoules } }) => [
      ...candidates.map(({ energy }) => energy?.prefixMillijoules),
      backboneMillijoules,
    ]);
  const both = { ...offload, server: there, backbone: { ...offload.backbone, latencies: there } };
  expect(energies(designSpaces({ ...inputs, profile: counted(device, 2) }, "any", both))).toEqual([
    [20, 40, 60, 80],
    [100, 200, 300, 400],
    // The device takes 20 mJ up to the partition, where the server would have taken 100.
    [20, 120, 220, 320],
    [20, 40, 140, 240],
  ]);
  const [, ...partitioned] = energies(
    designSpaces({ ...inputs, profile: counted(device, 2) }, "any", offload),
  );
  expect(partitioned.map((own) => own.at(-1))).toEqual([undefined, undefined, undefined]);
});

test("what is behind the partition takes the device's prefix, the link both ways, and the server's rest", () => {
  const [alone, all, early, late, ...none] = designSpaces(inputs, "any", offload);
  expect(none).toEqual([]);
  expect(alone.partition).toBeUndefined();
  expect(alone.space.backboneMs).toBe(40);
  // Uplink 4 ms, twice 5 ms on the way, downlink 0.1 ms.
  expect(times(all).flat()).toEqual([15.1, 0.5, 16.1, 0.5, 17.1, 0.5, 18.1, 0].map(near));
  // The exit at the partition is the device's: 10 + 2 + 10.1, and from there the server's 1, 2, 3 more.
  expect(times(early).flat()).toEqual([10, 1, 23.1, 0.5, 24.1, 0.5, 25.1, 0].map(near));
  expect(times(late).flat()).toEqual([10, 1, 20, 1, 32.1, 0.5, 33.1, 0].map(near));
  // One sample leaves at the first exit, the other crosses, with both heads behind it.
  const exits = [0, 2].map((candidate) => ({ candidate, threshold: 0.5 }));
  expect(evaluatePlan(late.space, exits).latencyMs.mean).toBeCloseTo((11 + 33.1 + 1.5) / 2, 12);
});

/** A network of one exit and 2 ms, whose image takes 0.5 ms; there a tenth and 0.25 ms. */
const small = {
  ...inputs,
  sha256: "small",
  name: "small.onnx",
  exits: inputs.exits.slice(0, 1),
  tables: new Map([
    [
      "top1",
      { ...table, exits: 1, confidence: Float32Array.of(0.9, 0.1, 0.9, 0.1), correct: new Uint8Array(4) },
    ],
  ]),
  profile: { ...profile([1], 0.25, 2), entry: latency(0.5) },
};
const smallOffload: OffloadedNetwork = {
  sha256: "small",
  name: "small.onnx",
  latencies: { ...profile([0.1], 0.05, 0.2), entry: latency(0.25) },
  input: "image",
  image: { frame: "4 x 4", bytes: 6250 },
  cutPoints: [{ tensor: "cut 0", position: 0, bytes: 3125 }],
};
const twoNetworks = { ...inputs, members: [small] };
const twoOffloaded = { ...offload, members: [smallOffload] };

test("a chain may be partitioned between its networks, and within one: what is behind needs its images as well", () => {
  const spaces = designSpaces(twoNetworks, "cheaper-first", twoOffloaded);
  const said = spaces.map((on) => [on.chain?.join() ?? "big", designOf(on).cut, designOf(on).cutMember]);
  expect(said.slice(0, 3).map(([chain, cut]) => [chain, cut])).toEqual([
    ["big", undefined],
    ["small", undefined],
    ["small,big", undefined],
  ]);
  const at = (cut: string, cutMember?: string) =>
    spaceOfPlan(spaces, { chain: ["small", "big"], cut, cutMember });
  expect(said.filter(([chain]) => chain === "small,big").slice(1)).toEqual([
    ["small,big", "image", "small"],
    ["small,big", "cut 0", "small"],
    ["small,big", "image", undefined],
    ["small,big", "cut 0", undefined],
    ["small,big", "cut 1", undefined],
  ]);
  // Small's exit 1.5 + 0.25, its output 2.5, big's exits and end 2.5 more than alone.
  expect(times(at("cut 1"))[0]).toEqual([1.5, 0.25]);
  // Both images cross in 4.5 ms, 10.1 ms on the way; there 0.25 + 0.1, 0.45, then big's 1, 2, 3, 4.
  const all = [14.95, 0.05, 15.05, 0, 16.05, 0.5, 17.05, 0.5, 18.05, 0.5, 19.05, 0];
  expect(times(at("image", "small")).flat()).toEqual(all.map(near));
  // The device's 1.5; small's tensor and big's image in 4.25 ms; there 0.1 to small's end, then big's.
  const inSmall = [1.5, 0.25, 15.95, 0, 16.95, 0.5, 17.95, 0.5, 18.95, 0.5, 19.95, 0];
  expect(times(at("cut 0", "small")).flat()).toEqual(inSmall.map(near));
  // Small's 2.5, of which its output is the device's; big's image in 4 ms.
  const between = [1.5, 0.25, 2.5, 0, 17.6, 0.5, 18.6, 0.5, 19.6, 0.5, 20.6, 0];
  expect(times(at("image")).flat()).toEqual(between.map(near));
  // Big's exit at the partition 2.5 + 10; its tensor in 2 ms, 1, 2, 3 more behind it.
  const inBig = [1.5, 0.25, 2.5, 0, 12.5, 1, 25.6, 0.5, 26.6, 0.5, 27.6, 0];
  expect(times(at("cut 0")).flat()).toEqual(inBig.map(near));
  for (const { space } of spaces) expect(space.referenceMs).toBe(40);
});

test("a network that the server doesn't know stays on the device; images of one size cross once", () => {
  const { latencies: _latencies, ...unknown } = smallOffload;
  const lacking = designSpaces(twoNetworks, "any", { ...offload, members: [unknown] });
  const partitioned = lacking.filter(({ partition }) => partition);
  expect(partitioned.map((on) => [on.chain?.join() ?? "big", on.partition?.tensor])).toEqual(
    ["big", "small,big"].flatMap((chain) => ["image", "cut 0", "cut 1"].map((cut) => [chain, cut])),
  );
  const sameFrame = { ...smallOffload, image: { frame: "8 x 8", bytes: 12_500 } };
  const [, ...ways] = designSpaces(twoNetworks, "cheaper-first", { ...offload, members: [sameFrame] });
  const on = findSpace(ways, { chain: ["small", "big"], cut: "image", cutMember: "small" })!;
  expect(on.partition!.uplinkMs).toBe(4);
});

test("a place behind the last exit comes before the network's output", () => {
  const late = (meanMs: number) => ({ cutPoint: "late", ...latency(meanMs) });
  const knowing = <Known extends typeof small.profile>(known: Known, ms: number): Known => ({
    ...known,
    prefixes: [...known.prefixes, late(ms)],
  });
  const { latencies, cutPoints } = smallOffload;
  const members = [
    {
      ...smallOffload,
      latencies: knowing(latencies as typeof small.profile, 0.15),
      cutPoints: [...cutPoints, { tensor: "late", position: 3, bytes: 3125 }],
    },
  ];
  const timed = { ...small, places: 4, profile: knowing(small.profile, 1.75) };
  const spaces = designSpaces({ ...inputs, members: [timed] }, "cheaper-first", { ...offload, members });
  const on = spaceOfPlan(spaces, { chain: ["small", "big"], cut: "late", cutMember: "small" });
  const [exit, output] = on.space.candidates;
  expect([exit.prefixMs, exit.headMs]).toEqual([1.5, 0.25]);
  // 2.25 on the device, tensor and image in 4.25 ms, 10.1 ms on the way, and the 0.05 that is left.
  expect(output.prefixMs).toBeCloseTo(16.65, 9);
  expect(on.partition!.position).toBe(3);
  expect(output.position).toBe(4);
});

test("plans are evaluated under the policies that both targets have timed", () => {
  const columns = { confidence: Float32Array.of(0.9, 0.1, 1, 1), correct: Uint8Array.of(1, 0, 1, 1) };
  const table = { exits: 1, samples: 2, ...columns };
  const [exit] = inputs.exits;
  const heads = [device.heads[0], { ...device.heads[0], policy: "margin" }];
  const two = {
    exits: [exit],
    tables: new Map([
      ["top1", table],
      ["margin", table],
    ]),
    profile: { ...device, heads },
    backboneMacs: 2,
    backboneBytes: 2,
  };
  const policies = (spaces: readonly DesignSpace[]) =>
    spaces.map(({ space }) => space.candidates.map(({ policy }) => policy));
  expect(policies(evaluationSpaces(two))).toEqual([["top1", "margin"]]);
  expect(policies(evaluationSpaces(two, offload))).toEqual(Array(4).fill(["top1"]));
});

test("all spaces share the device's reference point", () => {
  const made = randomOffload(seededRandom(2), {
    samples: 30,
    positions: 4,
    maxExits: 2,
    levels: 4,
  });
  const [alone, ...partitioned] = designSpaces(made.inputs, "any", made.offload);
  expect(partitioned).toHaveLength(5);
  for (const { space } of partitioned) expect(referencePoint(space)).toEqual(referencePoint(alone.space));
});

const summary = {
  name: "net",
  sha256: "big",
  input: { name: "image", type: "float16", channels: 3, height: 4, width: 5 },
  output: { classes: 10, type: "float16" },
  cutPoints: [{ tensor: "a", index: 0, activationBytes: 640 }],
} as unknown as BackboneSummary;

test("what crosses is in the model's own types, an image as bytes where there are several networks", () => {
  const alone = makeOffload({ backbone: summary }, server, offload.link);
  expect(alone).toMatchObject({ images: "tensor", answerBytes: 20, backbone: { image: { bytes: 120 } } });
  expect(alone.backbone.cutPoints).toEqual([{ tensor: "a", position: 0, bytes: 640 }]);
  const grey = {
    ...summary,
    sha256: "grey",
    graphSha256: "graph",
    input: { ...summary.input, channels: 1 },
  } as BackboneSummary;
  const timed = { ...profile([], 0, 1), graphSha256: "graph", name: "grey" };
  const knows = { ...server, members: [timed] };
  const { backbone, members } = makeOffload(
    { backbone: summary, members: [{ backbone: grey }, { backbone: { ...grey, graphSha256: "other" } }] },
    knows,
    offload.link,
  );
  expect([backbone, ...members].map(({ image }) => image.bytes)).toEqual([60, 20, 20]);
  expect(members.map(({ latencies }) => latencies?.final.meanMs)).toEqual([1, undefined]);
  // The same rectangle of the same image: the coloured one serves both, another crop is another image.
  const images = [backbone, ...members].map(({ image }) => image);
  expect(imageBytes(images)).toBe(60);
  const cropped = { backbone: grey, preprocess: preprocessSchema.parse({ resize: 8 }) };
  expect(imageBytes([backbone.image, crossingImage(cropped, "bytes")])).toBe(80);
});

test("the backbone on the server alone takes the server's time and the link's, to the last bit as its partition says", () => {
  // 4 ms there, 50 000 bytes in 4 ms, 1250 in 0.1 ms, and 5 ms each way.
  expect(serverBackboneMs(offload)).toBeCloseTo(18.1, 12);
  const odd = { ...offload, link: { latencyMs: 0.1, bandwidthMbps: 3.3 } };
  expect(serverBackboneMs(odd)).toBe(designSpaces(inputs, "any", odd)[1].space.backboneMs);
});
