import { z } from "zod";
import { exactShareExcess } from "../base/binomial.ts";
import { chiSquareTail, normalTail } from "../base/chi-square.ts";
import { formatCount, formatPercent } from "../base/format-number.ts";
import type { Warning } from "./warning.ts";

/** What the backbone does on a split. */
const splitSchema = z.object({
  samples: z.number().int(),
  /** Shares, 0-1: right answers, and the mean confidence in what is answered. */
  accuracy: z.number(),
  confidence: z.number(),
});

/** One split beside the test split: each p-value is how probable so much of a difference, or more, is if they are alike. */
const pValueFields = {
  /** Of the backbone being right more often than on test: Fisher's exact test, one-sided. */
  accuracyPValue: z.number(),
  /** Of it being surer than there: Welch's test, one-sided. */
  confidencePValue: z.number(),
  /** Whether the images look as if the backbone was trained on them. */
  seen: z.boolean(),
};

/**
 * The images that heads learn from beside the test split. Seen ones are the usual case, and to be known: what heads read there
 * is surer than what they will read. Confidences are the plain softmax, before any temperature.
 */
export const trainTrustSchema = z.object({ train: splitSchema, test: splitSchema, ...pValueFields });

export type TrainTrust = Readonly<z.infer<typeof trainTrustSchema>>;

/**
 * Whether calibration can be trusted to stand for what the test split stands for, images that the backbone has not seen. */
export const dataTrustSchema = z.object({
  calibration: splitSchema,
  test: splitSchema,
  ...pValueFields,
  /** Of the classes' shares: chi-square test of homogeneity; absent where the tables don't say which class a sample has. */
  classSharesPValue: z.number().optional(),
  classSharesDiffer: z.boolean(),
  /** Absent where heads came with the model, and from files that were made before it was compared. */
  train: trainTrustSchema.optional(),
});

export type DataTrust = Readonly<z.infer<typeof dataTrustSchema>>;

/** One split's row of the backbone in a confidence table. */
export interface BackboneOnSplit {
  /** 1 right, 0 wrong [samples]. */
  readonly correct: Uint8Array;
  /** Top-1 softmax [samples]. */
  readonly confidence: Float32Array;
  /** Class of each sample [samples]. */
  readonly labels?: Int32Array;
}

/** Below this no chance is assumed: a project in a thousand would be warned of for nothing. */
export const leastPValue = 0.001;

export function dataTrust(calibration: BackboneOnSplit, test: BackboneOnSplit): DataTrust {
  const [own, other] = [splitFigures(calibration), splitFigures(test)];
  const classSharesPValue = calibration.labels && test.labels && homogeneity(calibration.labels, test.labels);
  return {
    calibration: shown(own),
    test: shown(other),
    ...excess(own, other),
    classSharesPValue,
    classSharesDiffer: (classSharesPValue ?? 1) < leastPValue,
  };
}

export function trainTrust(train: SplitFigures, test: SplitFigures): TrainTrust {
  return { train: shown(train), test: shown(test), ...excess(train, test) };
}

function shown({ samples, right, confidence }: SplitFigures) {
  return { samples, accuracy: right / samples, confidence };
}

/** The one detector: whether the backbone is better on a split, or surer, than chance allows. */
function excess(own: SplitFigures, other: SplitFigures) {
  const accuracyPValue = exactShareExcess([own.right, own.samples], [other.right, other.samples]);
  const spread = Math.sqrt(own.variance / own.samples + other.variance / other.samples);
  const difference = own.confidence - other.confidence;
  const confidencePValue = spread > 0 ? normalTail(difference / spread) : 1;
  return { accuracyPValue, confidencePValue, seen: Math.min(accuracyPValue, confidencePValue) < leastPValue };
}

/** What is compared of a split. */
export const splitFiguresSchema = z.object({
  samples: z.number().int().positive(),
  right: z.number().int().nonnegative(),
  /** Mean and variance. */
  confidence: z.number(),
  variance: z.number().nonnegative(),
});

export type SplitFigures = Readonly<z.infer<typeof splitFiguresSchema>>;

export function splitFigures({ correct, confidence }: Omit<BackboneOnSplit, "labels">): SplitFigures {
  const samples = correct.length;
  const right = correct.reduce((sum, one) => sum + one, 0);
  const mean = confidence.reduce((sum, one) => sum + one, 0) / samples;
  const variance = confidence.reduce((sum, one) => sum + (one - mean) ** 2, 0) / samples;
  return { samples, right, confidence: mean, variance };
}

/** Classes are expected to have at least so many samples in either split, or they count together (Cochran's rule). */
const fewestExpected = 5;

/** p-value of two splits' classes being drawn with the same shares. */
function homogeneity(labels: Int32Array, otherLabels: Int32Array): number {
  const [counts, otherCounts] = [countLabels(labels), countLabels(otherLabels)];
  const total = labels.length + otherLabels.length;
  const rare: [number, number] = [0, 0];
  const cells: (readonly [number, number])[] = [];
  for (const label of new Set([...counts.keys(), ...otherCounts.keys()])) {
    const cell = [counts.get(label) ?? 0, otherCounts.get(label) ?? 0] as const;
    const fewest = ((cell[0] + cell[1]) * Math.min(labels.length, otherLabels.length)) / total;
    if (fewest >= fewestExpected) cells.push(cell);
    else for (const split of [0, 1]) rare[split] += cell[split];
  }
  if (rare[0] + rare[1] > 0) cells.push(rare);
  const distance = cells.reduce((sum, [one, other]) => {
    const expected = ((one + other) * labels.length) / total;
    const otherExpected = ((one + other) * otherLabels.length) / total;
    return sum + (one - expected) ** 2 / expected + (other - otherExpected) ** 2 / otherExpected;
  }, 0);
  return cells.length > 1 ? chiSquareTail(distance, cells.length - 1) : 1;
}

function countLabels(labels: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** What a person should know, and do, before relying on what was chosen on calibration. */
export function trustWarnings(trust: DataTrust): Warning[] {
  const warnings: Warning[] = [];
  if (trust.seen) warnings.push({ code: "calibration-seen", text: seenText(trust) });
  if (trust.classSharesDiffer)
    warnings.push({
      code: "class-shares-differ",
      text:
        "The classes have other shares in the calibration split than in the test split (p < 0.001): thresholds suit a " +
        "mix that the report's images don't have. Divide the images by class, or say with class weights how often each occurs.",
    });
  return warnings;
}

function seenText({ calibration, test, accuracyPValue }: DataTrust): string {
  const figure = accuracyPValue < leastPValue ? "accuracy" : "confidence";
  const said = (split: DataTrust["test"]) =>
    `${formatPercent(split[figure])} on ${formatCount(split.samples)}`;
  const what = figure === "accuracy" ? "is right" : "is sure";
  return (
    `The backbone ${what} more on calibration images than chance allows (${said(calibration)} there, ${said(test)} ` +
    "test images; p < 0.001), as if it was trained on them: thresholds chosen there promise more than they keep. Take " +
    "held-out images for calibration (--calibration-from held-out), or put images that it hasn't seen into val/."
  );
}

/**
 * Said of the images that heads learn from, where the backbone has seen them: nothing to mend, as heads need many images, and
 * what thresholds are chosen on is other ones.
 */
export function describeTrainTrust({ train, test }: TrainTrust): string {
  const of = (split: TrainTrust["test"]) =>
    `right on ${formatPercent(split.accuracy)}, ${formatPercent(split.confidence)} sure`;
  return (
    `Heads learn from images that the backbone has seen (${of(train)} there; ${of(test)} on test images; p < 0.001), so what they ` +
    "read there is surer than what they will read. Temperatures and thresholds don't come from these images."
  );
}
