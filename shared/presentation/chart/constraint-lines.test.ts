import { expect, test } from "vitest";
import { constraints } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";
import { type AxisId, axes } from "./axes.ts";
import { chartedConstraints, keyPlaces, wantedAt } from "./constraint-lines.ts";

const backbone = { accuracy: 0.936, latencyMs: 2, macs: 1000, bytes: 500, peakActivationBytes: 300 };

/** One of each of all constraints. */
const everything: UseCase = {
  latency: "mean",
  maxDropPp: 0.5,
  minAccuracy: 0.9,
  maxLatencyMs: 0.6,
  maxP95Ms: 1.5,
  maxWorstMs: 3,
  maxBackboneRate: 0.25,
  maxEnergyMillijoules: 4,
  maxBytes: 1000,
  maxMemoryBytes: 1200,
};

function onAxis(axis: AxisId) {
  const { lines, others } = chartedConstraints(everything, axes[axis], backbone);
  return {
    lines: lines.map(({ direction, at, label }) => [direction, Number(at.toFixed(9)), label]),
    others,
  };
}

const accuracy = [
  ["horizontal", 0.931, "drop ≤ 0.50 pp"],
  ["horizontal", 0.9, "accuracy ≥ 90.00 %"],
];

test("each of the nine constraints has a line where an axis shows what it limits, and a word where none does", () => {
  const rest = ["energy ≤ 4.00 mJ", "size ≤ 1 kB", "memory ≤ 1.20 kB"];
  expect(onAxis("mean")).toEqual({
    lines: [...accuracy, ["vertical", 0.6, "mean ≤ 0.60 ms"]],
    others: ["p95 ≤ 1.50 ms", "worst ≤ 3.00 ms", "to the end ≤ 25.00 %", ...rest],
  });
  expect(onAxis("p95")).toEqual({
    lines: [...accuracy, ["vertical", 1.5, "p95 ≤ 1.50 ms"]],
    others: ["mean ≤ 0.60 ms", "worst ≤ 3.00 ms", "to the end ≤ 25.00 %", ...rest],
  });
  expect(onAxis("energy").lines.slice(2)).toEqual([["vertical", 4, "energy ≤ 4.00 mJ"]]);
  // 1200 bytes of memory, 300 of them activations, leave 900 for the weights.
  expect(onAxis("bytes").lines.slice(2)).toEqual([
    ["vertical", 1000, "size ≤ 1 kB"],
    ["vertical", 900, "memory ≤ 1.20 kB"],
  ]);
});

test("no constraint is left out on any axis, and none is said twice", () => {
  for (const axis of Object.values(axes)) {
    const { lines, others } = chartedConstraints(everything, axis, backbone);
    expect(lines.length + others.length).toBe(constraints.length);
    expect(new Set([...lines.map(({ label }) => label), ...others]).size).toBe(constraints.length);
  }
});

test("what is wanted follows from where a line stands", () => {
  const { lines } = chartedConstraints(everything, axes.bytes, backbone);
  for (const { field, at } of lines) expect(wantedAt(field, at, backbone)).toBeCloseTo(everything[field]!, 9);
});

test("a chart shows the backbone, and as far as the constraints lie from it", () => {
  const charted = chartedConstraints(
    { latency: "mean", maxDropPp: 3.6, maxLatencyMs: 0.6 },
    axes.mean,
    backbone,
  );
  expect(keyPlaces(charted, backbone, axes.mean)).toEqual([
    { x: 2, y: 0.936 },
    { x: 2, y: expect.closeTo(0.9, 12) },
    { x: 0.6, y: 0.936 },
  ]);
});
