import { expect, test } from "vitest";
import { profileQualitySchema } from "../../../shared/model/profile.ts";
import { type Circumstances, judgeQuality } from "./judge-quality.ts";

const times = (ms: number, wallMs = ms) =>
  Array.from({ length: 8 }, (_, run) => ({ ms, wallMs, atMs: run, round: run }));
const idle: Circumstances = { machine: { load: 0.02 }, backbone: times(2), drift: 0.02, halfWidth: 0.008 };

test("an idle machine is good, and says what it was like", () => {
  const quality = judgeQuality({ ...idle, machine: { load: 0.02, clockMhz: [3000, 3100] } });
  expect(quality).toEqual({
    load: 0.02,
    lost: 0,
    spread: 0,
    drift: 0.02,
    clockMhz: [3000, 3100],
    halfWidth: 0.008,
    trust: "good",
    reasons: [],
  });
  expect(profileQualitySchema.parse(quality)).toEqual(quality);
});

test("an idle machine is fair at worst, however its clock drifts", () => {
  const { trust, reasons } = judgeQuality({
    ...idle,
    machine: { load: 0.05, clockMhz: [1000, 4000] },
    drift: 2,
    halfWidth: 0.03,
  });
  expect(trust).toBe("fair");
  expect(reasons).toEqual([
    "the latency of a prefix is known to ± 3.0 % of the backbone's only",
    "the machine's pace changed by 200 %",
    "the processor's clock changed by 300 %",
  ]);
});

test.each([
  [
    "another process on one of two cores",
    { machine: { load: 0.5 } },
    "fair",
    /^other work took 50 % of the processor$/,
  ],
  ["others on all cores", { machine: { load: 0.67 } }, "poor", /^other work took 67 % of the processor$/],
  ["others in between", { backbone: times(2, 3) }, "poor", /^other work took 33 % of the runs' own time$/],
  ["wide intervals", { halfWidth: 0.06 }, "poor", /± 6\.0 % of the backbone's only$/],
] as const)("%s", (_name, circumstances, trust, reason) => {
  const quality = judgeQuality({ ...idle, ...circumstances });
  expect([quality.trust, quality.reasons.length]).toEqual([trust, 1]);
  expect(quality.reasons[0]).toMatch(reason);
});

test("what makes a profile poor is said first", () => {
  const { reasons } = judgeQuality({ ...idle, machine: { load: 0.3 }, halfWidth: 0.2 });
  expect(reasons.map((reason) => reason.slice(0, 11))).toEqual(["the latency", "other work "]);
});

test("what isn't known is left out: a load that the system doesn't tell, an interval of too few rounds", () => {
  const quality = judgeQuality({
    machine: {},
    backbone: times(2),
    drift: 0,
    halfWidth: Number.POSITIVE_INFINITY,
  });
  expect(quality).not.toHaveProperty("load");
  expect(quality).not.toHaveProperty("halfWidth");
  expect(quality.trust).toBe("poor");
  expect(quality.reasons).toEqual(["the rounds were too few to say how well a latency is known"]);
});
