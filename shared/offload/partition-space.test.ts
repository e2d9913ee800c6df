import { expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { BackboneSummary } from "../model/backbone.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { referencePoint } from "../space/reference-point.ts";
import { answerBytes, partitionPoints } from "./partition-points.ts";
import { evaluationSpaces, partitionSpaces, serverBackboneMs } from "./partition-space.ts";
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

function spaceOn({ prefixes, heads, final }: typeof device) {
  return {
    samples: 2,
    candidates: prefixes.map(({ cutPoint, meanMs }, position) => ({
      position,
      cutPoint,
      head: "h",
      policy: "top1",
      prefixMs: meanMs,
      headMs: heads[position].meanMs,
      prefixMacs: 0,
      headMacs: 0,
      headBytes: 0,
      confidence: Float32Array.of(0.9, 0.1),
      correct: Uint8Array.of(1, 1),
    })),
    backboneCorrect: Uint8Array.of(1, 1),
    backboneMs: final.meanMs,
    backboneMacs: 0,
    backboneBytes: 0,
    maxExits: 3,
    levels: 4,
  };
}

// 12 500 bytes take 1 ms at 100 Mbit/s.
const offload = {
  server,
  link: { latencyMs: 5, bandwidthMbps: 100 },
  places: [
    { tensor: "image", position: -1, bytes: 50_000 },
    { tensor: "cut 0", position: 0, bytes: 25_000 },
    { tensor: "cut 1", position: 1, bytes: 12_500 },
    { tensor: "cut 9", position: 9, bytes: 1 },
  ],
  answerBytes: 1250,
};

test("what is behind the partition takes the device's prefix, the link both ways, and the server's rest", () => {
  const [alone, all, early, late, ...none] = partitionSpaces(
    (own) => spaceOn(own as typeof device),
    device,
    offload,
  );
  expect(none).toEqual([]);
  expect(alone.partition).toBeUndefined();
  expect(alone.space.backboneMs).toBe(40);
  const times = ({ space }: typeof alone) => [
    ...space.candidates.map(({ prefixMs, headMs }) => [prefixMs, headMs]),
    [space.backboneMs, 0],
  ];
  // Uplink 4 ms, twice 5 ms on the way, downlink 0.1 ms.
  expect(times(all).flat()).toEqual([15.1, 0.5, 16.1, 0.5, 17.1, 0.5, 18.1, 0].map(near));
  // The exit at the partition is the device's: 10 + 2 + 10.1, and from there the server's 1, 2, 3 more.
  expect(times(early).flat()).toEqual([10, 1, 23.1, 0.5, 24.1, 0.5, 25.1, 0].map(near));
  expect(times(late).flat()).toEqual([10, 1, 20, 1, 32.1, 0.5, 33.1, 0].map(near));
  // One sample leaves at the first exit, the other crosses, with both heads behind it.
  const exits = [0, 2].map((candidate) => ({ candidate, threshold: 0.5 }));
  expect(evaluatePlan(late.space, exits).latencyMs.mean).toBeCloseTo((11 + 33.1 + 1.5) / 2, 12);
});

test("plans are evaluated under the policies that both targets have timed", () => {
  const columns = { confidence: Float32Array.of(0.9, 0.1, 1, 1), correct: Uint8Array.of(1, 0, 1, 1) };
  const table = { exits: 1, samples: 2, ...columns };
  const exit = { position: 0, cutPoint: "cut 0", head: "h", prefixMacs: 1, headMacs: 1, headBytes: 1 };
  const heads = [device.heads[0], { ...device.heads[0], policy: "margin" }];
  const inputs = {
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
  expect(policies(evaluationSpaces(inputs))).toEqual([["top1", "margin"]]);
  expect(policies(evaluationSpaces(inputs, offload))).toEqual(Array(4).fill(["top1"]));
});

const near = (value: number) => expect.closeTo(value, 10);

test("all spaces share the device's reference point", () => {
  const { device, offload, spaceOn } = randomOffload(seededRandom(2), {
    samples: 30,
    positions: 4,
    maxExits: 2,
    levels: 4,
  });
  const [alone, ...partitioned] = partitionSpaces(spaceOn, device, offload);
  expect(partitioned).toHaveLength(5);
  for (const { space } of partitioned) expect(referencePoint(space)).toEqual(referencePoint(alone.space));
});

test("partition points are the input and all cut points, in the model's own types", () => {
  const summary = {
    input: { name: "image", type: "uint8", channels: 3, height: 4, width: 5 },
    output: { classes: 10, type: "float16" },
    cutPoints: [{ tensor: "a", index: 0, activationBytes: 640 }],
  } as unknown as BackboneSummary;
  expect(partitionPoints(summary)).toEqual([
    { tensor: "image", position: -1, bytes: 60 },
    { tensor: "a", position: 0, bytes: 640 },
  ]);
  expect(answerBytes(summary)).toBe(20);
});

test("the backbone on the server alone takes the server's time and the link's, to the last bit as its partition says", () => {
  // 4 ms there, 50 000 bytes in 4 ms, 1250 in 0.1 ms, and 5 ms each way.
  expect(serverBackboneMs(offload)).toBeCloseTo(18.1, 12);
  const odd = { ...offload, link: { latencyMs: 0.1, bandwidthMbps: 3.3 } };
  expect(serverBackboneMs(odd)).toBe(
    partitionSpaces((own) => spaceOn(own as typeof device), device, odd)[1].space.backboneMs,
  );
});
