import { planPaths } from "../evaluate/plan-paths.ts";
import type { PartitionedPlan, PlanFigures } from "../model/plan.ts";
import { type Latency, memberProfile, type NetworkProfile, type Profile } from "../model/profile.ts";
import type { UseCase } from "../model/use-case.ts";
import { crossingMs, type Offload } from "../offload/partition-space.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { fromPlanExits } from "../space/plan-exits.ts";
import { type LatencySum, latencySum, totalMs } from "./latency-sum.ts";
import type { RankedNetwork } from "./ranked.ts";

/** A target by its profile, and the server behind it if there is one. */
export interface TimedTarget {
  readonly profile: Profile;
  readonly offload?: Pick<Offload, "server" | "link">;
}

type Parts = readonly (readonly [Latency, number])[];

/**
 * What a plan takes by the profiles, as a sum of what was timed there, and of the link where it is partitioned.
 * @param on the plan's own space on that target
 * @param figures of the plan there
 * @returns undefined where a part of it wasn't timed
 */
export function planSum(
  plan: PartitionedPlan,
  on: DesignSpace,
  { exitRates, latencyMs }: Pick<PlanFigures, "exitRates" | "latencyMs">,
  latency: UseCase["latency"],
  target: TimedTarget,
  networks: readonly RankedNetwork[],
): LatencySum | undefined {
  const sums = pathSums(plan, on, target, networks);
  if (!sums) return undefined;
  if (latency === "mean")
    return latencySum(
      sums.flatMap((sum, exit) => [...sum].map(([part, times]) => [part, times * exitRates[exit]] as const)),
    );
  // A percentile is what the samples of one exit take: the sum that comes nearest, for others round otherwise.
  const distance = (sum: LatencySum) => Math.abs(totalMs(sum) - latencyMs[latency]);
  return sums.reduce((nearest, sum) => (distance(sum) < distance(nearest) ? sum : nearest));
}

/** Of the samples that leave at each exit, the end of the last network last. */
function pathSums(
  plan: PartitionedPlan,
  on: DesignSpace,
  { profile, offload }: TimedTarget,
  networks: readonly RankedNetwork[],
): LatencySum[] | undefined {
  if (!on.partition) return pathParts(plan, profile, networks)?.map(latencySum);
  const [backbone] = networks;
  const { partition, space } = on;
  const { chain = [backbone.sha256], exits } = plan;
  const parted = networks.find(({ sha256 }) => sha256 === (partition.member ?? backbone.sha256));
  if (!offload || !parted) return undefined;
  const isOnDevice = fromPlanExits(space, exits).map(
    ({ candidate }) => space.candidates[candidate].position <= partition.position,
  );
  const place = chain.indexOf(parted.sha256);
  const before = chain.slice(0, partition.isInput ? place : place + 1);
  const device =
    before.length > 0 ? { exits: exits.filter((_, e) => isOnDevice[e]), chain: before } : undefined;
  const server = { exits: exits.filter((_, e) => !isOnDevice[e]), chain: chain.slice(place) };
  const here = device ? pathParts(device, profile, networks) : [[]];
  const there = pathParts(server, offload.server, networks);
  const [deviceCut, serverCut] = [profile, offload.server].map((own) =>
    partition.isInput ? nothing : cutParts(networkOf(parted, backbone, own), partition.tensor),
  );
  if (!here || !there || !deviceCut || !serverCut) return undefined;
  const crossed: Parts = [
    ...here[here.length - 1],
    // The device stops within its last network, and the server begins there.
    ...deviceCut.toEnd.map(([part, times]) => [part, -times] as const),
    ...serverCut.fromBeginning.map(([part, times]) => [part, -times] as const),
    [exactly(crossingMs(partition)), 1],
  ];
  return [...here.slice(0, -1), ...there.map((parts) => [...crossed, ...parts])].map(latencySum);
}

/** @returns undefined where a part wasn't timed */
function pathParts(
  plan: Parameters<typeof planPaths>[0],
  profile: Profile,
  networks: readonly RankedNetwork[],
): Parts[] | undefined {
  const known = planPaths(plan, profile, networks)?.map(({ parts }) => parts);
  if (!known) return undefined;
  const timed = known.flatMap((parts) => (parts ? [parts.map((part) => [part, 1] as const)] : []));
  return timed.length === known.length ? timed : undefined;
}

function networkOf(
  network: RankedNetwork,
  backbone: RankedNetwork,
  profile: Profile,
): NetworkProfile | undefined {
  return network === backbone ? profile : memberProfile(profile, network);
}

/** What of a network lies behind a cut point, and what before it. */
interface CutParts {
  readonly toEnd: Parts;
  readonly fromBeginning: Parts;
}

const nothing: CutParts = { toEnd: [], fromBeginning: [] };

function cutParts(network: NetworkProfile | undefined, tensor: string): CutParts | undefined {
  const prefix = network?.prefixes.find(({ cutPoint }) => cutPoint === tensor);
  if (!network || !prefix) return undefined;
  const { entry, final } = network;
  return {
    toEnd: [
      [final, 1],
      [prefix, -1],
    ],
    fromBeginning: [...(entry ? [[entry, 1] as const] : []), [prefix, 1]],
  };
}

/** What nobody measured: a link is as it is stated. */
function exactly(ms: number): Latency {
  return { medianMs: ms, meanMs: ms, p5Ms: ms, p95Ms: ms, count: 1, intervalMs: [ms, ms] };
}
