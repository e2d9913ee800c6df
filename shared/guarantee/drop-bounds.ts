import { z } from "zod";
import type { PlanFigures } from "../model/plan.ts";
import type { UseCase } from "../model/use-case.ts";
import { samplesToSettle } from "./choose-safe.ts";
import { dropOutlook, dropOutlookSchema } from "./drop-outlook.ts";
import { type PlanEvidence, riskLimits } from "./plan-evidence.ts";
import { selectionBiasSchema } from "./selection-bias.ts";

/** Of a use case that names none. */
export const usualConfidence = 0.95;

/** Why drops aren't bounded: samples count unequally, a server takes part, thresholds differ by class, exits answer together, or no search has told. */
export const noBoundReasonSchema = z.enum(["weights", "server", "per-class", "together", "unsearched"]);

export type NoBoundReason = z.infer<typeof noBoundReasonSchema>;

/** Searches over several networks bounded nothing once, and said so. */
const olderReason = z.literal("networks").transform((): NoBoundReason => "unsearched");

/** What a search knows of the drops of plans on new images. */
export const dropBoundsSchema = z.union([
  z.object({ confidence: z.number().min(0.5).max(0.9999), bias: selectionBiasSchema }),
  z.object({ none: z.union([noBoundReasonSchema, olderReason]) }),
]);

export type DropBounds = Readonly<z.infer<typeof dropBoundsSchema>>;

/** A plan's outlook with its confidence, and about how many images would settle whether the wish is kept. */
const settledOutlookSchema = dropOutlookSchema.extend({
  confidence: z.number(),
  /** Absent where it is settled, or where no number of images would. */
  samplesToSettle: z.number().positive().optional(),
});

export const statedOutlookSchema = z.union([settledOutlookSchema, z.object({ none: noBoundReasonSchema })]);

export type SettledOutlook = Readonly<z.infer<typeof settledOutlookSchema>>;
export type StatedOutlook = Readonly<z.infer<typeof statedOutlookSchema>>;

/** A plan as far as its drop goes. */
interface OutlookSubject {
  readonly figures: PlanFigures;
  readonly isBackbone: boolean;
  /** On the same samples, 0-1. */
  readonly backboneAccuracy: number;
  readonly samples: number;
}

/**
 * What is said of a plan's drop on new images. A plan that no search has found is taken to be flattered as much as those of its
 * drop that were.
 * @param bounds of the search; undefined if there was none, or one that didn't say
 */
export function outlookOf(
  subject: OutlookSubject,
  bounds: DropBounds | undefined,
  useCase: UseCase,
): StatedOutlook {
  const evidence = evidenceOf(subject);
  if (!bounds || !evidence) return { none: "unsearched" };
  if ("none" in bounds) return bounds;
  const { bias } = bounds;
  const { confidence = usualConfidence } = useCase;
  const limits = riskLimits(useCase);
  const outlook = dropOutlook(evidence, bias, limits, confidence, subject.isBackbone);
  const { keptProbability: kept = 1 } = outlook;
  const isSettled = subject.isBackbone || kept >= confidence || kept <= 1 - confidence;
  return {
    ...outlook,
    confidence,
    samplesToSettle: isSettled ? undefined : samplesToSettle(evidence, bias, limits, confidence),
  };
}

/** Undefined where a file doesn't say how many samples only the backbone has right. */
function evidenceOf({ figures, backboneAccuracy, samples }: OutlookSubject): PlanEvidence | undefined {
  const { accuracy, lostRate } = figures;
  if (lostRate === undefined) return undefined;
  const right = Math.round(accuracy * samples);
  const lost = Math.round(lostRate * samples);
  return { samples, right, lost, gained: Math.max(0, lost + right - Math.round(backboneAccuracy * samples)) };
}
