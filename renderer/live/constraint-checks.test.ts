import { expect, it } from "vitest";
import { checkConstraints } from "./constraint-checks.ts";

const figures = {
  accuracy: 0.93,
  latencyMs: { mean: 0.48, p50: 0.3, p95: 1.2, worst: 1.6 },
  exitRates: [0.6, 0.4],
  macs: 1e6,
  bytes: 3e6,
};

it("says what is wanted, whether it is met, and by how much", () => {
  const useCase = {
    latency: "p95",
    maxLatencyMs: 1,
    minAccuracy: 0.92,
    maxDropPp: 0.5,
    maxBytes: 4e6,
  } as const;
  expect(checkConstraints(useCase, figures, 0.936)).toEqual([
    { wanted: "p95 latency ≤ 1.00 ms", met: false, gap: "0.20 ms" },
    { wanted: "accuracy ≥ 92.0 %", met: true, gap: "1.00 pp" },
    { wanted: "accuracy drop ≤ 0.50 pp", met: false, gap: "0.10 pp" },
    { wanted: "size ≤ 4 MB", met: true, gap: "1 MB" },
  ]);
});

it("takes the default drop where none is stated, which is met at the limit", () => {
  expect(checkConstraints({ latency: "mean" }, figures, 0.935)).toEqual([
    { wanted: "accuracy drop ≤ 0.50 pp (the default)", met: true, gap: "0.00 pp" },
  ]);
  expect(checkConstraints({ latency: "mean", maxLatencyMs: 0.5 }, figures, 0.95)).toHaveLength(1);
});
