import { beforeAll, expect, test } from "vitest";
import { caveats, outcomeSentence } from "./outcome.ts";
import type { ReportData } from "./report-data.ts";
import { reportFixture } from "./testing/report-fixture.ts";

let data: ReportData;

beforeAll(async () => {
  const made = await reportFixture();
  const { plan } = made.summary;
  const measured = { accuracy: 0.93, latencyMs: { mean: 0.4, p50: 0.3, p95: 1.6, worst: 3 } };
  data = {
    ...made,
    summary: {
      ...made.summary,
      speedup: 2.64,
      accuracyDropPp: 0.3,
      accuracyDropHalfWidthPp: 0.25,
      latencyErrorPct: 1,
      machineDriftPct: 1,
      decisionAgreement: 1,
      plan: {
        ...plan,
        exits: plan.exits.slice(0, 1),
        exitRates: { predicted: [0.7, 0.3], measured: [0.7, 0.3] },
        measured,
      },
    },
  };
});

function changed(changes: Partial<ReportData["summary"]>): ReportData {
  return { ...data, summary: { ...data.summary, ...changes } };
}

test("a plan that pays off", () => {
  expect(outcomeSentence(data.summary)).toBe(
    "1 exit answers 70 % of the inputs early: 2.6x faster on average, 0.30 pp less accurate (95 % interval 0.05 to 0.55).",
  );
  expect(caveats(data)).toEqual([]);
});

test("a plan that gains accuracy but loses time", () => {
  const worse = changed({ speedup: 0.8, accuracyDropPp: -0.2 });
  expect(outcomeSentence(worse.summary)).toBe(
    "1 exit answers 70 % of the inputs early: 1.25x slower on average, 0.20 pp more accurate (95 % interval \u22120.05 to 0.45).",
  );
  expect(caveats(worse)).toEqual([
    "This plan is slower than the backbone that it starts from. Deploy the backbone instead.",
  ]);
});

test("a use case that is met where the plan was chosen, but not on the test split", () => {
  expect(caveats(changed({ accuracyDropPp: 0.6 }))).toEqual([
    "The use case is met on the calibration split but missed on the test split: at most 0.50 pp accuracy drop wanted, 0.60 pp measured on the test split, 0.10 pp off. The miss is within the 95 % interval.",
  ]);
});

test("a use case that nothing meets", () => {
  const { recommended } = data.front;
  const figures = { ...recommended.figures, latencyMs: { ...recommended.figures.latencyMs, mean: 0.38 } };
  const missed = changed({ useCase: { latency: "mean", maxLatencyMs: 0.3 } });
  expect(caveats({ ...missed, front: { ...data.front, recommended: { ...recommended, figures } } })).toEqual([
    "The use case is missed: at most 0.30 ms mean latency wanted. The nearest plan has 0.38 ms on the calibration split, 0.080 ms off; 0.40 ms measured on the test split, 0.10 ms off.",
  ]);
});

test("predictions and machines that can't be trusted", () => {
  const notes = caveats(
    changed({
      machineDriftPct: 12.34,
      latencyErrorPct: -15,
      search: { ...data.summary.search, proven: false },
      data: { ...data.summary.data, unreadable: ["a.png", "b.png"] },
    }),
  );
  expect(notes).toHaveLength(4);
  expect(notes[0]).toContain("+12.3 %");
  expect(notes[1]).toContain("\u221215.0 %");
  expect(notes[2]).toContain("not proven");
  expect(notes[3]).toContain("2 files");
});

test("what the model and the check before training were warned of", () => {
  const warned = changed({
    data: {
      ...data.summary.data,
      warnings: [
        { code: "backbone-at-chance", text: "the backbone is right on 8.8 % of 500 training images" },
      ],
    },
  });
  const backbone = {
    ...data.backbone,
    warnings: [{ code: "training-mode", text: "a part acts as in training" }],
  };
  expect(caveats({ ...warned, backbone })).toEqual([
    "A part acts as in training.",
    "The backbone is right on 8.8\u00A0% of 500 training images.",
  ]);
});
