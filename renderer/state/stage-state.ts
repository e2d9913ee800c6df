import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Design } from "../../shared/model/design.ts";
import type { PartitionedPlan, PlanExit } from "../../shared/model/plan.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import { chosenProfile, type Profile, type Target } from "../../shared/model/profile.ts";
import type { JobKind } from "./job-store.ts";
import { searchedTargets } from "./searched-targets.ts";
import type { PanelName } from "./view-store.ts";

export type StageState =
  | { readonly kind: "done"; readonly why?: string }
  /** Its result was made from something that has changed since. */
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "running"; readonly job: JobKind }
  | { readonly kind: "needs-you"; readonly why: string }
  /** Everything is there; nothing to do. */
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly for: PanelName };

/** What the data panel's form adds to the project. */
export interface DataDraft {
  readonly chosen: boolean;
  /** Whether heads trained now would be trained with other data or preprocessing than the project's. */
  readonly differs: boolean;
}

export interface StageInputs {
  readonly project: ProjectView;
  readonly design: Pick<Design, "exits" | "useCase" | "target" | "offload">;
  readonly running: readonly JobKind[];
  readonly draft: DataDraft;
  /** The plan that was exported last, and its target. */
  readonly exported: { readonly plan: PartitionedPlan; readonly target: Target } | null;
}

const jobsOf: Readonly<Record<PanelName, readonly JobKind[]>> = {
  model: ["open"],
  data: ["data"],
  heads: ["train"],
  profile: ["profile", "reference"],
  search: ["search"],
  export: ["export"],
};

/** The state of each stage, in the order that data flows through them. */
export function stageStates(inputs: StageInputs): Readonly<Record<PanelName, StageState>> {
  const at = (panel: PanelName, settled: (inputs: StageInputs) => StageState): StageState => {
    const job = jobsOf[panel].find((kind) => inputs.running.includes(kind));
    return job ? { kind: "running", job } : settled(inputs);
  };
  return {
    model: at("model", () => ({ kind: "done" })),
    data: at("data", dataState),
    heads: at("heads", headsState),
    profile: at("profile", profileState),
    search: at("search", searchState),
    export: at("export", exportState),
  };
}

function dataState({ project: { data }, draft }: StageInputs): StageState {
  if (draft.chosen || data?.available) return { kind: "done" };
  if (data) return { kind: "done", why: `${data.path} isn't on this machine; exploring works without it` };
  return { kind: "needs-you", why: "choose a labelled data set" };
}

function headsState({ project, draft }: StageInputs): StageState {
  if (project.heads.length === 0)
    return draft.chosen
      ? { kind: "needs-you", why: "train the exit heads" }
      : { kind: "waiting", for: "data" };
  if (draft.differs) return { kind: "stale", why: "the heads were trained with other data or preprocessing" };
  return { kind: "done" };
}

function profileState({ project, design }: StageInputs): StageState {
  const profile = chosenProfile(project.profiles, design.target);
  if (!profile)
    return project.heads.length === 0
      ? { kind: "waiting", for: "heads" }
      : { kind: "needs-you", why: "profile a target" };
  if (!coversHeads(profile, project))
    return { kind: "stale", why: "the profile lacks some of the heads; profile again" };
  return { kind: "done" };
}

function searchState({ project, design }: StageInputs): StageState {
  const profile = chosenProfile(project.profiles, design.target);
  if (project.heads.length === 0) return { kind: "waiting", for: "heads" };
  if (!profile) return { kind: "waiting", for: "profile" };
  const { front } = project;
  if (!front) return { kind: "needs-you", why: "search for plans" };
  if (!samePlainData(front.useCase, design.useCase))
    return { kind: "stale", why: "the front was searched for another use case" };
  const targets = searchedTargets(front, project, design);
  if (targets === "other device") return { kind: "stale", why: "the front was searched on another target" };
  if (targets === "older measurement")
    return { kind: "stale", why: "the front was searched with an older measurement of the target" };
  if (targets === "other server")
    return { kind: "stale", why: "the front was searched for another server or link" };
  if (!front.recommended.exits.every((exit) => hasHead(project, exit)))
    return { kind: "stale", why: "the front has exits with heads that are gone" };
  return { kind: "done" };
}

function exportState({ project, design, exported }: StageInputs): StageState {
  if (project.heads.length === 0) return { kind: "waiting", for: "heads" };
  const profile = chosenProfile(project.profiles, design.target);
  if (!profile) return { kind: "waiting", for: "profile" };
  if (!exported) return { kind: "ready" };
  if (!isSamePlan(exported.plan, { exits: design.exits, cut: design.offload?.cut }))
    return { kind: "stale", why: "the live plan has changed since it was exported" };
  return samePlainData(exported.target, profile.target)
    ? { kind: "done" }
    : { kind: "stale", why: "the plan was exported for another target" };
}

/** Whether a profile has a latency for every head. */
export function coversHeads(profile: Profile, { heads }: Pick<ProjectView, "heads">): boolean {
  return heads.every(({ cutPoint, kind }) =>
    profile.heads.some((timed) => timed.cutPoint === cutPoint && timed.head === kind),
  );
}

function hasHead({ heads }: ProjectView, exit: PlanExit): boolean {
  return heads.some(({ cutPoint, kind }) => cutPoint === exit.cutPoint && kind === exit.head);
}

/** Equal as JSON, whatever the order of keys; a key that is undefined is absent. */
export function samePlainData(a: unknown, b: unknown): boolean {
  return JSON.stringify(inKeyOrder(a)) === JSON.stringify(inKeyOrder(b));
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => [key, inKeyOrder(own)]),
  );
}
