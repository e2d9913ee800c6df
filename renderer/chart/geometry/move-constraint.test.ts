import { expect, test } from "vitest";
import { axes } from "../../../shared/presentation/chart/axes.ts";
import { constraintStep, missingConstraints, moveConstraint } from "./move-constraint.ts";

const backbone = { accuracy: 0.936, latencyMs: 2, macs: 1, bytes: 1, peakActivationBytes: 400_000 };

test("edges offer what isn't set and can be drawn", () => {
  expect(missingConstraints({ latency: "mean" }, axes.p95)).toEqual(["maxDropPp", "maxLatencyMs"]);
  expect(missingConstraints({ latency: "mean", minAccuracy: 0.9 }, axes.macs)).toEqual([]);
  expect(missingConstraints({ latency: "mean", maxLatencyMs: 1 }, axes.p95)).toEqual(["maxDropPp"]);
});

test("a dragged line gives numbers that a person would write", () => {
  expect(moveConstraint("maxDropPp", 0.9287654, axes.mean, backbone)).toEqual({ maxDropPp: 0.72 });
  expect(moveConstraint("maxDropPp", 0.95, axes.mean, backbone)).toEqual({ maxDropPp: 0 });
  expect(moveConstraint("minAccuracy", 0.92876, axes.mean, backbone)).toEqual({ minAccuracy: 0.9288 });
  expect(moveConstraint("maxLatencyMs", 0.61234, axes.p95, backbone)).toEqual({
    maxLatencyMs: 0.612,
    latency: "p95",
  });
  // Memory is the weights, which the axis shows, and 400 kB of activations.
  expect(moveConstraint("maxMemoryBytes", 2_000_000, axes.bytes, backbone)).toEqual({
    maxMemoryBytes: 2_400_000,
  });
  expect(moveConstraint("maxBytes", 2_345_678, axes.bytes, backbone)).toEqual({ maxBytes: 2_350_000 });
});

test("an arrow key moves accuracy by 0.05 points and latency by a hundredth, with Shift five times as far", () => {
  expect(constraintStep({ field: "maxDropPp", at: 0.93 }, false)).toBe(0.0005);
  expect(constraintStep({ field: "maxLatencyMs", at: 2 }, true)).toBeCloseTo(0.1, 12);
});
