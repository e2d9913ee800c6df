import { expect, test } from "vitest";
import { figures } from "../testing/test-plans.ts";
import { planGains } from "./plan-gains.ts";

test("each figure stands beside the backbone's, with what is gained", () => {
  const plan = figures(0.9, 0.5, { macs: 400, bytes: 600 });
  const backbone = {
    ...figures(0.91, 1),
    latencyMs: { mean: 1, p50: 1, p95: 1, worst: 1 },
    macs: 1000,
    bytes: 500,
  };
  const gains = planGains(plan, backbone, { samples: 10_000, differencePp: -1, halfWidthPp: 0.4 });
  expect(gains.map(({ label, unit, gain, isWorse }) => [label, unit, gain, isWorse])).toEqual([
    ["accuracy", undefined, "\u22121.00 pp", true],
    ["mean", "latency", "2.0x", false],
    ["p50", "latency", "4.0x", false],
    ["p95", "latency", "1.00x", false],
    // Three times the mean of 0.5 ms.
    ["worst", "latency", "0.67x", true],
    ["mean MACs", undefined, "2.5x", false],
    ["size", undefined, "0.83x", true],
  ]);
  expect(gains[0]).toMatchObject({
    plan: "90.0 %",
    backbone: "91.0 %",
    intervals: ["89.4–90.6", "± 0.40 pp"],
  });
  expect(gains[1].intervals).toBeUndefined();
});

test("the mean is shown with where it lies by the profile's intervals", () => {
  const predicted = { meanMs: [0.46, 0.54] as const, speedup: [1.85, 2.17] as const };
  const evidence = { samples: 10_000, differencePp: -1, halfWidthPp: 0.4, predicted };
  const [, mean, p50] = planGains(figures(0.9, 0.5), figures(0.91, 1), evidence);
  expect(mean.intervals).toEqual(["0.46–0.54 ms", "1.85x–2.2x"]);
  expect(p50.intervals).toBeUndefined();
});
