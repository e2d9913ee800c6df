import { expect, test } from "vitest";
import type { FieldReport } from "../../field/field-report.ts";
import { statementLine } from "../../model/statement.ts";
import { exit, figures } from "../testing/test-plans.ts";
import { fieldStatements, surenessAt } from "./describe-field.ts";
import { namedByTensor } from "./describe-plan.ts";
import { networkTitles } from "./network-titles.ts";

const counted = {
  plan: { exits: [exit("early")] },
  places: namedByTensor(networkTitles([{ sha256: "a", name: "net" }])),
};

const shifted: FieldReport = {
  point: null,
  inputs: 12_000,
  samples: 3000,
  exits: counted.plan.exits,
  isShifted: true,
  comparison: {
    rates: {
      pValue: 0.001,
      isShifted: true,
      exits: [
        { field: 0.4, calibration: 0.55, differencePp: -15, intervalPp: [-17, -13.04] },
        { field: 0.6, calibration: 0.45, differencePp: 15, intervalPp: [13, 17] },
      ],
    },
    sureness: [
      {
        field: 12_000,
        calibration: 3000,
        pValue: 0.001,
        isShifted: true,
        from: 0.84,
        differencePp: -21.36,
        halfWidthPp: 2.5,
        bins: { field: [], calibration: [] },
      },
    ],
  },
  latency: {
    calibrationMs: 1,
    fieldMs: 1.2,
    intervalMs: [1.1, 1.3],
    measured: { meanMs: 1.25, intervalMs: [1.24, 1.26], inputs: 100 },
  },
  estimate: {
    effectiveSamples: 2100,
    unmatched: 0,
    residual: 0,
    accuracy: 0.88,
    calibrationAccuracy: 0.92,
    backboneAccuracy: 0.9,
  },
  refitted: {
    exits: [exit("early", 0.4)],
    figures: figures(0.87, 1),
    intervalMs: [0.98, 1.02],
    gainPp: -1,
    gainHalfWidthPp: 0.4,
  },
};

test("of a plan that is better without an exit it is said that it has fewer", () => {
  const exits = [exit("early"), exit("late")];
  expect(linesOf({ ...shifted, exits }).at(-1)).toMatch(
    /^· With new thresholds and without 1 exit, mean latency there is 1.00 ms/,
  );
});

const linesOf = (report: FieldReport) => fieldStatements(report, counted).map(statementLine);

test("of a field that is another one it is said which exit changed, which way and by how much", () => {
  expect(linesOf(shifted)).toEqual([
    "! The field is not like calibration (12 000 inputs against 3 000 calibration samples).",
    "! 15.0 pp fewer than on calibration are answered by exit 1 after early: 40.0 % against 55.0 % (95 %: −17.0 to −13.0 pp).",
    "! Exit 1 after early is less sure: of those that reach it 21.4 pp (± 2.5 pp) fewer have a confidence of 0.84 or above.",
    "! Mean latency there: 1.20 ms (95 %: 1.10 to 1.30) by the profile, on calibration 1.00 ms. The runner's own clock says 1.25 ms (1.24 to 1.26) of 100 inputs.",
    "· If images of one confidence are as often right there as on calibration, 88.0 % are right there, on calibration 92.0 % (an estimate without labels, worth 2 100 samples).",
    "· With new thresholds mean latency there is 1.00 ms (95 %: 0.98 to 1.02), within the 1.00 ms on calibration; accuracy changes by −1.00 pp ± 0.40 pp, estimated in the same way.",
  ]);
});

test("of one that is like calibration nothing is estimated, and nothing has to change", () => {
  const { comparison, latency } = shifted;
  const [sureness] = comparison.sureness;
  const usual = {
    ...shifted,
    isShifted: false,
    comparison: {
      rates: { ...comparison.rates, isShifted: false },
      sureness: [{ ...sureness, isShifted: false, differencePp: 1.2 }],
    },
    latency: { ...latency, intervalMs: [0.9, 1.3] as [number, number], measured: undefined },
  };
  expect(linesOf(usual)).toEqual([
    "✓ The field looks like calibration: exit rates and confidences differ by no more than chance (12 000 inputs against 3 000 calibration samples).",
    "· Mean latency there: 1.20 ms (95 %: 0.90 to 1.30) by the profile, on calibration 1.00 ms.",
    "· There is no reason to change the thresholds.",
  ]);
  expect(statementLine(surenessAt(usual, 0, counted))).toBe(
    "✓ Exit 1 after early is as sure as on calibration: of those that reach it 1.2 pp (± 2.5 pp) more have a confidence of 0.84 or above, which is chance.",
  );
});

test("of one that few samples are like it is said what that leaves", () => {
  const { estimate, ...rest } = shifted;
  const far = {
    ...rest,
    refitted: undefined,
    estimate: { ...estimate!, effectiveSamples: 60, unmatched: 0.2 },
  };
  expect(linesOf(far).slice(-2)).toEqual([
    "! Few calibration samples are like the field: they are worth 60 of 3 000; 20.0 % of the inputs do what none of them does. Labelled images from there would say more.",
    "✗ No new thresholds are chosen: too few calibration samples are like the field.",
  ]);
  const nowhere = linesOf({ ...far, estimate: undefined });
  expect(nowhere.at(-1)).toMatch(/^✗ No new thresholds/);
  expect(nowhere.join()).not.toMatch(/estimate|worth/);
});
