import { expect, test } from "vitest";
import { deviceFront } from "./device-front.ts";
import type { FrontFile } from "./front-file.ts";

const plan = (accuracy: number, latencyMs: number, cut?: string) => ({ exits: [], accuracy, latencyMs, cut });
const search = {
  algorithm: "exact",
  options: {},
  seed: 1,
  proven: true,
  gap: 0,
  evaluations: 10,
  seconds: 1,
  hypervolume: 0.9,
  front: [plan(0.75, 1, "input")],
};
const target = { device: "s", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 };
const figures = {
  accuracy: 0.75,
  latencyMs: { mean: 1, p50: 1, p95: 1, worst: 1 },
  exitRates: [1],
  macs: 0,
  bytes: 0,
};
const front: FrontFile = {
  format: "offramp-front",
  version: 2,
  backboneSha256: "x",
  profile: "d",
  useCase: { latency: "mean" },
  samples: 4,
  reference: { accuracy: 0.5, latencyMs: 4 },
  backbone: { accuracy: 0.75, latencyMs: 4 },
  searches: [search, { ...search, algorithm: "random", proven: false, gap: undefined }],
  schemes: [],
  recommended: { exits: [], figures, feasible: true, misses: [], cut: "input" },
  offload: {
    profile: "s",
    server: target,
    link: { latencyMs: 1, bandwidthMbps: 1 },
    backboneMs: 2,
    alone: [plan(0.75, 2)],
  },
};

test("of a front over two targets the device's own part is left, with its own hypervolume", () => {
  const { offload, searches } = deviceFront(front);
  expect(offload).toBeUndefined();
  expect(searches.map(({ algorithm }) => algorithm)).toEqual(["exact"]);
  expect(searches[0]).toMatchObject({ front: [plan(0.75, 2)], proven: true, gap: 0 });
  // Half of the box's latencies, and half of what is missing in accuracy.
  expect(searches[0].hypervolume).toBe(0.25);
});

test("what is missing from it is not known if the search was stopped", () => {
  const stopped = { ...front, searches: [{ ...search, proven: false, gap: 0.1 }] };
  expect(deviceFront(stopped).searches[0]).toMatchObject({ proven: false, gap: undefined });
});

test("a front of one target is itself", () => {
  const { offload, ...own } = front;
  expect(deviceFront(own)).toBe(own);
});
