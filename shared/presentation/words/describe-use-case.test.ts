import { expect, test } from "vitest";
import { describeTarget } from "./describe-target.ts";
import { describeUseCase } from "./describe-use-case.ts";

test("a use case names what binds, else what is wished for", () => {
  expect(describeUseCase({ latency: "p95" })).toBe("least p95 latency");
  expect(describeUseCase({ latency: "mean", maxDropPp: 0.5, confidence: 0.95, classWeights: { 1: 2 } })).toBe(
    "drop ≤ 0.50 pp, guaranteed 95 %, weighted by class",
  );
});

test("a target names its device, its provider and how many threads", () => {
  expect(describeTarget({ device: "Pi 5", provider: "cpu", threads: 1 })).toBe("Pi 5 · cpu, 1 thread");
  expect(describeTarget({ device: "Pi 5", provider: "cpu", threads: 4 })).toBe("Pi 5 · cpu, 4 threads");
});
