import { create } from "zustand";
import type { PlanExit, PlanFigures } from "../../shared/domain/plan.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import { evaluatePlan, type Routing, routeSamples } from "../../shared/evaluate/evaluate-plan.ts";
import { fromPlanExits } from "../../shared/evaluate/plan-exits.ts";
import type { TableView } from "../../shared/ipc/channels.ts";
import { buildSearchSpace } from "../../shared/search/build-space.ts";
import type { SearchSpace } from "../../shared/search/search-space.ts";
import { useDesign } from "./design-store.ts";
import { useProject } from "./project-store.ts";

/**
 * Calibration table and the chosen profile, joined: what every plan is evaluated on, here in the window.
 * Null until there are heads, a calibration and a profile.
 */
export interface LiveState {
  readonly space: SearchSpace | null;
  /** Of the live plan; null without a space. */
  readonly figures: PlanFigures | null;
  readonly routing: Routing | null;
  /** Of the backbone alone, as the empty plan. */
  readonly backbone: PlanFigures | null;
}

export const useLive = create<LiveState>()(() => ({
  space: null,
  figures: null,
  routing: null,
  backbone: null,
}));

/** @returns null if the plan doesn't fit the space: of another model, or its head is gone */
export function figuresOf(space: SearchSpace, exits: readonly PlanExit[]): PlanFigures | null {
  try {
    return evaluatePlan(space, fromPlanExits(space, exits));
  } catch {
    return null;
  }
}

let spaceOf: readonly unknown[] = [];

function update(): void {
  const { project, tables } = useProject.getState();
  const { exits, target } = useDesign.getState();
  const inputs = [project, tables, target];
  const sameSpace = inputs.every((input, index) => input === spaceOf[index]);
  spaceOf = inputs;
  const space = sameSpace ? useLive.getState().space : spaceFor(project, tables, target);
  const figures = space && figuresOf(space, exits);
  useLive.setState({
    space,
    figures,
    routing: space && figures && routeSamples(space, fromPlanExits(space, exits)),
    backbone: space && (sameSpace ? useLive.getState().backbone : evaluatePlan(space, [])),
  });
}

/** The space of all heads under all policies on one target; null if a part is missing. */
export function spaceFor(
  project: ProjectView | null,
  tables: ReadonlyMap<string, TableView>,
  target: number,
): SearchSpace | null {
  const profile = project?.profiles[target];
  if (!project || !profile || tables.size === 0) return null;
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
  return buildSearchSpace({
    exits,
    tables,
    profile,
    backboneMacs: project.backbone.macs,
    backboneBytes: project.backbone.parameterBytes,
    maxExits: cutPoints.size,
    levels: 1,
  });
}

useProject.subscribe(update);
useDesign.subscribe(update);
