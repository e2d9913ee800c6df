import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import {
  type Offload,
  type PartitionSpace,
  partitionSpaces,
} from "../../../shared/offload/partition-space.ts";
import { buildSearchSpace, type EvaluationInputs } from "../../../shared/space/build-space.ts";
import { calibratedNetwork } from "../../../shared/space/calibrated-exits.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";

/**
 * Everything that a search reads; made from a project, or from tables and a profile that came from elsewhere. The tables
 * are those of the calibration split. Samples may have weights, beside the use case's class weights.
 */
export interface SearchInputs extends Omit<EvaluationInputs, "classWeights"> {
  readonly backboneSha256: string;
  /** The second target, if there is one. */
  readonly offload?: Offload;
}

/**
 * What a search over a model's own heads reads.
 * @throws AppError 'file-invalid' if the profile was made for another model
 */
export function searchInputs(
  backbone: Backbone,
  heads: readonly Head[],
  tables: ReadonlyMap<string, ConfidenceTable>,
  profile: Profile,
): SearchInputs {
  const { summary } = backbone;
  return {
    backboneSha256: summary.sha256,
    ...calibratedNetwork(summary, heads),
    tables,
    profile: profileOfModel(summary, profile),
  };
}

/** The spaces to search: the device alone, and every partition if there is a server. */
export function searchSpaces(
  inputs: SearchInputs,
  { policies, maxExits, levels, useCase: { classWeights } }: SearchOptions,
): PartitionSpace[] {
  const tables = new Map([...inputs.tables].filter(([policy]) => policies.includes(policy)));
  const spaceOn = (profile: Profile) =>
    buildSearchSpace({ ...inputs, tables, profile, maxExits, levels, classWeights });
  return partitionSpaces(spaceOn, inputs.profile, inputs.offload);
}
