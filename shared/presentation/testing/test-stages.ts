import type { ProjectView } from "../../files/project-view.ts";
import type { PlanExit } from "../../model/plan.ts";
import type { Profile } from "../../model/profile.ts";
import type { StageInputs } from "../progress/stage-state.ts";

export const exit: PlanExit = { cutPoint: "a", head: "mixed", policy: "top1", threshold: 0.9 };
const latency = { medianMs: 1, meanMs: 1.5, p5Ms: 1, p95Ms: 2, count: 10 };

export function profile(heads: readonly string[], meanMs = 1.5): Profile {
  return {
    format: "offramp-profile",
    version: 2,
    id: `${meanMs}`,
    graphSha256: "s",
    target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 },
    backbone: { ...latency, meanMs },
    final: latency,
    prefixes: [],
    heads: heads.map((cutPoint) => ({ ...latency, cutPoint, head: "mixed", policy: "top1" })),
    nodes: [],
  };
}

export const head = { cutPoint: "a", kind: "mixed", macs: 1, bytes: 1, temperature: 1 };
export const data = { path: "/images", format: "folder", classNames: [], splitOptions: {}, available: true };
export const front = {
  useCase: { latency: "mean", maxDropPp: 0.5 },
  profile: "1.5",
  recommended: { exits: [exit] },
};

/** Stages read no more of a project than stands here. */
export function stageInputs(project: object, rest: Partial<StageInputs> = {}): StageInputs {
  return {
    project: {
      backbone: { readyExits: [], cutPoints: ["a"] },
      heads: [],
      members: [],
      samples: 0,
      profiles: [],
      front: null,
      data: null,
      ...project,
    } as unknown as ProjectView,
    design: { exits: [exit], target: null, useCase: { maxDropPp: 0.5, latency: "mean" } },
    running: [],
    draft: { chosen: false, differs: false },
    exported: null,
    ...rest,
  };
}

export const explored = { heads: [head], profiles: [profile(["a"])], front, data };
