import type { Job } from "../../../shared/base/job.ts";
import { type DropBounds, usualConfidence } from "../../../shared/guarantee/drop-bounds.ts";
import { estimateSelectionBias } from "../../../shared/guarantee/estimate-selection-bias.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { exitPolicyById } from "../policies/index.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * What a search's plans are judged by where it is about new images.
 * @throws AppError 'cancelled'
 */
export async function estimateDropBounds(
  { offload }: Pick<SearchInputs, "offload">,
  spaces: readonly DesignSpace[],
  { policies, useCase, seed }: SearchOptions,
  job: Job,
): Promise<DropBounds> {
  if (spaces[0].space.weights) return { none: "weights" };
  if (offload) return { none: "server" };
  // Their offsets were fitted to all of the samples, so no half is new to them.
  if (policies.some((policy) => exitPolicyById(policy).base)) return { none: "per-class" };
  const bias = await estimateSelectionBias(spaces, useCase, seed, job);
  if (!bias) return { none: "unsearched" };
  return { confidence: useCase.confidence ?? usualConfidence, bias };
}
