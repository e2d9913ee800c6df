import { useMemo } from "react";
import { routeSamples } from "../../shared/evaluate/evaluate-plan.ts";
import { placedExits } from "../../shared/evaluate/live/place-exits.ts";
import { type RivalsFound, rivalsOf } from "../../shared/evaluate/live/rival.ts";
import type { FrontFile } from "../../shared/files/front-file.ts";
import { type NetworkTables, projectSpaces } from "../../shared/files/project-spaces.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { findSpace } from "../../shared/space/design-space.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { useProject } from "./project-store.ts";

/** Static networks beside the plan that the last search recommends, on the target and with the weights that it was for. */
export function useFrontRivals(): RivalsFound | undefined {
  const { project, tables, memberTables } = useProject();
  return useMemo(
    () => (project?.front ? frontRivals(project.front, project, { tables, memberTables }) : undefined),
    [project, tables, memberTables],
  );
}

function frontRivals(
  { recommended, profile, useCase, crossFit }: FrontFile,
  project: ProjectView,
  calibrated: NetworkTables,
): RivalsFound | undefined {
  const device = project.profiles.find(({ id }) => id === profile);
  const references = project.references.filter(({ target }) => target === profile);
  // A partitioned plan runs on two targets, a reference on one.
  if (!device || references.length === 0 || calibrated.tables.size === 0 || recommended.cut !== undefined)
    return undefined;
  const space = spaceOn(device, useCase, project, calibrated, recommended);
  const placed = space && placedExits(space, recommended.exits);
  if (!placed) return undefined;
  const { correct } = routeSamples(space, placed);
  const plan = { correct, meanMs: recommended.figures.latencyMs.mean };
  return rivalsOf(references, crossFit ?? "calibration", plan, space);
}

/** Undefined where the profile lacks some of the heads, as one from elsewhere may. */
function spaceOn(
  device: Profile,
  { classWeights }: UseCase,
  project: ProjectView,
  calibrated: NetworkTables,
  plan: PartitionedPlan,
): SearchSpace | undefined {
  try {
    const spaces = projectSpaces(project, calibrated, { device, classWeights });
    return findSpace(spaces, { chain: plan.chain })?.space;
  } catch {
    return undefined;
  }
}
