import type { StageRunner } from "../../electron/engine/index.ts";
import { searchInputs } from "../../electron/engine/search/search-inputs.ts";
import { planOutputs } from "../../electron/engine/stages/plan-outputs.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { planSpace } from "../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../shared/space/plan-exits.ts";
import type { BenchedProject } from "../plans/benched-project.ts";
import type { PlacedSplit, PlacedSplits } from "./memory-plans.ts";

/** Runs both splits through a plan's exits. @param levels of the thresholds at each exit */
export async function placePlan(
  benched: BenchedProject,
  plan: PartitionedPlan,
  levels: number,
  stages: StageRunner,
): Promise<PlacedSplits> {
  const placed = async (split: "calibration" | "test"): Promise<PlacedSplit> => ({
    space: spaceOfExits(benched, plan, split, levels),
    outputs: await stages.run("calibrate", (context) =>
      planOutputs(context, benched.project, benched.data, plan, split),
    ),
  });
  return { choice: await placed("calibration"), test: await placed("test") };
}

function spaceOfExits(
  { project, profile }: BenchedProject,
  { exits, chain }: PartitionedPlan,
  split: "calibration" | "test",
  levels: number,
): PlacedSplit["space"] {
  const { space } = planSpace(searchInputs(project, split, profile), { chain });
  const candidates = fromPlanExits(space, exits).map(({ candidate }) => space.candidates[candidate]);
  return { ...space, candidates, maxExits: candidates.length, levels };
}
