import { beforeAll, expect, test } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { randomInteger, seededRandom } from "../../../shared/base/random.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { shiftOdds } from "../../../shared/space/shift-odds.ts";
import { exitPolicyById } from "../policies/index.ts";
import { addPolicies, type Calibrated, withShiftedTables } from "./add-policies.ts";

const classes = 3;
const samples = 6000;
/** What class c's odds of being right are multiplied by, as log. */
const effects = [-1, 0, 1];

/** One exit and a backbone that is right wherever the exit isn't, and now and then where it is. */
function drawnTable(seed: number, sign: 1 | -1): ConfidenceTable {
  const random = seededRandom(seed);
  const confidence = Float32Array.from({ length: 2 * samples }, () => random());
  const predicted = Int32Array.from({ length: 2 * samples }, () => randomInteger(random, classes));
  const correct = Uint8Array.from(confidence, (own, at) =>
    random() < shiftOdds(own, sign * effects[predicted[at]]) ? 1 : 0,
  );
  for (let at = 0; at < samples; at++) correct[samples + at] = 1 - correct[at];
  return { exits: 1, samples, confidence, correct, predicted };
}

const perClassTop1 = exitPolicyById("top1-per-class");
let plain: Calibrated;
let added: Calibrated;
beforeAll(async () => {
  const outputs = ["exit", null].map((cutPoint) => ({
    cutPoint,
    head: cutPoint && "linear",
    accuracy: 0.5,
    temperature: 1,
    expectedCalibrationError: 0,
    failurePredictionAuroc: { top1: 0.75 },
    reliability: [],
  }));
  plain = {
    // On the test split classes are the other way round: whoever looked there would find other offsets.
    tables: {
      calibration: new Map([["top1", drawnTable(1, 1)]]),
      test: new Map([["top1", drawnTable(2, -1)]]),
    },
    classOffsets: new Map(),
    outputs,
  };
  added = await addPolicies(plain, classes, [exitPolicyById("top1"), perClassTop1], silentJob);
});

test("offsets are the calibration split's", () => {
  expect([...added.classOffsets.keys()]).toEqual(["top1-per-class"]);
  const [[low, middle, high]] = added.classOffsets.get("top1-per-class")!;
  expect(middle - low).toBeCloseTo(1, 0);
  expect(high - middle).toBeCloseTo(1, 0);
});

test.each(["calibration", "test"] as const)(
  "the %s table is shifted by them, its last row left alone",
  (split) => {
    const base = plain.tables[split].get("top1")!;
    const table = added.tables[split].get("top1-per-class")!;
    const [offsets] = added.classOffsets.get("top1-per-class")!;
    expect(added.tables[split].get("top1")).toBe(base);
    for (let at = 0; at < samples; at++)
      expect(table.confidence[at]).toBe(
        Math.fround(shiftOdds(base.confidence[at], offsets[base.predicted![at]])),
      );
    expect(table.confidence.subarray(samples)).toEqual(base.confidence.subarray(samples));
    expect(table.correct).toBe(base.correct);
  },
);

test("tables of other images are shifted by the same offsets", () => {
  const tables = withShiftedTables(plain.tables.test, added.classOffsets);
  expect([...tables.keys()]).toEqual(["top1", "top1-per-class"]);
  expect(tables).toEqual(added.tables.test);
});

test("the report says how well the shifted confidence tells right from wrong", () => {
  const [exit, final] = added.outputs.map(({ failurePredictionAuroc }) => failurePredictionAuroc);
  expect(exit.top1).toBe(0.75);
  // Shifted the wrong way there.
  expect(exit["top1-per-class"]).toBeLessThan(0.8);
  expect(exit["top1-per-class"]).toBeGreaterThan(0.5);
  expect(Object.keys(final)).toEqual(["top1", "top1-per-class"]);
});

test("what is there already stays what it is", async () => {
  expect(await addPolicies(added, classes, [perClassTop1], silentJob)).toBe(added);
  expect(await addPolicies(plain, classes, [exitPolicyById("top1")], silentJob)).toBe(plain);
});

test("tables without answers are refused, and a cancelled job stops", async () => {
  const { predicted: _, ...mute } = drawnTable(1, 1);
  const tables = { calibration: new Map([["top1", mute]]), test: plain.tables.test };
  await expect(addPolicies({ ...plain, tables }, classes, [perClassTop1], silentJob)).rejects.toMatchObject({
    code: "file-invalid",
    message: expect.stringMatching(/^thresholds per class need the class .* table of 'top1' came without$/),
  });
  const stopped = { ...silentJob, pause: () => Promise.reject(cancelledError()) };
  await expect(addPolicies(plain, classes, [perClassTop1], stopped)).rejects.toMatchObject({
    code: "cancelled",
  });
});
