import type { MemberInputs } from "../chains/chain-network.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { SecondTarget } from "../model/design.ts";
import { memberProfile, type Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import { makeOffload } from "../offload/make-offload.ts";
import { evaluationSpaces } from "../offload/partition-space.ts";
import { calibratedNetwork } from "../space/calibrated-exits.ts";
import type { DesignSpace } from "../space/design-space.ts";
import type { NetworkView, ProjectView } from "./project-view.ts";

/** Targets, and how often each class occurs there. */
interface ChosenTargets extends Pick<UseCase, "classWeights"> {
  readonly device: Profile;
  readonly offload?: SecondTarget;
}

/** The confidence tables of a project's networks, those of each by policy; all or none. */
export interface NetworkTables<Table = ConfidenceTable> {
  /** The backbone's. */
  readonly tables: ReadonlyMap<string, Table>;
  /** The further networks', by their SHA-256. */
  readonly memberTables: ReadonlyMap<string, ReadonlyMap<string, Table>>;
}

/**
 * The spaces of every chain of the networks that the device's profile has timed, in any order, and of every way to use a
 * device, or that and a server, the backbone alone on the device first: of all heads under all policies that were timed, classes
 * weighted.
 * @param calibrated at least one table
 * @throws AppError 'file-invalid' if a profile lacks some of the heads
 */
export function projectSpaces(
  project: ProjectView,
  { tables, memberTables }: NetworkTables,
  { device, classWeights, offload }: ChosenTargets,
): DesignSpace[] {
  const { backbone, heads, members, profiles } = project;
  const server = offload && profiles.find(({ id }) => id === offload.server);
  const inputs = {
    backboneSha256: backbone.sha256,
    ...calibratedNetwork(backbone, heads),
    tables,
    profile: device,
    classWeights,
    members: members.flatMap((member) => memberInputs(member, memberTables, device) ?? []),
  };
  return evaluationSpaces(inputs, server && makeOffload(project, server, offload.link));
}

/** Nothing of a network that isn't trained yet, or not timed. */
function memberInputs(
  { backbone, heads, tunedFrom }: NetworkView,
  memberTables: NetworkTables["memberTables"],
  device: Profile,
): MemberInputs | undefined {
  const { sha256, name, output } = backbone;
  const tables = memberTables.get(sha256);
  const profile = memberProfile(device, backbone);
  return tables && profile
    ? { ...calibratedNetwork(backbone, heads), tables, sha256, tunedFrom, name, output: output.name, profile }
    : undefined;
}
