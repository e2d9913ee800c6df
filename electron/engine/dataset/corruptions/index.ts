import { byId } from "../../../../shared/base/by-id.ts";
import { brightness } from "./brightness.ts";
import { contrast } from "./contrast.ts";
import type { Corruption } from "./corruption.ts";
import { gaussianBlur } from "./gaussian-blur.ts";
import { gaussianNoise } from "./gaussian-noise.ts";
import { jpeg } from "./jpeg.ts";

/** Every way in which images are corrupted. */
export const corruptions: readonly Corruption[] = [gaussianNoise, gaussianBlur, contrast, jpeg, brightness];

/** @throws AppError 'usage' if there is no such corruption */
export function corruptionById(id: string): Corruption {
  return byId(corruptions, id, "corruption");
}
