import { create } from "zustand";
import type { Routing } from "../../shared/evaluate/evaluate-plan.ts";
import { createLiveEvaluator, type LiveEvaluator } from "../../shared/evaluate/live/live-evaluator.ts";
import { placedExits } from "../../shared/evaluate/live/place-exits.ts";
import { type NetworkTables, projectSpaces } from "../../shared/files/project-spaces.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Design } from "../../shared/model/design.ts";
import {
  isSameChain,
  isSamePartition,
  type PlanExit,
  type PlanFigures,
  type PlanWay,
} from "../../shared/model/plan.ts";
import { chosenProfile } from "../../shared/model/profile.ts";
import { backboneFigures, backbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import { type DesignSpace, spaceOfPlan } from "../../shared/space/design-space.ts";
import { referenceAccuracy } from "../../shared/space/reference-point.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { livePlanOf, useDesign } from "./design-store.ts";
import { messageOf } from "./error-message.ts";
import { obstacleToNetwork } from "./live/network-obstacle.ts";
import { useProject } from "./project-store.ts";

/**
 * Calibration table and the chosen profile, joined: what every plan is evaluated on, here in the window.
 * Null until there are heads, a calibration and a profile.
 */
export interface LiveState {
  /** Of the live plan's networks, at its partition where there is a second target. */
  readonly space: SearchSpace | null;
  /** Every chain of the networks and every way to use the targets, the backbone alone on the device first; empty without a space. */
  readonly partitionSpaces: readonly DesignSpace[];
  /** Why there is no space although there are tables and a profile; null otherwise. */
  readonly problem: string | null;
  /** Of the live plan; null without a space, and if the plan doesn't fit it. */
  readonly figures: PlanFigures | null;
  /** Of the live plan. Each evaluation gives another object around the same arrays: read it at once, don't keep it. */
  readonly routing: Routing | null;
  /** Of the backbone as it came: what plans are compared with. */
  readonly backbone: PlanFigures | null;
}

const nothing: LiveState = {
  space: null,
  partitionSpaces: [],
  problem: null,
  figures: null,
  routing: null,
  backbone: null,
};

export const useLive = create<LiveState>()(() => nothing);

let inputsOf: readonly unknown[] = [];
let wayOfPlan: PlanWay = {};
let exitsOf: readonly PlanExit[] | null = null;
let evaluator: LiveEvaluator | null = null;

/** Follows project and design; does nothing when neither targets, networks, partition nor exits have changed. */
export function updateLive(): void {
  const { project, tables, memberTables } = useProject.getState();
  const { exits, chain, target, useCase, offload } = useDesign.getState();
  const { server, link } = offload ?? {};
  const way = livePlanOf({ exits, chain, offload });
  const inputs = [project, tables, memberTables, target, useCase.classWeights, server, link];
  const sameTargets = inputs.every((input, index) => input === inputsOf[index]);
  const sameSpace = sameTargets && isSamePartition(way, wayOfPlan) && isSameChain(way, wayOfPlan);
  if (sameSpace && exits === exitsOf) return;
  inputsOf = inputs;
  wayOfPlan = way;
  exitsOf = exits;
  let state = useLive.getState();
  if (!sameTargets) state = onTargets(project, { tables, memberTables }, useDesign.getState());
  if (!sameSpace) state = inSpaceOf(state, way, project);
  useLive.setState(withLivePlan(state, exits));
}

function onTargets(project: ProjectView | null, calibrated: NetworkTables, design: Design): LiveState {
  try {
    const device = project && chosenProfile(project.profiles, design.target);
    if (!device || calibrated.tables.size === 0) return nothing;
    const { useCase, offload } = design;
    const partitionSpaces = projectSpaces(project, calibrated, {
      device,
      offload,
      classWeights: useCase.classWeights,
    });
    const [{ space }] = partitionSpaces;
    const accuracy = referenceAccuracy(space);
    const backbone = backboneFigures(backbonePoint(project.backbone, device, accuracy));
    return { ...nothing, partitionSpaces, backbone };
  } catch (error) {
    return { ...nothing, problem: messageOf(error) };
  }
}

function inSpaceOf(
  state: LiveState,
  { chain, cut, cutMember }: PlanWay,
  project: ProjectView | null,
): LiveState {
  evaluator = null;
  const { partitionSpaces } = state;
  if (partitionSpaces.length === 0 || !project) return state;
  const profile = chosenProfile(project.profiles, useDesign.getState().target);
  const obstacles = (chain ?? []).flatMap((sha256) => obstacleToNetwork(project, profile, sha256) ?? []);
  if (obstacles.length > 0) return { ...state, space: null, problem: `${obstacles.join("; ")}.` };
  try {
    const isPartitionable = partitionSpaces.some(({ partition }) => partition);
    const { space } = spaceOfPlan(partitionSpaces, isPartitionable ? { chain, cut, cutMember } : { chain });
    evaluator = createLiveEvaluator(space);
    return { ...state, space, problem: null };
  } catch (error) {
    return { ...state, space: null, problem: messageOf(error) };
  }
}

function withLivePlan(state: LiveState, exits: readonly PlanExit[]): LiveState {
  const placed = state.space && placedExits(state.space, exits);
  if (!evaluator || !placed) return { ...state, figures: null, routing: null };
  return { ...state, figures: evaluator.evaluate(placed), routing: { ...evaluator.routing } };
}
