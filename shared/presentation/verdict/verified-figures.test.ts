import { expect, test } from "vitest";
import { verified } from "../testing/test-verified.ts";
import { agreements, figureText, verifiedRows } from "./verified-figures.ts";
import { verifiedText } from "./verified-text.ts";

test("predicted beside measured, in one format, the last exit being the end", () => {
  const rows = verifiedRows(verified());
  expect(
    rows.map(({ title, ...row }) => [title, figureText(row.predicted), figureText(row.measured)]),
  ).toEqual([
    ["Accuracy", "93.2 % (92.7 to 93.7)", "93.2 % (92.7 to 93.7)"],
    ["Mean latency", "0.60 ms", "0.62 ms"],
    ["p50 latency", "0.58 ms", "0.58 ms"],
    ["p95 latency", "1.40 ms", "1.40 ms"],
    ["Worst latency", "2.00 ms", "2.00 ms"],
    ["Leave at exit 1", "41.0 %", "40.0 %"],
    ["Reach the backbone's output", "59.0 %", "60.0 %"],
    ["Speed-up of the mean", "2.6x", "2.5x"],
    ["Speed-up of the p50", "", "2.7x"],
    ["Accuracy drop", "0.30 pp", "0.30 pp (0.18 to 0.42)"],
  ]);
  expect(rows[1]).toMatchObject({ difference: "+0.020 ms", profiled: { text: "0.61 ms" } });
  expect(rows[5].difference).toBe("\u22121.00 pp");
});

test("rates on the calibration split stand beside the others where they are known", () => {
  expect(verifiedRows(verified())[5].calibration).toBeUndefined();
  expect(verifiedRows(verified(), [0.45, 0.55])[5].calibration).toEqual({ text: "45.0 %" });
});

test("how well the prediction held", () => {
  expect(agreements(verified()).map(({ name, value }) => [name, value])).toEqual([
    ["Latency error", "\u22123.2 %"],
    ["Machine drift", "+1.0 %"],
    ["Decision agreement", "99.94 %"],
    ["Accuracy drop", "beyond chance"],
  ]);
  expect(agreements(verified())[0].note).toBe("predicted mean against measured; \u22121.6 % as profiled");
  expect(agreements(verified({ accuracyDropPp: 0.1 }))[3].value).toBe("within chance");
});

const verification = {
  samples: 400,
  available: 5000,
  speedupInterval: [2.486, 2.581] as [number, number],
  isMeanWithin: true,
  isSpeedupWithin: false,
  blocks: 50,
  leftOutBlocks: 2,
};

test("means and speed-up carry their intervals, and whether the prediction lies within", () => {
  const { plan, ...rest } = verified({ verification });
  const latencyMs = { ...plan.measured.latencyMs, meanInterval: [0.604, 0.636] as [number, number] };
  const measured = { ...rest, plan: { ...plan, measured: { ...plan.measured, latencyMs } } };
  const texts = verifiedRows(measured).map(({ title, measured }) => [title, figureText(measured)]);
  expect(texts).toContainEqual(["Mean latency", "0.62 ms (0.60 to 0.64)"]);
  expect(texts).toContainEqual(["p50 latency", "0.58 ms"]);
  expect(texts).toContainEqual(["Speed-up of the mean", "2.53x (2.49 to 2.58)"]);
  const [latencyError, , , , ...how] = agreements(measured);
  expect(latencyError.note).toBe(
    "predicted mean against measured, within its 95 % interval; \u22121.6 % as profiled",
  );
  expect(how.map(({ name, value }) => [name, value])).toEqual([
    ["Predicted speed-up", "outside"],
    ["Samples run", "400 of 5 000"],
    ["Bursts left out", "2 of 50"],
  ]);
});

test("of all samples it is said that they are all", () => {
  const all = { ...verification, samples: 5000, isSpeedupWithin: true, leftOutBlocks: 0 };
  expect(
    agreements(verified({ verification: all }))
      .slice(4)
      .map(({ value }) => value),
  ).toEqual(["within", "all 5 000"]);
});

test("the text for the clipboard holds every figure", () => {
  const text = verifiedText([{ id: "outcome", tone: "good", text: "It pays off.", values: {} }], verified());
  expect(text).toMatch(/^✓ It pays off\.\n/);
  expect(text).toContain("\nMean latency: predicted 0.60 ms, measured 0.62 ms, backbone 1.57 ms\n");
  expect(text).toContain("\nDecision agreement: 99.94 %\n");
});
