import { z } from "zod";
import { preprocessSchema } from "./preprocess.ts";
import type { Warning } from "./warning.ts";

/** Another preprocessing or order of the classes under which the backbone is right far more often. */
const alternativeSchema = z.object({
  /** What is different, as words: "channels as BGR". */
  what: z.string(),
  accuracy: z.number(),
  /** How it is chosen at a terminal. */
  remedy: z.string(),
  /** What to choose instead; absent where it stays. */
  preprocess: preprocessSchema.optional(),
  classNames: z.array(z.string()).optional(),
});

/** How often the backbone is right on some images that thresholds and reports make no use of, if there are such, before anything is trained. */
export const backboneCheckSchema = z.object({
  images: z.number().int(),
  /** The split that they are of where it isn't the train split, which is empty then. */
  split: z.literal("calibration").optional(),
  /** Share (0-1); 0 without images. */
  accuracy: z.number(),
  /** Exact 95 % interval of the accuracy (Clopper-Pearson). */
  interval: z.tuple([z.number(), z.number()]),
  /** What guessing among the classes that have images is right on. */
  chance: z.number(),
  /** Accuracy (0-1) with the classes as the data set itself numbers them, of which so many stand elsewhere; absent where that is how they stand. */
  ownOrder: z.object({ accuracy: z.number(), moved: z.number().int() }).optional(),
  /** The best first. */
  alternatives: z.array(alternativeSchema),
});

export type Alternative = Readonly<z.infer<typeof alternativeSchema>>;
export type BackboneCheck = Readonly<z.infer<typeof backboneCheckSchema>>;

/** Fewer images than this prove nothing. */
export const fewestChecked = 30;

/** Whether the backbone is indistinguishable from guessing: then heads are trained on it only if forced. */
export function isAtChance({ images, interval: [low, high], chance }: BackboneCheck): boolean {
  return images >= fewestChecked && low <= chance && chance <= high;
}

/** Whether the backbone is significantly worse than guessing: it sees something, but names it differently. */
function isBelowChance({ images, interval: [, high], chance }: BackboneCheck): boolean {
  return images >= fewestChecked && high < chance;
}

const share = (value: number) => `${(100 * value).toFixed(1)} %`;

/**
 * What was measured, beside guessing: "the backbone is right on 8.8 % of 500 training images (95 %: 6.5 to 11.6), which is
 * no better than guessing (8.3 %)".
 */
export function describeCheck(check: BackboneCheck, who = "the backbone"): string {
  const { accuracy, interval, chance } = check;
  const [low, high] = interval.map((bound) => (100 * bound).toFixed(1));
  const verdict = isAtChance(check)
    ? `which is no better than guessing (${share(chance)})`
    : isBelowChance(check)
      ? `which is worse than guessing (${share(chance)})`
      : `guessing on ${share(chance)}`;
  return `${who} is right on ${share(accuracy)} of ${checkedImages(check)} (95 %: ${low} to ${high}), ${verdict}`;
}

/** What the order of the classes is worth, where it isn't the data set's own; undefined where it is. */
export function describeOrderEffect({ ownOrder, accuracy, ...images }: BackboneCheck): string | undefined {
  if (!ownOrder) return undefined;
  const { moved } = ownOrder;
  return (
    `the backbone is right on ${share(accuracy)} of ${checkedImages(images)} with the classes in this order, on ` +
    `${share(ownOrder.accuracy)} in the data's own, where ${moved} of them stand elsewhere`
  );
}

/** "500 training images". */
export function checkedImages({ images, split }: Pick<BackboneCheck, "images" | "split">): string {
  return `${images} ${split ?? "training"} images`;
}

/** What to suspect if nothing that was tried is far better. */
export const suspects =
  "either the preprocessing isn't the one that it was trained with, or the classes stand in another order";

/** What a check found that a person should know before training. */
export function checkWarnings(check: BackboneCheck, who?: string): Warning[] {
  const [best] = check.alternatives;
  if (!best && !isAtChance(check) && !isBelowChance(check)) return [];
  const code = codeOf(check);
  const help = best ? `with ${best.what} it would be ${share(best.accuracy)}` : suspects;
  return [{ code, text: `${describeCheck(check, who)}; ${help}` }];
}

function codeOf(check: BackboneCheck): string {
  if (isAtChance(check)) return "backbone-at-chance";
  return isBelowChance(check) ? "backbone-below-chance" : "far-better-alternative";
}

/** How the same is chosen for a further network at a terminal. */
export function remedyOfMember(remedy: string): string {
  return remedy.replace("--preprocess ", "--member-preprocess ").replace("--classes ", "--member-classes ");
}
