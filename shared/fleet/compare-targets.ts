import type { Job } from "../base/job.ts";
import type { SampleCounts } from "../evaluate/evaluate-plan.ts";
import type { SearchRecord } from "../files/front-file.ts";
import { withDefaultDrop } from "../model/constraints.ts";
import type { Link } from "../model/link.ts";
import { exitsKey, type PartitionedPlan, type PlanExit, type PlanWay, wayOf } from "../model/plan.ts";
import { memberProfile, type Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import {
  compareRanks,
  type RankComparison,
  type Ranked,
  type RankedNetwork,
  rankedExits,
  rankedPrefixes,
  rankedStretches,
} from "./ranked.ts";
import { countsOn, figuresOn, sumOn, type TargetDesign, type Transfer, transferTo } from "./transfer.ts";

/** A target with the plan that was chosen for it. */
export interface ComparedTarget {
  readonly profile: string;
  readonly target: Profile["target"];
  readonly trust?: NonNullable<Profile["quality"]>["trust"];
  readonly backboneMs: number;
  readonly plan: PlanWay & {
    readonly exits: readonly PlanExit[];
    readonly feasible: boolean;
  };
  /** Whether no plan on the grid is missing from its front, and how much may be if so. */
  readonly search: Pick<SearchRecord, "algorithm" | "proven" | "gap">;
}

/** What is ranked: see `rankedPrefixes`, `rankedStretches`, `rankedExits`, and the plans of both fronts by their latency. */
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
  /** The server that all plans may continue on, and the link to it; absent: there is none. */
  readonly server?: { readonly target: Profile["target"]; readonly link: Link };
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
  const transfers: TransferRow[] = [];
  for (const [from, { front }] of designs.entries())
    for (const [to, design] of designs.entries()) {
      await job.pause();
      transfers.push({ from, to, ...transferTo(design, front.recommended, useCase, networks) });
    }
  const [{ offload }] = designs;
  return {
    useCase,
    targets: designs.map(comparedTarget),
    ...(offload && { server: { target: offload.server.target, link: offload.link } }),
    rankings: await rankingsOf(designs, question, job),
    transfers,
  };
}

function comparedTarget({ profile, front }: TargetDesign): ComparedTarget {
  const { exits, feasible } = front.recommended;
  const { algorithm, proven, gap } = front.searches[0];
  return {
    profile: profile.id,
    target: profile.target,
    ...(profile.quality && { trust: profile.quality.trust }),
    backboneMs: profile.backbone.meanMs,
    plan: { exits, ...wayOf(front.recommended), feasible },
    search: { algorithm, proven, ...(gap !== undefined && { gap }) },
  };
}

/** Things of a kind, as two targets have them. */
interface RankedThings extends Pick<Ranking, "kind" | "network"> {
  readonly between: (one: number, other: number) => readonly [readonly Ranked[], readonly Ranked[]];
}

async function rankingsOf(
  designs: readonly TargetDesign[],
  question: FleetQuestion,
  job: Job,
): Promise<Ranking[]> {
  const things = [...rankedParts(designs, question), rankedFronts(designs, question)];
  const pairs = designs.flatMap((_, one) =>
    designs.slice(one + 1).map((_other, index): [number, number] => [one, one + 1 + index]),
  );
  const rankings: Ranking[] = [];
  for (const [index, { kind, network, between }] of things.entries())
    for (const [done, targets] of pairs.entries()) {
      job.report(index + done / pairs.length, things.length);
      await job.pause();
      const compared = compareRanks(...between(...targets));
      if (compared) rankings.push({ kind, ...(network && { network }), targets, ...compared });
    }
  return rankings;
}

/** The same parts on every target: those of each network, and the exits of all. */
function rankedParts(
  designs: readonly TargetDesign[],
  { policies, networks }: FleetQuestion,
): RankedThings[] {
  const asThings = (
    own: Pick<Ranking, "kind" | "network">,
    on: readonly (readonly Ranked[])[],
  ): RankedThings => ({
    ...own,
    between: (one, other) => [on[one], on[other]],
  });
  const along = networks.flatMap((network) => {
    const on = (rank: typeof rankedPrefixes) =>
      designs.map(({ profile }) => {
        const timed = memberProfile(profile, network);
        return timed ? rank(timed, network) : [];
      });
    const { sha256 } = network;
    return [
      asThings({ kind: "prefixes", network: sha256 }, on(rankedPrefixes)),
      asThings({ kind: "stretches", network: sha256 }, on(rankedStretches)),
    ];
  });
  const exits = designs.map(({ profile, spaces }) => rankedExits(profile, spaces, networks, policies));
  return [...along, asThings({ kind: "exits" }, exits)];
}

/** A plan of a front, and how samples fare under it, on whichever target. */
interface CountedPlan {
  readonly plan: PartitionedPlan;
  readonly counts: SampleCounts;
}

/** The plans of two targets' fronts. They are worked out for each pair anew: of many targets all at once would fill the memory. */
function rankedFronts(
  designs: readonly TargetDesign[],
  { useCase: { latency }, networks }: FleetQuestion,
): RankedThings {
  const counted = new Map<string, CountedPlan>();
  const keysOf = ({ front }: TargetDesign) =>
    front.searches[0].front.map((plan) => {
      const key = JSON.stringify([wayOf(plan), exitsKey(plan)]);
      if (!counted.has(key)) counted.set(key, { plan, counts: countsOn(designs[0], plan) });
      return key;
    });
  const fronts = designs.map(keysOf);
  const rankedOn = (design: TargetDesign, key: string): Ranked => {
    const { plan, counts } = counted.get(key)!;
    const figures = figuresOn(design, plan, counts);
    const { profile } = design;
    const sum = sumOn(design, plan, figures, latency, networks);
    const { meanMs: wholeMs } = profile.backbone;
    return { key, sum, wholeMs, share: figures.latencyMs[latency] / wholeMs };
  };
  return {
    kind: "plans",
    between: (one, other) => {
      const keys = [...new Set([...fronts[one], ...fronts[other]])];
      const on = (target: number) => keys.map((key) => rankedOn(designs[target], key));
      return [on(one), on(other)];
    },
  };
}
