import { formatCounted } from "../../base/format-number.ts";
import { samePlainData } from "../../base/plain-data.ts";
import { networkOf, networkViews, type ProjectView } from "../../files/project-view.ts";
import { searchedTargets } from "../../files/searched-targets.ts";
import { type Design, designedPlan } from "../../model/design.ts";
import type { PartitionedPlan, PlanExit } from "../../model/plan.ts";
import { isSamePlan, outputHead } from "../../model/plan.ts";
import { chosenProfile, memberProfile, type Profile, type Target } from "../../model/profile.ts";
import { cameWith, uncalibratedExits } from "../words/ready-exits.ts";

/** The stages of a project, in the order that data flows through them. */
export const stageNames = ["model", "data", "heads", "profile", "search", "export"] as const;
export type StageName = (typeof stageNames)[number];

/** What a person can start and stop; one of each kind at a time. */
export type JobKind =
  | "open"
  | "data"
  | "check"
  | "answers"
  | "train"
  | "profile"
  | "search"
  | "ensemble"
  | "export"
  | "reference"
  | "robustness"
  | "member"
  | "tune"
  | "field";

export type StageState =
  | { readonly kind: "done"; readonly why?: string }
  /** Its result was made from something that has changed since. */
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "running"; readonly job: JobKind }
  /** At most one stage does, which is the next step (`next-step.ts`). */
  | { readonly kind: "needs-you"; readonly why: string }
  /** Everything is there; it can be done, or is done on the way. */
  | { readonly kind: "ready"; readonly why?: string }
  /** What it was made from isn't there any more; what was made still holds. */
  | { readonly kind: "gone"; readonly why: string }
  | { readonly kind: "waiting"; readonly for: StageName };

/** What the data panel's form adds to the project. */
export interface DataDraft {
  readonly chosen: boolean;
  /** A data set that was chosen and read, and has gone from its place since; absent or null otherwise. */
  readonly gone?: string | null;
  /** Whether heads trained now would be trained with other data or preprocessing than the project's. */
  readonly differs: boolean;
}

export interface StageInputs {
  readonly project: ProjectView;
  readonly design: Pick<Design, "exits" | "chain" | "useCase" | "target" | "offload">;
  readonly running: readonly JobKind[];
  readonly draft: DataDraft;
  /** The plan that was exported last, and its target. */
  readonly exported: { readonly plan: PartitionedPlan; readonly target: Target } | null;
}

const jobsOf: Readonly<Record<StageName, readonly JobKind[]>> = {
  model: ["open", "member"],
  data: ["data"],
  heads: ["train", "tune"],
  profile: ["profile", "reference"],
  search: ["search"],
  export: ["export"],
};

/** How each stage stands, in the order that data flows through them. */
export function stageStates(inputs: StageInputs): Readonly<Record<StageName, StageState>> {
  const at = (panel: StageName, settled: (inputs: StageInputs) => StageState): StageState => {
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

/** Places for exits in all networks of a project. */
export function cutPointCount(project: ProjectView): number {
  return networkViews(project).reduce((sum, { backbone }) => sum + backbone.cutPoints.length, 0);
}

function dataState({ project, draft }: StageInputs): StageState {
  const { data } = project;
  if (draft.gone != null && project.heads.length === 0)
    return { kind: "needs-you", why: `${draft.gone} isn't there any more; bring it back or choose another` };
  if (draft.gone != null)
    return { kind: "gone", why: `${draft.gone} isn't there any more; exploring works without it` };
  if (draft.chosen || data?.available) return { kind: "done" };
  if (data) return { kind: "gone", why: `${data.path} isn't there; exploring works without it` };
  if (cutPointCount(project) === 0) return { kind: "waiting", for: "model" };
  return { kind: "needs-you", why: "choose a labelled data set" };
}

function headsState({ project, draft }: StageInputs): StageState {
  const ready = uncalibratedExits(project).length;
  if (ready > 0)
    return draft.chosen
      ? {
          kind: "ready",
          why: `Run all calibrates the ${formatCounted(ready, "exit")} that came with the network`,
        }
      : { kind: "done", why: `${cameWith(ready)}; nothing has to be trained` };
  if (project.heads.length === 0)
    return draft.chosen
      ? { kind: "ready", why: "Run all trains the exit heads" }
      : { kind: "waiting", for: "data" };
  if (draft.differs) return { kind: "stale", why: "the heads were trained with other data or preprocessing" };
  return { kind: "done" };
}

/** What heads are lacking for: exits that came with the network lack images alone. */
function headsWaitFor({ project, draft }: StageInputs): StageName {
  return uncalibratedExits(project).length > 0 && !draft.chosen ? "data" : "heads";
}

/** Without heads a target can be chosen once there is data; then all runs from there. */
function firstProfileState(inputs: StageInputs): StageState {
  const { project, draft, running } = inputs;
  if (project.heads.length > 0) return { kind: "needs-you", why: "profile a target" };
  return draft.chosen && !running.includes("train")
    ? { kind: "needs-you", why: "choose the target and run all" }
    : { kind: "waiting", for: headsWaitFor(inputs) };
}

function profileState(inputs: StageInputs): StageState {
  const { project, design } = inputs;
  const profile = chosenProfile(project.profiles, design.target);
  if (!profile) return firstProfileState(inputs);
  if (!coversHeads(profile, project))
    return { kind: "stale", why: "the profile lacks some of the heads; profile again" };
  const [untimed] = untimedNetworks(profile, project);
  if (untimed) return { kind: "stale", why: `the profile lacks ${untimed}; profile again to time it` };
  return { kind: "done" };
}

function searchState(inputs: StageInputs): StageState {
  const { project, design } = inputs;
  const profile = chosenProfile(project.profiles, design.target);
  if (project.heads.length === 0) return { kind: "waiting", for: headsWaitFor(inputs) };
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
  const [unsearched] = unsearchedNetworks(project, profile);
  if (unsearched) return { kind: "stale", why: `the front was searched without ${unsearched}; search again` };
  if (!front.recommended.exits.every((exit) => hasHead(project, exit)))
    return { kind: "stale", why: "the front has exits with heads that are gone" };
  return { kind: "done" };
}

function exportState(inputs: StageInputs): StageState {
  const { project, design, exported } = inputs;
  if (project.heads.length === 0) return { kind: "waiting", for: headsWaitFor(inputs) };
  const profile = chosenProfile(project.profiles, design.target);
  if (!profile) return { kind: "waiting", for: "profile" };
  if (!exported) return { kind: "ready" };
  if (!isSamePlan(exported.plan, designedPlan(design)))
    return { kind: "stale", why: "the live plan has changed since it was exported" };
  return samePlainData(exported.target, profile.target)
    ? { kind: "done" }
    : { kind: "stale", why: "the plan was exported for another target" };
}

/** Names of the trained networks that a profile has no latencies of: plans on its target can't go through them. */
export function untimedNetworks(
  profile: Profile,
  { members, samples }: Pick<ProjectView, "members" | "samples">,
): string[] {
  if (samples === 0) return [];
  return members
    .filter(({ backbone }) => !memberProfile(profile, backbone))
    .map(({ backbone }) => backbone.name);
}

/** Names of the tuned networks that plans could go through on a target, but that weren't there when the front was searched. */
export function unsearchedNetworks(
  { members, front }: Pick<ProjectView, "members" | "front">,
  profile: Profile,
): string[] {
  const tuned = members.filter(
    (member) => member.tunedFrom !== undefined && memberProfile(profile, member.backbone),
  );
  return front?.frozen ? [] : tuned.map(({ backbone }) => backbone.name);
}

/** Whether a profile has a latency for every head. */
export function coversHeads(profile: Profile, { heads }: Pick<ProjectView, "heads">): boolean {
  return heads.every(({ cutPoint, kind }) =>
    profile.heads.some((timed) => timed.cutPoint === cutPoint && timed.head === kind),
  );
}

function hasHead(project: ProjectView, { member, cutPoint, head }: PlanExit): boolean {
  const network = networkOf(project, member);
  if (head === outputHead) return network?.backbone.output.name === cutPoint;
  return network?.heads.some((own) => own.cutPoint === cutPoint && own.kind === head) === true;
}
