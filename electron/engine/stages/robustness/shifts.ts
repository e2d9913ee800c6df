import type { Robustness } from "../../../../shared/files/robustness.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { RobustnessOptions } from "../../../../shared/model/robustness-options.ts";
import type { ImageScale } from "../../dataset/corruptions/corruption.ts";
import { corruptionChange, type ImageChange, imageScale } from "../../dataset/corruptions/image-change.ts";
import { corruptionById, corruptions } from "../../dataset/corruptions/index.ts";

/** How images are made worse. */
export interface Shift {
  /** Null of images that stay as they are. */
  readonly corruption: string | null;
  readonly severity: number;
  readonly strength: number;
  /** For people. */
  readonly title: string;
  readonly change?: ImageChange;
}

/**
 * What is tried on images of a network's size: the corruptions as files state them, all if none are named, and every one of them
 * at every severity that is wanted, after the images as they are.
 * @throws AppError 'usage' if there is no such corruption
 */
export function shiftsWanted(
  options: Pick<RobustnessOptions, "corruptions" | "severities" | "seed">,
  input: Pick<BackboneInput, "height" | "width">,
) {
  const scale = imageScale(input);
  const stated = statedCorruptions(options.corruptions, scale);
  return { scale, corruptions: stated, shifts: shiftsOf(stated, options) };
}

function statedCorruptions(
  ids: readonly string[] = corruptions.map(({ id }) => id),
  scale: ImageScale,
): Robustness["corruptions"] {
  return [...new Set(ids)].map((id) => {
    const { title, strength, strengths } = corruptionById(id);
    return { id, title, strength, strengths: [...strengths[scale]] };
  });
}

function shiftsOf(
  stated: Robustness["corruptions"],
  { severities, seed }: Pick<RobustnessOptions, "severities" | "seed">,
): Shift[] {
  const wanted = [...new Set(severities)].sort((a, b) => a - b);
  const corrupted = stated.flatMap(({ id, title, strengths }) =>
    wanted.map((severity): Shift => {
      const strength = strengths[severity - 1];
      const change = corruptionChange(corruptionById(id), strength, seed);
      return { corruption: id, severity, strength, title: `${title}, severity ${severity}`, change };
    }),
  );
  return [asTheyAre, ...corrupted];
}

const asTheyAre: Shift = {
  corruption: null,
  severity: 0,
  strength: 0,
  title: "images as they are",
};
