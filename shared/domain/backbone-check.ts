import { z } from "zod";
import { preprocessSchema } from "./preprocess.ts";

/** A finding that people read: `code` for programs, `text` a sentence. */
export const warningSchema = z.object({ code: z.string(), text: z.string() });
export type Warning = Readonly<z.infer<typeof warningSchema>>;

/** Another preprocessing or order of the classes under which the backbone is right far more often. */
export const alternativeSchema = z.object({
  /** What is different, as words: "channels as BGR". */
  what: z.string(),
  accuracy: z.number(),
  /** How it is chosen at a terminal. */
  remedy: z.string(),
  /** What to choose instead; absent where it stays. */
  preprocess: preprocessSchema.optional(),
  classNames: z.array(z.string()).optional(),
});

/** How often the backbone is right on some training images, before anything is trained. */
export const backboneCheckSchema = z.object({
  images: z.number().int(),
  /** Share (0-1); 0 without images. */
  accuracy: z.number(),
  /** Exact 95 % interval of the accuracy (Clopper-Pearson). */
  interval: z.tuple([z.number(), z.number()]),
  /** What guessing among the classes that have images is right on. */
  chance: z.number(),
  /** The best first. */
  alternatives: z.array(alternativeSchema),
});

export type Alternative = Readonly<z.infer<typeof alternativeSchema>>;
export type BackboneCheck = Readonly<z.infer<typeof backboneCheckSchema>>;

/** Fewer images than this prove nothing. */
export const fewestChecked = 30;

/** Whether the backbone can't be told from guessing, or is worse. */
export function isAtChance({ images, interval: [low], chance }: BackboneCheck): boolean {
  return images >= fewestChecked && low <= chance;
}

const share = (value: number) => `${(100 * value).toFixed(1)} %`;

/** What was measured: "is right on 8.0 % of 500 training images (95 %: 5.8 to 10.7), guessing on 8.3 %". */
function measured({ images, accuracy, interval: [low, high], chance }: BackboneCheck): string {
  const bounds = `95 %: ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`;
  return `the backbone is right on ${share(accuracy)} of ${images} training images (${bounds}), guessing on ${share(chance)}`;
}

/** What a check found that a person should know before training. */
export function checkWarnings(check: BackboneCheck): Warning[] {
  const [best] = check.alternatives;
  if (isAtChance(check)) return [{ code: "backbone-at-chance", text: describeChance(check) }];
  if (!best) return [];
  const text = `${measured(check)}; with ${best.what} it would be ${share(best.accuracy)}`;
  return [{ code: "far-better-alternative", text }];
}

/** That the backbone guesses, and what would help or could be wrong. */
export function describeChance(check: BackboneCheck): string {
  const [best] = check.alternatives;
  const help = best
    ? `with ${best.what} it would be ${share(best.accuracy)}`
    : "either the preprocessing isn't the one that it was trained with, or the classes stand in another order";
  return `${measured(check)}, which is no better: ${help}`;
}
