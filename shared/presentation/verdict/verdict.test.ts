import { expect, test } from "vitest";
import type { Rival } from "../../evaluate/live/rival.ts";
import type { NoBoundReason } from "../../guarantee/drop-bounds.ts";
import { testGuarantee as guarantee } from "../testing/test-guarantee.ts";
import { figures } from "../testing/test-plans.ts";
import { verified } from "../testing/test-verified.ts";
import { type Evidence, type Measured, measuredOf, verdict } from "./verdict.ts";

/** A plan with one exit that takes 0.4 of 1.05 ms, a drop of 0.3 pp where 0.5 are allowed. */
const measured: Measured = {
  figures: { ...figures(0.93, 0.4), exitRates: [0.7, 0.3] },
  speedup: 2.64,
  accuracyDropPp: 0.3,
  accuracyDropHalfWidthPp: 0.25,
  latencyErrorPct: 1,
  machineDriftPct: 1,
  decisionAgreement: 1,
  profiledMeanMs: 0.39,
};
const evidence: Evidence = {
  exits: 1,
  useCase: { latency: "mean", maxDropPp: 0.5 },
  chosen: { figures: figures(0.93, 0.38), backboneAccuracy: 0.934 },
  measured,
};

function withMeasured(changes: Partial<Measured>): Evidence {
  return { ...evidence, measured: { ...measured, ...changes } };
}

/** What a person should know before relying on the plan. */
const caveats = (known: Evidence) =>
  verdict(known)
    .filter(({ id, tone }) => id !== "outcome" && (tone === "warn" || tone === "bad"))
    .map(({ text }) => text);

test("a plan that pays off: the outcome first, and nothing to beware of", () => {
  expect(verdict(evidence)).toEqual([
    {
      id: "outcome",
      tone: "good",
      text: "1 exit answers 70 % of the inputs early: 2.6x as fast as the backbone on average, 0.30 pp ± 0.25 pp less accurate.",
      values: { earlyShare: 0.7, speedup: 2.64, accuracyDropPp: 0.3, accuracyDropHalfWidthPp: 0.25 },
    },
    {
      id: "useCase",
      tone: "good",
      text: "The use case is met on the calibration split and on the test split: accuracy drop ≤ 0.50 pp.",
      values: { maxDropPp: 0.5, calibrationDropPp: expect.closeTo(0.4), testDropPp: expect.closeTo(0.3) },
    },
  ]);
});

test("images that look seen, and classes of other shares, are caveats with what to do", () => {
  const split = (accuracy: number) => ({ samples: 5000, accuracy, confidence: 0.9 });
  const trust = {
    calibration: split(0.908),
    test: split(0.868),
    accuracyPValue: 1e-9,
    confidencePValue: 0.5,
    classSharesPValue: 1e-5,
    seen: true,
    classSharesDiffer: true,
  };
  expect(caveats({ ...evidence, trust })).toEqual([
    expect.stringMatching(/^The backbone is right more .*90\.8 % .*86\.8 % .*--calibration-from held-out/),
    expect.stringMatching(/^The classes have other shares .*class weights/),
  ]);
  expect(caveats({ ...evidence, trust: { ...trust, seen: false, classSharesDiffer: false } })).toEqual([]);
});

test("a static network that beats the plan is named, with what it is better by", () => {
  const rival = {
    name: "mobilenet",
    accuracy: 0.93,
    accuracyGainPp: -0.1,
    accuracyGainHalfWidthPp: 0.3,
    timesFaster: 1.4,
  };
  const saidOf = (changes: Partial<Rival>) => caveats({ ...evidence, rivals: [{ ...rival, ...changes }] });
  expect(saidOf({})).toEqual([
    "mobilenet is as accurate and 1.40x faster than this plan (accuracy \u22120.10 pp ± 0.30 pp, within chance). Deploy it instead, or put exits into it.",
  ]);
  expect(saidOf({ accuracyGainPp: 0.5, timesFaster: 1.01 })).toEqual([
    "mobilenet is more accurate and as fast as this plan (accuracy +0.50 pp ± 0.30 pp). Deploy it instead, or put exits into it.",
  ]);
  // Neither better, worse in one, and slower.
  expect(saidOf({ timesFaster: 1.01 })).toEqual([]);
  expect(saidOf({ accuracyGainPp: -0.31 })).toEqual([]);
  expect(saidOf({ accuracyGainPp: 0.5, timesFaster: 0.97 })).toEqual([]);
  expect(saidOf({ isUnpaired: true })[0]).toContain("within chance, not compared image by image)");
  // One of the project's own is a plan like others: less accurate on these samples is worse.
  expect(saidOf({ isOwn: true })).toEqual([]);
  expect(saidOf({ isOwn: true, accuracyGainPp: 0.1 })[0]).toMatch(
    /\+0\.10 pp ± 0\.30 pp, within chance\)\. Take it alone, or with exits of its own\.$/,
  );
  expect(saidOf({ hasExits: true })[0]).toMatch(/within chance\)\. Deploy it instead\.$/);
  expect(caveats({ ...evidence, uncompared: ["old"] })).toEqual([
    "old isn't compared with this plan: it was measured on other images. Remove it and add it again.",
  ]);
});

test("a drop within its interval may be chance, and none is none", () => {
  expect(verdict(withMeasured({ accuracyDropPp: 0.1 }))[0].text).toContain(
    "equally accurate within chance (drop 0.10 pp ± 0.25 pp).",
  );
  expect(verdict(withMeasured({ accuracyDropPp: 0.001 }))[0].text).toContain("equally accurate (± 0.25 pp).");
});

test("worse than the backbone is said plainly", () => {
  const slower = withMeasured({ speedup: 0.8, accuracyDropPp: -0.5 });
  expect(verdict(slower)[0]).toEqual({
    id: "outcome",
    tone: "bad",
    text: "1 exit answers 70 % of the inputs early: 0.80x as fast as the backbone on average, 0.50 pp ± 0.25 pp more accurate.",
    values: expect.objectContaining({ speedup: 0.8, accuracyDropPp: -0.5 }),
  });
  expect(caveats(slower)).toEqual([
    "This plan is slower than the backbone that it starts from. Deploy the backbone instead.",
  ]);
  expect(caveats(withMeasured({ speedup: 1.01 }))).toEqual([
    "This plan is no faster and less accurate than the backbone that it starts from. Deploy the backbone instead.",
  ]);
});

test("two per cent of speed are none: faster and slower by as much is as fast", () => {
  for (const speedup of [0.985, 1.015])
    expect(verdict(withMeasured({ speedup, accuracyDropPp: 0 }))[0]).toMatchObject({
      tone: "plain",
      text: expect.stringContaining("early: as fast as the backbone on average"),
    });
  expect(verdict(withMeasured({ speedup: 1.03 }))[0].tone).toBe("good");
});

test("a plan without exits is the backbone, and no worse than it whatever is measured", () => {
  const alone = { ...withMeasured({ speedup: 0.9, accuracyDropPp: 0 }), exits: 0 };
  expect(verdict(alone)[0].text).toMatch(/^The plan has no exits and is the backbone alone: 0\.90x as fast/);
  expect(caveats(alone)).toEqual([]);
});

test("a use case that is met where the plan was chosen, but not on the test split", () => {
  expect(caveats(withMeasured({ accuracyDropPp: 0.6 }))).toEqual([
    "The use case is met on the calibration split but missed on the test split: at most 0.50 pp accuracy drop wanted, 0.60 pp measured on the test split, 0.10 pp off. The miss is within the 95 % interval.",
  ]);
  expect(caveats(withMeasured({ accuracyDropPp: 0.8 }))[0]).toMatch(/0\.30 pp off\.$/);
});

test("a use case that nothing meets, before and after it is measured", () => {
  const missed: Evidence = { ...evidence, useCase: { latency: "mean", maxLatencyMs: 0.3 } };
  expect(caveats(missed)).toEqual([
    "The use case is missed: at most 0.30 ms mean latency wanted. This plan has 0.38 ms on the calibration split, 0.080 ms off; 0.40 ms measured on the test split, 0.10 ms off.",
  ]);
  expect(verdict({ ...missed, isNearest: true, measured: undefined })).toEqual([
    {
      id: "useCase",
      tone: "bad",
      text: "The use case is missed: at most 0.30 ms mean latency wanted. The nearest plan has 0.38 ms on the calibration split, 0.080 ms off.",
      values: { maxLatencyMs: 0.3, calibrationLatencyMs: 0.38 },
    },
  ]);
  const tiny: Evidence = { ...missed, useCase: { latency: "mean", maxLatencyMs: 1e-6 } };
  expect(caveats(tiny)[0]).toContain("at most 0.000001 ms mean latency wanted");
});

test("however fast, a plan that misses what was wanted has no good outcome", () => {
  const [outcome] = verdict(withMeasured({ accuracyDropPp: 0.6 }));
  expect(outcome).toMatchObject({ id: "outcome", tone: "bad", values: { speedup: 2.64 } });
  expect(verdict({ ...evidence, useCase: { latency: "mean", maxWorstMs: 1 } })[0].tone).toBe("bad");
});

test("the default drop is said to be one", () => {
  const silent: Evidence = { ...evidence, useCase: { latency: "mean" } };
  expect(verdict(silent).at(-1)!.text).toContain("accuracy drop (the default) ≤ 0.50 pp");
});

test("predictions, machines and data sets that can't be trusted", () => {
  const notes = caveats({
    ...withMeasured({ machineDriftPct: 12.34, latencyErrorPct: -15, decisionAgreement: 0.9985 }),
    warnings: [{ code: "backbone-at-chance", text: "the backbone is right on 8.8 % of 500 training images" }],
    isProven: false,
    unreadable: ["a.png", "b.png", "c.png", "d.png"],
  });
  expect(notes).toEqual([
    "The backbone is right on 8.8\u00A0% of 500 training images.",
    "The machine changed under the run: the backbone took +12.3 % at verification against its profile. Predictions are scaled by that; as profiled, the plan's mean would be 0.39 ms. Profile again when nothing else runs.",
    "The predicted mean latency is \u221215.0 % off the measured one.",
    "The exported file decides otherwise than the confidence table on 0.15 % of the test samples.",
    "The front is not proven: plans that the search did not try may be better.",
    "4 files of the data set could not be read and were left out: a.png, b.png, c.png, ….",
  ]);
});

test("a poor profile is said with its reasons and with where the prediction lies; others aren't", () => {
  const reasons = ["other work took 81 % of the processor"];
  const quality = { trust: "poor" as const, load: 0.81, lost: 0.4, reasons };
  const interval = { meanMs: [0.34, 0.46] as const, speedup: [2.28, 3.09] as const };
  expect(caveats({ ...evidence, profile: { quality } })).toEqual([
    "The profile is poor (other work took 81 % of the processor), so latencies and speed-ups may be far off. Profile again when nothing else runs, or with offramp profile --until good.",
  ]);
  const said = verdict({ ...evidence, profile: { quality, interval } }).filter(
    ({ id }) => id === "profile-poor",
  );
  expect(said).toHaveLength(1);
  expect(said[0].text).toMatch(
    /By the profile's own intervals \(95 %\) the plan's mean latency lies between 0\.34 ms and 0\.46 ms, and it is 2\.3x to 3\.1x as fast as the backbone\.$/,
  );
  expect(said[0].values).toEqual({ load: 0.81, lost: 0.4 });
  for (const trust of ["good", "fair"] as const)
    expect(caveats({ ...evidence, profile: { quality: { trust, reasons }, interval } })).toEqual([]);
  expect(caveats({ ...evidence, profile: {} })).toEqual([]);
});

test("a guarantee is said where one was wanted, and that there is none", () => {
  const wanted: Evidence = { ...evidence, useCase: { latency: "mean", maxDropPp: 0.5, confidence: 0.95 } };
  const [held] = verdict({ ...wanted, guarantee }).filter(({ id }) => id === "guarantee");
  expect(held.tone).toBe("good");
  expect(held.text).toMatch(
    /^Guarantee: drop ≤ 1\.00 pp is guaranteed with 95 % confidence: .* plans tested passed\./,
  );
  expect(held.text).toMatch(
    / Measured on the test split, with its 95 % interval: a drop of 0\.30 pp ± 0\.25 pp\.$/,
  );
  expect(caveats(wanted)[0]).toMatch(/^Guarantee: nothing is guaranteed of this plan/);
});

test("says what the drop may be on new images, and how probably the wish is kept", () => {
  const useCase = { latency: "mean", maxDropPp: 0.5 } as const;
  const outlook = { upperBoundPp: 0.9, keptProbability: 0.713, confidence: 0.95, samplesToSettle: 24_000 };
  const said = (changes: Partial<Evidence> = {}) =>
    verdict({ exits: 1, useCase, outlook, ...changes }).filter(({ id }) => id === "newImages");
  expect(said()).toEqual([
    {
      id: "newImages",
      tone: "plain",
      text: "On new images the drop is at most 0.90 pp (95 %), and drop ≤ 0.50 pp is kept with 71 % probability; about 24 000 images would settle it.",
      values: outlook,
    },
  ]);
  const tones = [0.2, 0.95, 0.999].map(
    (keptProbability) => said({ outlook: { ...outlook, keptProbability } })[0],
  );
  expect(tones.map(({ tone }) => tone)).toEqual(["warn", "good", "good"]);
  expect(tones[2].text).toContain("is kept with more than 99 % probability");
  // What was measured on images that had no part in the choice has the say.
  const measured = measuredOf(verified());
  expect(said({ outlook: { ...outlook, keptProbability: 0.2 }, measured })[0].tone).toBe("plain");
  expect(said({ exits: 0 })).toEqual([]);
  expect(said({ guarantee })).toEqual([]);
  const wishless = { upperBoundPp: 0.9, confidence: 0.9 };
  expect(said({ useCase: { latency: "mean", maxLatencyMs: 1 }, outlook: wishless })[0]).toMatchObject({
    tone: "plain",
    text: "On new images the drop is at most 0.90 pp (90 %).",
  });
});

test("says why there is no bound", () => {
  const said = (none: NoBoundReason) => verdict({ exits: 1, outlook: { none } })[0].text;
  expect(said("weights")).toBe(
    "No bound of the drop on new images: samples are weighted, and what is known of chance is of samples that count alike.",
  );
  const reasons = ["weights", "server", "per-class", "together", "unsearched"] as const;
  expect(new Set(reasons.map(said)).size).toBe(5);
});

test("names the safe plan beside the recommended one, or how many images would show one", () => {
  const useCase = { latency: "mean", maxDropPp: 0.5 } as const;
  const said = (safe: Evidence["safe"]) => verdict({ exits: 1, useCase, safe }).map(({ text }) => text);
  const none = { confidence: 0.95, isRecommended: false };
  expect(said({ ...none, speedup: 2.79 })).toEqual([
    "The safe plan, the fastest that keeps drop ≤ 0.50 pp on new images with 95 % probability, is 2.8x as fast as the backbone.",
  ]);
  const sparing = verdict({
    exits: 1,
    useCase: { ...useCase, axis: "energy" },
    safe: { ...none, speedup: 0.9, energyFactor: 2.79 },
  });
  expect(sparing.map(({ text }) => text)).toEqual([
    "The safe plan, the one of least energy that keeps drop ≤ 0.50 pp on new images with 95 % probability, takes 2.8x less than the backbone.",
  ]);
  expect(said({ ...none, samplesNeeded: 3400 })).toEqual([
    "No plan that is faster than the backbone keeps drop ≤ 0.50 pp on new images with 95 % probability; about 3 400 calibration images would show one that does.",
  ]);
  expect(said(none)[0]).toMatch(/; more images alone would not change that\.$/);
  expect(said({ ...none, isRecommended: true, speedup: 2 })[0]).toMatch(
    /^No safer plan is needed: this one keeps/,
  );
});

test("figures worse than the backbone's are named", () => {
  const gain = (label: string, isWorse: boolean, unit?: string) => ({
    label,
    unit,
    isWorse,
    plan: "",
    backbone: "",
    gain: "",
  });
  const gains = [gain("accuracy", true), gain("mean", false, "latency"), gain("worst", true, "latency")];
  expect(verdict({ exits: 1, gains })).toEqual([
    { id: "loss", tone: "warn", text: "Worse than the backbone: accuracy, worst latency.", values: {} },
  ]);
});

test("weighted figures come with the unweighted accuracies", () => {
  const unweighted = { backbone: 0.93, plan: 0.92, accuracyDropPp: 1, accuracyDropHalfWidthPp: 0.25 };
  expect(verdict(withMeasured({ weighted: { effectiveSamples: 4321.4, unweighted } })).at(-1)!.text).toBe(
    "All figures are weighted by class, worth 4 321 equal samples; unweighted: backbone 93.00 %, plan 92.00 %, drop 1.00 pp ± 0.25 pp.",
  );
});

test("files that are only run are judged by what was measured", () => {
  const { figures: found, profiledMeanMs, ...rest } = measuredOf(verified(), 7);
  expect(found).toMatchObject({ accuracy: 0.932, exitRates: [0.4, 0.6], peakActivationBytes: 7 });
  expect(profiledMeanMs).toBe(0.61);
  expect(rest.speedup).toBe(2.53);
  expect(verdict({ exits: 1, measured: measuredOf(verified()) }).map(({ id }) => id)).toEqual(["outcome"]);
});

test("a limit on energy is judged by what was counted, and where no sensor told it that is said", () => {
  const useCase = { latency: "mean" as const, maxEnergyMillijoules: 5 };
  const energies = (predicted: number | undefined, counted: number | undefined): Evidence => ({
    ...evidence,
    useCase,
    chosen: { figures: figures(0.93, 0.38, { energyMillijoules: predicted }), backboneAccuracy: 0.934 },
    measured: { ...measured, figures: { ...measured.figures, energyMillijoules: counted } },
  });
  const saidOf = (known: Evidence) => verdict(known).find(({ id }) => id === "useCase");
  expect(saidOf(energies(4.2, 4.4))).toMatchObject({
    tone: "good",
    text: "The use case is met on the calibration split and on the test split: energy ≤ 5.00 mJ.",
    values: { maxEnergyMillijoules: 5, calibrationEnergyMillijoules: 4.2, testEnergyMillijoules: 4.4 },
  });
  expect(saidOf(energies(4.2, 5.5))).toMatchObject({
    tone: "bad",
    text: "The use case is met on the calibration split but missed on the test split: at most 5.00 mJ energy wanted, 5.50 mJ measured on the test split, 0.50 mJ off.",
  });
  expect(saidOf(energies(4.2, undefined))?.text).toBe(
    "The use case is met on the calibration split: energy ≤ 5.00 mJ. The energy was not measured, as no sensor told it.",
  );
  expect(saidOf(energies(undefined, undefined))).toMatchObject({
    tone: "bad",
    text: "The use case is missed, as far as is known: at most 5.00 mJ energy wanted, and the profile says nothing of it.",
    values: { maxEnergyMillijoules: 5 },
  });
});
