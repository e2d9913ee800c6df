import { shareInterval } from "../../../../shared/base/intervals.ts";
import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { exitLatencies, figuresOfCounts } from "../../../../shared/evaluate/evaluate-plan.ts";
import { placedExits } from "../../../../shared/evaluate/live/place-exits.ts";
import type { Robustness, ShiftCondition, ShiftedPlan } from "../../../../shared/files/robustness.ts";
import type { PartitionedPlan } from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import { evaluationSpaces } from "../../../../shared/offload/partition-space.ts";
import { type DesignSpace, findSpace } from "../../../../shared/space/design-space.ts";
import { searchInputs } from "../networks-inputs.ts";
import type { Project } from "../project.ts";
import { projectFault } from "../project-fault.ts";
import { figureCheck } from "./figure-check.ts";
import { triedPlans } from "./plans.ts";

const where = "project.json, robustness";
const checkFigure = figureCheck(where, "its other figures and the project's profiles");

const latencies = ["mean", "p50", "p95", "worst"] as const;

/**
 * Before a network took the result with it whose plans go through it, files kept that; nobody can say any more what it is of.
 * @param known SHA-256 of the project's networks
 */
export function stillKnown(
  robustness: Robustness | undefined,
  known: readonly string[],
): Robustness | undefined {
  const isKnown = ({ chain = [] }: PartitionedPlan) => chain.every((sha256) => known.includes(sha256));
  return robustness && triedPlans(robustness).every(isKnown) ? robustness : undefined;
}

/**
 * How many corrupted images are right, and where they leave, nobody knows without them. What follows from that does: shares are of
 * whole images, intervals and drops theirs, and latencies those of the exits that they leave at, by the profile if it is still there.
 * @throws AppError 'file-invalid' naming the figure that isn't so
 */
export function checkRobustness(project: Project): void {
  const { robustness, profiles } = project;
  if (!robustness) return;
  const profile = profiles.find(({ id }) => id === robustness.profile);
  if (profile && !samePlainData(profile.target, robustness.target))
    throw projectFault(`${where} names another target than its profile`);
  const timed = profile && timedBy(project, robustness, profile);
  for (const condition of robustness.conditions) {
    checkShares(condition, robustness.samples);
    if (timed) timed(condition);
  }
}

/** Under which images, for messages. */
function images({ corruption, severity }: ShiftCondition): string {
  return corruption === null ? "on images as they are" : `under ${corruption} of severity ${severity}`;
}

function checkShares(condition: ShiftCondition, samples: number): void {
  const { backbone, plan, front } = condition;
  const at = images(condition);
  const checkCount = (what: string, of: string, claimed: number) =>
    checkFigure(what, of, claimed, Math.round(claimed * samples) / samples);
  for (const [of, own] of [
    [`the backbone ${at}`, backbone],
    [`the plan ${at}`, plan],
  ] as const) {
    checkCount("accuracy", of, own.accuracy);
    const [low, high] = shareInterval(Math.round(own.accuracy * samples), samples);
    checkFigure("lower end of the interval", of, own.accuracyInterval[0], low);
    checkFigure("upper end of the interval", of, own.accuracyInterval[1], high);
  }
  for (const { accuracy } of front) checkCount("accuracy", `a plan of the front ${at}`, accuracy);
  const of = `the plan ${at}`;
  checkFigure("drop", of, plan.accuracyDropPp, 100 * (backbone.accuracy - plan.accuracy));
  for (const [exit, rate] of plan.exitRates.entries())
    checkCount(`share of samples that leave at exit ${exit + 1}`, of, rate);
  const leaving = plan.exitRates.reduce((sum, rate) => sum + rate, 0);
  checkFigure("share of samples that leave somewhere", of, leaving, 1);
}

/** Checks what a condition's plans take. */
function timedBy(project: Project, { samples, plan, front }: Robustness, profile: Profile) {
  const spaces = evaluationSpaces(searchInputs(project, "test", profile));
  const placed = placedIn(spaces, plan);
  const ranges = front.map((own) => {
    const { space, exits } = placedIn(spaces, own);
    const costs = exitLatencies(space, exits);
    return [Math.min(...costs), Math.max(...costs)] as const;
  });
  return (condition: ShiftCondition) => {
    const at = images(condition);
    const found = latenciesOf(placed, condition.plan, samples);
    for (const kind of latencies)
      checkFigure(`${kind} latency`, `the plan ${at}`, condition.plan.latencyMs[kind], found[kind]);
    checkFigure("speed-up", `the plan ${at}`, condition.plan.speedup, profile.backbone.meanMs / found.mean);
    for (const [index, { latencyMs }] of condition.front.entries()) {
      const [least, most] = ranges[index];
      const within = Math.min(most, Math.max(least, latencyMs));
      checkFigure("latency", `a plan of the front ${at}`, latencyMs, within);
    }
  };
}

type Placed = ReturnType<typeof placedIn>;

function placedIn(spaces: readonly DesignSpace[], { exits, chain }: Robustness["plan"]) {
  const on = findSpace(spaces, { chain });
  const placed = on && placedExits(on.space, exits);
  if (!placed)
    throw projectFault(
      `${where} is of a plan with exits at ${exits.map(({ cutPoint }) => cutPoint).join(", ") || "no place"}, which its profile hasn't timed`,
    );
  return { space: on.space, exits: placed };
}

function latenciesOf({ space, exits }: Placed, { exitRates }: ShiftedPlan, samples: number) {
  const counts = exitRates.map((rate) => Math.round(rate * samples));
  return figuresOfCounts({ ...space, samples }, exits, { counts, right: 0, lost: 0 }).latencyMs;
}
