import { create } from "zustand";
import type { Design } from "../../shared/domain/design.ts";
import type { PlanExit, PlanFigures } from "../../shared/domain/plan.ts";
import type { Profile } from "../../shared/domain/profile.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import type { UseCase } from "../../shared/domain/use-case.ts";
import { evaluatePlan, type Routing, type ThresholdedExit } from "../../shared/evaluate/evaluate-plan.ts";
import { fromPlanExits } from "../../shared/evaluate/plan-exits.ts";
import type { TableView } from "../../shared/ipc/channels.ts";
import { answerBytes, cutPlaces } from "../../shared/offload/cut-places.ts";
import { type CutSpace, cutSpaces, spaceUnderCut } from "../../shared/offload/cut-space.ts";
import { buildSearchSpace, profiledPolicies } from "../../shared/search/build-space.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { createLiveEvaluator, type LiveEvaluator } from "../live/live-evaluator.ts";
import { useDesign } from "./design-store.ts";
import { messageOf } from "./error-message.ts";
import { useProject } from "./project-store.ts";

/**
 * Calibration table and the chosen profile, joined: what every plan is evaluated on, here in the window.
 * Null until there are heads, a calibration and a profile.
 */
export interface LiveState {
  /** Under the design's cut, where there is a second target. */
  readonly space: SearchSpace | null;
  /** Every way to use the targets, the device alone first; empty without a space. */
  readonly ways: readonly CutSpace[];
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
  ways: [],
  problem: null,
  figures: null,
  routing: null,
  backbone: null,
};

export const useLive = create<LiveState>()(() => nothing);

/** @returns null if the plan doesn't fit the space: of another model, or its head is gone */
export function figuresOf(space: SearchSpace, exits: readonly PlanExit[]): PlanFigures | null {
  const placed = placedExits(space, exits);
  return placed && evaluatePlan(space, placed);
}

/** The exits among the space's candidates; null if one is not there, or they don't rise along the backbone. */
export function placedExits(space: SearchSpace, exits: readonly PlanExit[]): ThresholdedExit[] | null {
  try {
    const placed = fromPlanExits(space, exits);
    const positions = placed.map(({ candidate }) => space.candidates[candidate].position);
    return positions.every((position, k) => k === 0 || position > positions[k - 1]) ? placed : null;
  } catch {
    return null;
  }
}

let spaceOf: readonly unknown[] = [];
let exitsOf: readonly PlanExit[] | null = null;
let evaluator: LiveEvaluator | null = null;

/** Follows project and design; does nothing when neither space nor exits have changed. */
function update(): void {
  const { project, tables } = useProject.getState();
  const { exits, target, useCase, offload } = useDesign.getState();
  const inputs = [project, tables, target, useCase.classWeights, offload];
  const sameSpace = inputs.every((input, index) => input === spaceOf[index]);
  if (sameSpace && exits === exitsOf) return;
  spaceOf = inputs;
  exitsOf = exits;
  if (!sameSpace) useLive.setState(newSpace(project, tables, useDesign.getState()));
  useLive.setState(liveFigures(exits));
}

function newSpace(
  project: ProjectView | null,
  tables: ReadonlyMap<string, TableView>,
  { target, useCase, offload }: Design,
): LiveState {
  evaluator = null;
  try {
    const alone = spaceFor(project, tables, target, useCase);
    if (!project || !alone) return nothing;
    const ways = offloadWays(project, tables, { target, useCase, offload }) ?? [{ space: alone }];
    const { space } = spaceUnderCut(ways, ways.length > 1 ? offload?.cut : undefined);
    evaluator = createLiveEvaluator(space);
    return { ...nothing, space, ways, backbone: backboneFigures(alone, project.profiles[target]) };
  } catch (error) {
    return { ...nothing, problem: messageOf(error) };
  }
}

/** The empty plan's figures, but at the pace of the backbone as it came, which states no confidence. */
function backboneFigures(space: SearchSpace, { backbone: { meanMs } }: Profile): PlanFigures {
  return {
    ...evaluatePlan(space, []),
    latencyMs: { mean: meanMs, p50: meanMs, p95: meanMs, worst: meanMs },
  };
}

function liveFigures(exits: readonly PlanExit[]): Pick<LiveState, "figures" | "routing"> {
  const { space } = useLive.getState();
  const placed = space && placedExits(space, exits);
  if (!evaluator || !placed) return { figures: null, routing: null };
  return { figures: evaluator.evaluate(placed), routing: { ...evaluator.routing } };
}

/** All cuts for a second target; null if there is none. */
function offloadWays(
  project: ProjectView,
  tables: ReadonlyMap<string, TableView>,
  { target, useCase, offload }: Pick<Design, "target" | "useCase" | "offload">,
): CutSpace[] | null {
  const device = project.profiles[target];
  const server = offload && project.profiles[offload.server];
  if (!server) return null;
  const onBoth = profiledPolicies(tables, device).filter((policy) =>
    profiledPolicies(tables, server).includes(policy),
  );
  const shared = new Map([...tables].filter(([policy]) => onBoth.includes(policy)));
  const places = cutPlaces(project.backbone);
  return cutSpaces((profile) => spaceOn(project, shared, profile, useCase), device, {
    server,
    link: offload.link,
    places,
    answerBytes: answerBytes(project.backbone),
  });
}

/** The space of all heads under all policies that were timed on one target, its classes weighted; null if a part is missing. */
export function spaceFor(
  project: ProjectView | null,
  tables: ReadonlyMap<string, TableView>,
  target: number,
  useCase: Pick<UseCase, "classWeights">,
): SearchSpace | null {
  const profile = project?.profiles[target];
  return project && profile && tables.size > 0 ? spaceOn(project, tables, profile, useCase) : null;
}

function spaceOn(
  project: ProjectView,
  tables: ReadonlyMap<string, TableView>,
  profile: Profile,
  { classWeights }: Pick<UseCase, "classWeights">,
): SearchSpace {
  const cutPoints = new Map(project.backbone.cutPoints.map((cut) => [cut.tensor, cut]));
  const exits = project.heads.map(({ cutPoint, kind, macs, bytes }) => {
    const cut = cutPoints.get(cutPoint)!;
    return {
      position: cut.index,
      cutPoint,
      head: kind,
      prefixMacs: cut.macs,
      headMacs: macs,
      headBytes: bytes,
    };
  });
  const policies = profiledPolicies(tables, profile);
  return buildSearchSpace({
    exits,
    tables: new Map([...tables].filter(([policy]) => policies.includes(policy))),
    profile,
    backboneMacs: project.backbone.macs,
    backboneBytes: project.backbone.parameterBytes,
    peakActivationBytes: project.backbone.peakActivationBytes,
    maxExits: cutPoints.size,
    levels: 1,
    classWeights,
  });
}

useProject.subscribe(update);
useDesign.subscribe(update);
