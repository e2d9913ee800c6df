import type { Job } from "../base/job.ts";
import type { SearchRecord } from "../files/front-file.ts";
import { withDefaultDrop } from "../model/constraints.ts";
import { exitsKey, type PartitionedPlan, type PlanExit } from "../model/plan.ts";
import { memberProfile, type Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import {
  compareRanks,
  planSum,
  type RankComparison,
  type Ranked,
  type RankedNetwork,
  rankedExits,
  rankedPrefixes,
  rankedStretches,
} from "./ranked.ts";
import { figuresOn, type TargetDesign, type Transfer, transferTo } from "./transfer.ts";

/** A target with the plan that was chosen for it. */
export interface ComparedTarget {
  readonly profile: string;
  readonly target: Profile["target"];
  readonly trust?: NonNullable<Profile["quality"]>["trust"];
  readonly backboneMs: number;
  readonly plan: {
    readonly exits: readonly PlanExit[];
    readonly chain?: readonly string[];
    readonly feasible: boolean;
  };
  /** Whether no plan on the grid is missing from its front, and how much may be if so. */
  readonly search: Pick<SearchRecord, "algorithm" | "proven" | "gap">;
}

/** What is ranked: see `rankedPrefixes`, `rankedStretches`, `rankedExits`, and the plans of all fronts by their latency. */
export type RankedKind = "prefixes" | "stretches" | "exits" | "plans";

/** The ranking of one kind of thing on two targets. */
export interface Ranking extends RankComparison {
  readonly kind: RankedKind;
  /** SHA-256 of the network whose parts are ranked; absent where they are all networks'. */
  readonly network?: string;
  /** Indices of the targets. */
  readonly targets: readonly [number, number];
}

/** The plan of one target on another. */
export interface TransferRow extends Transfer {
  /** Indices of the target that the plan was chosen for, and of the one that it runs on. */
  readonly from: number;
  readonly to: number;
}

/** Whether what is best for one target is best for another. */
export interface FleetComparison {
  readonly useCase: UseCase;
  readonly targets: readonly ComparedTarget[];
  readonly rankings: readonly Ranking[];
  /** Every target's plan on every target, its own too. */
  readonly transfers: readonly TransferRow[];
}

export interface FleetQuestion {
  readonly useCase: UseCase;
  /** Whose exits are ranked. */
  readonly policies: readonly string[];
  /** The backbone first. */
  readonly networks: readonly RankedNetwork[];
}

/**
 * @param designs two or more, of the same networks, samples and use case
 * @throws AppError 'file-invalid' if one of the profiles hasn't timed what is in a plan of another
 */
export async function compareTargets(
  designs: readonly TargetDesign[],
  question: FleetQuestion,
  job: Job,
): Promise<FleetComparison> {
  const { networks } = question;
  const useCase = withDefaultDrop(question.useCase);
  const ranked = await rankedOf(designs, question, job);
  const transfers = designs.flatMap(({ front }, from) =>
    designs.map((design, to) => ({ from, to, ...transferTo(design, front.recommended, useCase, networks) })),
  );
  return {
    useCase,
    targets: designs.map(comparedTarget),
    rankings: await rankingsOf(ranked, job),
    transfers,
  };
}

function comparedTarget({ profile, front }: TargetDesign): ComparedTarget {
  const { exits, chain, feasible } = front.recommended;
  const { algorithm, proven, gap } = front.searches[0];
  return {
    profile: profile.id,
    target: profile.target,
    ...(profile.quality && { trust: profile.quality.trust }),
    backboneMs: profile.backbone.meanMs,
    plan: { exits, ...(chain && { chain }), feasible },
    search: { algorithm, proven, ...(gap !== undefined && { gap }) },
  };
}

/** Things of a kind as each target has them. */
interface RankedList extends Pick<Ranking, "kind" | "network"> {
  /** Per target. */
  readonly on: readonly (readonly Ranked[])[];
}

async function rankedOf(
  designs: readonly TargetDesign[],
  { useCase, policies, networks }: FleetQuestion,
  job: Job,
): Promise<RankedList[]> {
  const along = networks.flatMap((network): RankedList[] => {
    const own = { network: network.sha256 };
    const on = (rank: typeof rankedPrefixes) =>
      designs.map(({ profile }) => {
        const timed = memberProfile(profile, network);
        return timed ? rank(timed, network) : [];
      });
    return [
      { ...own, kind: "prefixes", on: on(rankedPrefixes) },
      { ...own, kind: "stretches", on: on(rankedStretches) },
    ];
  });
  const exits = designs.map(({ profile, spaces }) => rankedExits(profile, spaces, networks, policies));
  const plans = plansOfAll(designs);
  const byLatency: Ranked[][] = [];
  for (const design of designs) byLatency.push(await rankedPlans(design, plans, useCase, networks, job));
  return [...along, { kind: "exits", on: exits }, { kind: "plans", on: byLatency }];
}

/** The plans of all fronts, each once. */
function plansOfAll(designs: readonly TargetDesign[]): Map<string, PartitionedPlan> {
  const plans = designs.flatMap(({ front }) => front.searches[0].front);
  return new Map(plans.map((plan) => [`${plan.chain ?? ""} ${exitsKey(plan)}`, plan]));
}

async function rankedPlans(
  design: TargetDesign,
  plans: ReadonlyMap<string, PartitionedPlan>,
  { latency }: UseCase,
  networks: readonly RankedNetwork[],
  job: Job,
): Promise<Ranked[]> {
  const { profile } = design;
  const ranked: Ranked[] = [];
  for (const [key, plan] of plans) {
    await job.pause();
    const figures = figuresOn(design, plan);
    const sum = planSum(plan, figures, latency, profile, networks);
    ranked.push({ key, sum, share: figures.latencyMs[latency] / profile.backbone.meanMs });
  }
  return ranked;
}

async function rankingsOf(lists: readonly RankedList[], job: Job): Promise<Ranking[]> {
  const rankings: Ranking[] = [];
  for (const { kind, network, on } of lists)
    for (let one = 0; one < on.length; one++)
      for (let other = one + 1; other < on.length; other++) {
        await job.pause();
        const compared = compareRanks(on[one], on[other]);
        if (compared)
          rankings.push({ kind, ...(network && { network }), targets: [one, other], ...compared });
      }
  return rankings;
}
