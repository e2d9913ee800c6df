import { expect, test } from "vitest";
import { axes } from "./axes.ts";
import { axisTicks, createScale, percentTicks, speedUpTicks, type Tick, ticksOf } from "./chart-scale.ts";

const labels = (ticks: readonly Tick[]) => ticks.map(({ label }) => label);

test("ticks are round on both kinds of scale", () => {
  expect(ticksOf(createScale([0, 1], [0, 400]), false, 64)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf(createScale([0.1, 10], [0, 400], true), true, 64)).toEqual([0.1, 0.3, 1, 3, 10]);
  expect(labels(axisTicks(axes.mean, [0, 0.25, 0.5]))).toEqual(["0.00", "0.25", "0.50"]);
  expect(labels(axisTicks(axes.macs, [1e6, 2e6]))).toEqual(["1 M", "2 M"]);
  expect(percentTicks([0.9, 0.905])).toEqual([
    { value: 0.9, label: "90.0" },
    { value: 0.905, label: "90.5" },
  ]);
  expect(createScale([0, 10], [0, 100], true)(10)).toBe(100);
});

test("speed-ups stand where the backbone's latency is divided by them, 40 px apart", () => {
  const ticks = speedUpTicks(createScale([0, 2], [0, 400]), 2);
  expect(ticks.slice(0, 3)).toEqual([
    { factor: 1, at: 400 },
    { factor: 1.25, at: 320 },
    { factor: 1.5, at: expect.closeTo(266.67, 1) },
  ]);
});
