import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { SecondTarget } from "../model/design.ts";
import type { Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import { makeOffload } from "../offload/make-offload.ts";
import { evaluationSpaces } from "../offload/partition-space.ts";
import { calibratedNetwork } from "../space/calibrated-exits.ts";
import type { DesignSpace } from "../space/design-space.ts";
import type { ProjectView } from "./project-view.ts";

/** Targets, and how often each class occurs there. */
interface ChosenTargets extends Pick<UseCase, "classWeights"> {
  readonly device: Profile;
  readonly offload?: SecondTarget;
}

/**
 * Every way to use a device, or that and a server, the device alone first: of all heads under all policies that were timed,
 * classes weighted.
 * @param tables by policy, at least one
 * @throws AppError 'file-invalid' if a profile lacks some of the heads
 */
export function projectSpaces(
  { backbone, preprocess, heads, profiles }: ProjectView,
  tables: ReadonlyMap<string, ConfidenceTable>,
  { device, classWeights, offload }: ChosenTargets,
): DesignSpace[] {
  const server = offload && profiles.find(({ id }) => id === offload.server);
  return evaluationSpaces(
    { ...calibratedNetwork(backbone, heads), tables, profile: device, classWeights },
    server && makeOffload({ backbone, preprocess }, server, offload.link),
  );
}
