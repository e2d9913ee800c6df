import type { MemberInputs, Members } from "../../../shared/chains/chain-network.ts";
import type { HeldOutPart } from "../../../shared/cross-fit/join-tables.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";
import type { PreparedNetworks } from "../../../shared/offload/make-offload.ts";
import type { EvaluationInputs } from "../../../shared/space/build-space.ts";
import { calibratedNetwork } from "../../../shared/space/calibrated-exits.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { choicePart, tablesOn } from "./choice-tables.ts";
import type { Project } from "./project.ts";

/** What plans of a project's networks are evaluated on; samples may have weights beside the use case's class weights. */
export interface NetworksInputs extends Omit<EvaluationInputs, "classWeights">, Members {
  /** Names of the networks that the profile has no latencies of: nothing is known of chains with them. */
  readonly untimed?: readonly string[];
}

/** What of a project a search over its networks reads. */
export type SearchedProject = Pick<Project, "backbone" | "heads" | "tables" | "members">;

/**
 * What a search over a project's networks reads, on a part of the held-out samples.
 * @throws AppError 'file-invalid' if the profile was made for another model
 */
export function searchInputs(
  { members, ...backbone }: SearchedProject,
  part: HeldOutPart,
  given: Profile,
): NetworksInputs {
  const { summary } = backbone.backbone;
  const profile = profileOfModel(summary, given);
  const timed = members.flatMap((member) => memberInputs(member, part, profile) ?? []);
  const untimed = members
    .map(({ backbone: { summary: own } }) => own)
    .filter(({ sha256 }) => !timed.some((member) => member.sha256 === sha256));
  return {
    backboneSha256: summary.sha256,
    ...networkInputs(backbone, part),
    profile,
    ...(members.length > 0 && { members: timed, untimed: untimed.map(({ name }) => name) }),
  };
}

/** The same on the samples that plans are chosen on. @throws what `searchInputs` throws */
export function choiceInputs(
  project: SearchedProject & Pick<Project, "front">,
  given: Profile,
): NetworksInputs {
  return searchInputs(project, choicePart(project), given);
}

/** The project's networks with what makes their images, as a second target is told of them. */
export function preparedNetworks({
  backbone,
  preprocess,
  members,
}: Pick<Project, "backbone" | "preprocess" | "members">): PreparedNetworks {
  const prepared = (own: Pick<Project, "backbone" | "preprocess">) => ({
    backbone: own.backbone.summary,
    preprocess: own.preprocess,
  });
  return { ...prepared({ backbone, preprocess }), members: members.map(prepared) };
}

function networkInputs({ backbone, heads, tables }: Omit<SearchedProject, "members">, part: HeldOutPart) {
  return { ...calibratedNetwork(backbone.summary, heads), tables: tablesOn(tables, part) };
}

/** Nothing if the profile has no latencies of the member. */
function memberInputs(
  member: SearchedProject["members"][number],
  part: HeldOutPart,
  timed: Profile,
): MemberInputs | undefined {
  const { summary } = member.backbone;
  const { sha256, name, output } = summary;
  const profile = memberProfile(timed, summary);
  const { tunedFrom } = member;
  return profile && { ...networkInputs(member, part), sha256, tunedFrom, name, output: output.name, profile };
}
