import { AppError } from "../../../shared/base/errors.ts";
import type { Link } from "../../../shared/model/link.ts";
import { type Plan, wayOf } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { makeOffload } from "../../../shared/offload/make-offload.ts";
import { type Offload, planSpace } from "../../../shared/offload/partition-space.ts";
import { type PlanFlow, planFlow } from "../../../shared/sdf/plan-flow.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { preparedNetworks } from "../project/networks-inputs.ts";
import type { Project } from "../project/project.ts";
import type { SearchInputs } from "../search/search-inputs.ts";

/**
 * What a second target adds to a search over a project's networks.
 * @throws AppError 'file-invalid' if the server's profile was made for another model
 */
export function offloadTo(
  project: Pick<Project, "backbone" | "preprocess" | "members">,
  server: Profile,
  link: Link,
): Offload {
  return makeOffload(preparedNetworks(project), profileOfModel(project.backbone.summary, server), link);
}

/**
 * The dataflow of a plan on the calibration split.
 * @throws AppError 'file-invalid' if the plan's exits or its partition are not there, 'usage' if it is partitioned and there is no
 * server
 */
export function flowOfPlan(inputs: SearchInputs, { exits, ...plan }: Plan): PlanFlow {
  const { cut } = plan;
  if (cut !== undefined && !inputs.offload)
    throw new AppError("usage", `the plan is partitioned at ${cut}, and the part behind it has no server`, {
      missing: "server",
    });
  const on = planSpace(inputs, wayOf(plan), inputs.offload);
  return planFlow(on, fromPlanExits(on.space, exits));
}
