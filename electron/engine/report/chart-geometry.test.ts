import { expect, test } from "vitest";
import { histogram, upperQuantile } from "./histogram.ts";
import { isInside, paretoDomain } from "./pareto-domain.ts";
import { spreadLabels } from "./spread-labels.ts";

test("a histogram counts every value once", () => {
  const values = Float32Array.of(0, 0.4, 0.5, 0.9, 1, 7);
  expect(histogram(values, [0, 1], 2)).toEqual({ low: 0, binWidth: 0.5, counts: [2, 3], above: 1, total: 6 });
});

test("the upper quantile leaves its share above", () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => index + 1);
  expect(upperQuantile(values, 0.005)).toBe(995);
  expect(upperQuantile(values, 1)).toBe(1);
  expect(upperQuantile(new Float32Array(0), 0.005)).toBe(0);
});

test("labels move apart and stay in range", () => {
  expect(spreadLabels([10, 50, 90], 20, [10, 90])).toEqual([10, 50, 90]);
  expect(spreadLabels([12, 14, 16], 20, [10, 90])).toEqual([12, 32, 52]);
  expect(spreadLabels([86, 88, 90], 20, [10, 90])).toEqual([50, 70, 90]);
  expect(spreadLabels([1, 2, 3], 60, [10, 90])).toEqual([10, 50, 90]);
  expect(spreadLabels([], 20, [10, 90])).toEqual([]);
});

test("the Pareto chart shows what is compared, not the poor plans far off", () => {
  const backbone = { accuracy: 0.93, latencyMs: 1.6 };
  const plan = { accuracy: 0.925, latencyMs: 0.4 };
  const near = { accuracy: 0.91, latencyMs: 0.3 };
  const poor = { accuracy: 0.2, latencyMs: 0.1 };
  const slow = { accuracy: 0.93, latencyMs: 5 };
  const domain = paretoDomain([backbone, plan], [near, poor, slow]);
  expect([backbone, plan, near].every((point) => isInside(domain, point))).toBe(true);
  expect([poor, slow].some((point) => isInside(domain, point))).toBe(false);
  expect(domain.latencyMs[0]).toBe(0);
});

test("latencies that lie close together get a range of their own", () => {
  const domain = paretoDomain(
    [
      { accuracy: 0.93, latencyMs: 1 },
      { accuracy: 0.92, latencyMs: 0.9 },
    ],
    [],
  );
  expect(domain.latencyMs[0]).toBeCloseTo(0.894, 9);
  expect(domain.latencyMs[1]).toBeCloseTo(1.006, 9);
});
