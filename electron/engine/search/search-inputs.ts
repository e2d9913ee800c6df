import { buildChains } from "../../../shared/chains/build-chains.ts";
import type { MemberInputs, Members } from "../../../shared/chains/chain-network.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { type Offload, partitionSpaces } from "../../../shared/offload/partition-space.ts";
import { buildSearchSpace, type EvaluationInputs } from "../../../shared/space/build-space.ts";
import { calibratedNetwork } from "../../../shared/space/calibrated-exits.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import type { CalibratedModel, Project } from "../project/project.ts";

/**
 * Everything that a search reads; made from a project, or from tables and a profile that came from elsewhere. The tables
 * are those of the calibration split. Samples may have weights, beside the use case's class weights.
 */
export interface SearchInputs extends Omit<EvaluationInputs, "classWeights">, Members {
  /** Names of the networks that the profile has no latencies of: nothing is known of chains with them. */
  readonly untimed?: readonly string[];
  /** The second target, if there is one. */
  readonly offload?: Offload;
}

/** What of a project a search over its networks reads. */
export type SearchedProject = Pick<Project, "backbone" | "heads" | "tables" | "members">;

/**
 * What a search over a project's networks reads, on the samples of a split.
 * @throws AppError 'file-invalid' if the profile was made for another model
 */
export function searchInputs(
  { members, ...backbone }: SearchedProject,
  split: keyof CalibratedModel["tables"],
  given: Profile,
): SearchInputs {
  const { summary } = backbone.backbone;
  const profile = profileOfModel(summary, given);
  const timed = members.flatMap((member) => memberInputs(member, split, profile) ?? []);
  const untimed = members
    .map(({ backbone: { summary: own } }) => own)
    .filter(({ sha256 }) => !timed.some((member) => member.sha256 === sha256));
  return {
    backboneSha256: summary.sha256,
    ...networkInputs(backbone, split),
    profile,
    ...(members.length > 0 && { members: timed, untimed: untimed.map(({ name }) => name) }),
  };
}

function networkInputs(
  { backbone, heads, tables }: Omit<SearchedProject, "members">,
  split: keyof CalibratedModel["tables"],
) {
  return { ...calibratedNetwork(backbone.summary, heads), tables: tables[split] };
}

/** Nothing if the profile has no latencies of the member. */
function memberInputs(
  member: CalibratedModel,
  split: keyof CalibratedModel["tables"],
  { members = [] }: Profile,
): MemberInputs | undefined {
  const { sha256, name, graphSha256, output } = member.backbone.summary;
  const profile = members.find((timed) => timed.graphSha256 === graphSha256);
  return profile && { ...networkInputs(member, split), sha256, name, output: output.name, profile };
}

/**
 * The spaces to search, the backbone alone on the device first: every chain of the project's networks, or every partition if
 * there is a server.
 */
export function searchSpaces(inputs: SearchInputs, options: SearchOptions): DesignSpace[] {
  const { maxExits, levels, useCase, policies } = options;
  const wanted = <Network extends { readonly tables: ReadonlyMap<string, ConfidenceTable> }>(
    network: Network,
  ) => ({
    ...network,
    tables: new Map([...network.tables].filter(([policy]) => policies.includes(policy))),
  });
  const { members = [], ...backbone } = inputs;
  const settings = { ...wanted(backbone), maxExits, levels, classWeights: useCase.classWeights };
  if (members.length > 0) return buildChains({ ...settings, members: members.map(wanted) }, "cheaper-first");
  return partitionSpaces(
    (profile) => buildSearchSpace({ ...settings, profile }),
    inputs.profile,
    inputs.offload,
  );
}
