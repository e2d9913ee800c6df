import { planPaths } from "../evaluate/plan-paths.ts";
import type { Latency, NetworkProfile, Profile } from "../model/profile.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { differenceOf, isOpen, type LatencySum, latencySum, totalMs } from "./latency-sum.ts";
import { rankCorrelation } from "./rank-correlation.ts";

/** A network of a project, as far as its latencies are ranked. */
export interface RankedNetwork {
  readonly sha256: string;
  readonly graphSha256: string;
  /** In their order along the network. */
  readonly cutPoints: readonly { readonly tensor: string }[];
}

/** One of the things that are ranked on a target. */
export interface Ranked {
  /** The same on every target. */
  readonly key: string;
  /** As share of what it is a part of, so that it compares across targets. */
  readonly share: number;
  /** What it takes, ms; undefined where that isn't a sum of what was timed. */
  readonly sum: LatencySum | undefined;
  /** What it is a share of, ms; the profile's pace, whose own interval has no part in it. */
  readonly wholeMs: number;
}

/** How the ranking of the same things differs between two targets. */
export interface RankComparison {
  /** That both targets know. */
  readonly items: number;
  /** Kendall's tau-b and Spearman's rho; absent where a target has them all equal. */
  readonly tauB?: number;
  readonly spearman?: number;
  readonly pairs: number;
  /** Pairs that stand the other way round. */
  readonly swapped: number;
  /** Those of them that no latencies within the profiles' 95 % intervals would turn back; absent where intervals are missing. */
  readonly swappedSurely?: number;
  readonly largestShift: LargestShift;
}

/** What differs most in its share. */
export interface LargestShift {
  readonly key: string;
  readonly one: number;
  readonly other: number;
  /** Whether the profiles' 95 % intervals allow equal shares; absent where they are missing. */
  readonly isOpen?: boolean;
}

/** @returns undefined where fewer than two things are known on both */
export function compareRanks(one: readonly Ranked[], other: readonly Ranked[]): RankComparison | undefined {
  const there = new Map(other.map((ranked) => [ranked.key, ranked]));
  const both = one.flatMap((here): [Ranked, Ranked][] => {
    const found = there.get(here.key);
    return found ? [[here, found]] : [];
  });
  if (both.length < 2) return undefined;
  const { tauB, spearman, pairs, swapped } = rankCorrelation(
    both.map(([here]) => here.share),
    both.map(([, found]) => found.share),
  );
  const open = swapped.map(([i, j]) =>
    [0, 1].map((side) => isOpenBetween(both[i][side].sum, both[j][side].sum)),
  );
  const isUnknown = open.flat().includes(undefined);
  return {
    items: both.length,
    tauB,
    spearman,
    pairs,
    swapped: swapped.length,
    ...(!isUnknown && { swappedSurely: open.filter((sides) => !sides.includes(true)).length }),
    largestShift: largestShift(both),
  };
}

function isOpenBetween(one: LatencySum | undefined, other: LatencySum | undefined): boolean | undefined {
  return one && other && isOpen(differenceOf(one, other));
}

function largestShift(both: readonly (readonly [Ranked, Ranked])[]): LargestShift {
  const shift = ([here, there]: readonly [Ranked, Ranked]) => Math.abs(here.share - there.share);
  const [here, there] = both.reduce((most, own) => (shift(own) > shift(most) ? own : most));
  const [one, other] = [here, there].map(shareInterval);
  const shares = { key: here.key, one: here.share, other: there.share };
  if (!one || !other) return shares;
  return { ...shares, isOpen: one[0] <= other[1] && other[0] <= one[1] };
}

function shareInterval({ sum, wholeMs }: Ranked): readonly number[] | undefined {
  return sum && differenceOf(sum, latencySum([])).intervalMs?.map((ms) => ms / wholeMs);
}

/** L(e) of every cut point, as share of the whole network. Prefixes contain each other, so their order is nearly given. */
export function rankedPrefixes(profile: NetworkProfile, network: RankedNetwork): Ranked[] {
  return alongNetwork(profile, network).map((prefix) =>
    asShare(prefix.cutPoint, latencySum([[prefix, 1]]), profile.backbone),
  );
}

/** What lies between one cut point and the next, the input before the first and the output behind the last, likewise. */
export function rankedStretches(profile: NetworkProfile, network: RankedNetwork): Ranked[] {
  const ends = alongNetwork(profile, network).map((prefix) => ({
    key: prefix.cutPoint,
    latency: prefix as Latency,
  }));
  return [...ends, { key: outputKey, latency: profile.final }].map(({ key, latency }, place) => {
    const before: [Latency, number][] = place > 0 ? [[ends[place - 1].latency, -1]] : [];
    return asShare(key, latencySum([[latency, 1], ...before]), profile.backbone);
  });
}

/** Of the stretch up to a network's output; no tensor has an empty name. */
const outputKey = "";

function alongNetwork(
  { prefixes }: NetworkProfile,
  { cutPoints }: RankedNetwork,
): NetworkProfile["prefixes"] {
  return cutPoints.flatMap(({ tensor }) => prefixes.find(({ cutPoint }) => cutPoint === tensor) ?? []);
}

/**
 * What a sample takes that leaves at an exit, were it the plan's only one: every exit of every network, and the networks'
 * outputs, as share of the backbone.
 * @param spaces see `evaluationSpaces`
 */
export function rankedExits(
  profile: Profile,
  spaces: readonly DesignSpace[],
  networks: readonly RankedNetwork[],
  policies: readonly string[],
): Ranked[] {
  const alone = spaces.filter(({ chain, partition }) => (chain?.length ?? 1) === 1 && !partition);
  return alone.flatMap(({ space, chain }) => {
    const exits = space.candidates
      .filter(({ policy }) => policies.includes(policy))
      .map(({ member, cutPoint, head, policy }) => ({ member, cutPoint, head, policy, threshold: 0 }));
    const ways = [...exits.map((exit) => [exit]), []];
    return ways.flatMap((plan) => {
      const [path] = planPaths({ exits: plan, chain }, profile, networks) ?? [];
      const key = JSON.stringify([
        chain?.[0] ?? "",
        ...plan.map((exit) => [exit.cutPoint, exit.head, exit.policy]),
      ]);
      return path?.parts ? [asShare(key, partsSum(path.parts), profile.backbone)] : [];
    });
  });
}

function partsSum(parts: readonly Latency[]): LatencySum {
  return latencySum(parts.map((part) => [part, 1]));
}

function asShare(key: string, sum: LatencySum, whole: Latency): Ranked {
  return { key, sum, wholeMs: whole.meanMs, share: totalMs(sum) / whole.meanMs };
}
