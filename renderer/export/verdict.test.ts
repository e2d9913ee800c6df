import { expect, test } from "vitest";
import { comparedFigures, type Verification, verdictOf, verificationText } from "./verdict.ts";

const latencyMs = { mean: 0.62, p50: 0.58, p95: 1.4, worst: 2 };
const figures = {
  accuracy: 0.932,
  accuracyInterval: [0.927, 0.937] as [number, number],
  latencyMs,
};

function verification(change: Partial<Verification> = {}): Verification {
  return {
    backbone: { ...figures, accuracy: 0.935, latencyMs: { mean: 1.57, p50: 1.55, p95: 1.7, worst: 3 } },
    plan: {
      exits: [{ cutPoint: "a", head: "h", policy: "top1", threshold: 0.9, rate: 0.4 }],
      predicted: { ...figures, latencyMs: { ...latencyMs, mean: 0.6 } },
      profiled: figures,
      measured: figures,
      calibration: figures,
      exitRates: { predicted: [0.41, 0.59], measured: [0.4, 0.6] },
      macs: 1,
      bytes: 1,
      feasible: true,
      misses: [],
    },
    speedup: 2.53,
    speedupPredicted: 2.62,
    accuracyDropPp: 0.3,
    accuracyDropHalfWidthPp: 0.12,
    latencyErrorPct: -3.2,
    machineDriftPct: 1,
    decisionAgreement: 0.9994,
    ...change,
  };
}

test("a faster plan says what it costs", () => {
  expect(verdictOf(verification())).toEqual({
    tone: "good",
    text: "2.5x as fast as the backbone, 0.30 pp ± 0.12 pp less accurate.",
  });
});

test("a drop within its interval is no drop", () => {
  expect(verdictOf(verification({ accuracyDropPp: 0.1 })).text).toBe(
    "2.5x as fast as the backbone, equally accurate within ± 0.12 pp.",
  );
});

test("worse than the backbone is said plainly", () => {
  const slower = verdictOf(verification({ speedup: 0.8, accuracyDropPp: -0.5 }));
  expect(slower.tone).toBe("bad");
  expect(slower.text).toBe(
    "Worse than the backbone: 1.25x slower than the backbone, 0.50 pp ± 0.12 pp more accurate.",
  );
  const useless = verdictOf(verification({ speedup: 1.01 }));
  expect(useless.tone).toBe("bad");
  expect(useless.text).toContain("no faster than the backbone");
});

test("predicted beside measured, in one format, the last exit being the end", () => {
  const rows = comparedFigures(verification());
  expect(rows.map(({ name, predicted, measured }) => [name, predicted, measured])).toEqual([
    ["Accuracy", "93.2 % (92.7 to 93.7)", "93.2 % (92.7 to 93.7)"],
    ["Leave at exit 1", "41.0 %", "40.0 %"],
    ["Reach the end", "59.0 %", "60.0 %"],
    ["Mean latency", "0.60 ms", "0.62 ms"],
    ["p50 latency", "0.58 ms", "0.58 ms"],
    ["p95 latency", "1.40 ms", "1.40 ms"],
    ["Speed-up of the mean", "2.6x", "2.5x"],
  ]);
});

test("the text for the clipboard holds every figure", () => {
  const text = verificationText(verification());
  expect(text).toContain("Mean latency: predicted 0.60 ms, measured 0.62 ms, backbone 1.57 ms");
  expect(text).toContain("Decisions as predicted: 99.9 %");
  expect(text).toContain("\u22123.2 %");
});

test("weighted figures come with the unweighted accuracies", () => {
  const unweighted = { backbone: 0.93, plan: 0.92, accuracyDropPp: 1, accuracyDropHalfWidthPp: 0.25 };
  const weighted = { effectiveSamples: 4321.4, unweighted };
  expect(verificationText(verification({ weighted }))).toContain(
    "weighted by class, worth 4 321 equal samples; unweighted: backbone 93.00 %, plan 92.00 %, drop 1.00 pp ± 0.25 pp",
  );
});
