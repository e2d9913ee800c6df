import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import {
  type Offload,
  type PartitionSpace,
  partitionSpaces,
} from "../../../shared/offload/partition-space.ts";
import { buildSearchSpace, type SpaceInputs } from "../../../shared/space/build-space.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";

/**
 * Everything that a search reads; made from a project, or from tables and a profile that came from elsewhere. The tables
 * are those of the calibration split.
 */
export interface SearchInputs extends Omit<SpaceInputs, "maxExits" | "levels" | "classWeights"> {
  readonly backboneSha256: string;
  /** The second target, if there is one. */
  readonly offload?: Offload;
  /** Of the calibration samples, beside the use case's class weights. */
  readonly sampleWeights?: readonly number[];
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
  const exits = heads.map((head) => {
    const cut = cutPointByTensor(summary, head.cutPoint);
    return {
      position: cut.index,
      cutPoint: head.cutPoint,
      head: head.kind,
      prefixMacs: cut.macs,
      headMacs: head.macs,
      headBytes: head.bytes,
    };
  });
  return {
    backboneSha256: summary.sha256,
    exits,
    tables,
    profile: profileOfModel(summary, profile),
    backboneMacs: summary.macs,
    backboneBytes: summary.parameterBytes,
    peakActivationBytes: summary.peakActivationBytes,
  };
}

type SpaceOptions = Pick<SearchOptions, "maxExits" | "levels"> & {
  readonly useCase?: Pick<UseCase, "classWeights">;
};

/** The space of one split under some policies, its classes weighted as the use case says. */
export function spaceOf(
  inputs: SearchInputs,
  tables: ReadonlyMap<string, ConfidenceTable>,
  policies: readonly string[],
  { maxExits, levels, useCase }: SpaceOptions,
): SearchSpace {
  const chosen = new Map([...tables].filter(([policy]) => policies.includes(policy)));
  return buildSearchSpace({
    ...inputs,
    tables: chosen,
    maxExits,
    levels,
    classWeights: useCase?.classWeights,
  });
}

/** The spaces of all ways to use the targets: the device alone, and every partition if there is a server. */
export function partitionSpacesOf(
  inputs: SearchInputs,
  policies: readonly string[],
  limits: SpaceOptions,
): PartitionSpace[] {
  const spaceOn = (profile: Profile) => spaceOf({ ...inputs, profile }, inputs.tables, policies, limits);
  const { profile, offload } = inputs;
  return offload ? partitionSpaces(spaceOn, profile, offload) : [{ space: spaceOn(profile) }];
}
