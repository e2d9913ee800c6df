import { outputHead, type PartitionedPlan } from "../model/plan.ts";
import { type Latency, memberProfile, type NetworkProfile, type TimedNetworks } from "../model/profile.ts";

/** Who a network is: to plans, and to profiles. */
export interface NetworkNames {
  readonly sha256: string;
  readonly graphSha256: string;
}

/** What a sample runs until it leaves at one of a plan's exits, or at the end of its last network. */
export interface PlanPath {
  /** The exit's network up to the exit; undefined where it wasn't timed. */
  readonly prefix: Latency | undefined;
  /** Head and decision; undefined where it wasn't timed, and where there is none: at a network's own output. */
  readonly head: Latency | undefined;
  /** All that adds up to the latency of a sample that leaves here; undefined if a part of it wasn't timed. */
  readonly parts: readonly Latency[] | undefined;
}

/** A network of a chain. */
type TimedNetwork = Pick<NetworkProfile, "entry" | "final" | "prefixes" | "heads" | "branch"> & {
  /** As exits say it: absent of the backbone. */
  readonly member?: string;
};

/**
 * What a plan's samples run by a profile: per exit, the end of the last network last.
 * @param networks of the project, the backbone first; needed for plans that go through others
 * @returns undefined if the profile doesn't have all networks of the plan
 */
export function planPaths(
  { exits, chain }: Pick<PartitionedPlan, "exits" | "chain">,
  profile: TimedNetworks,
  networks: readonly NetworkNames[] = [],
): PlanPath[] | undefined {
  const timed = chain ? chain.map((sha256) => timedNetwork(sha256, profile, networks)) : [profile];
  const known = timed.flatMap((network): TimedNetwork[] => (network ? [network] : []));
  if (known.length < timed.length) return undefined;
  const before = (place: number) => [
    ...known.slice(0, place).flatMap(({ entry, final }) => (entry ? [entry, final] : [final])),
    ...[known[place].entry ?? []].flat(),
  ];
  const passed: (Latency | undefined)[] = [];
  const leaving = exits.map(({ member, cutPoint, head: kind, policy }): PlanPath => {
    const place = known.findIndex((network) => network.member === member);
    const own = known.at(place);
    if (place < 0 || !own) return { prefix: undefined, head: undefined, parts: undefined };
    if (kind === outputHead) {
      const branch = own.branch ?? profile.branch;
      if (branch) passed.push(branch);
      return { prefix: own.final, head: undefined, parts: allOf([...before(place), own.final, ...passed]) };
    }
    const prefix = own.prefixes.find((timed) => timed.cutPoint === cutPoint);
    const head = own.heads.find(
      (timed) => timed.cutPoint === cutPoint && timed.head === kind && timed.policy === policy,
    );
    passed.push(head);
    return { prefix, head, parts: allOf([...before(place), prefix, ...passed]) };
  });
  const last = known.length - 1;
  const { final } = known[last];
  return [...leaving, { prefix: final, head: undefined, parts: allOf([...before(last), final, ...passed]) }];
}

function timedNetwork(
  sha256: string,
  profile: TimedNetworks,
  [backbone, ...members]: readonly NetworkNames[],
): TimedNetwork | undefined {
  if (sha256 === backbone?.sha256) return profile;
  const member = members.find((own) => own.sha256 === sha256);
  const timed = member && memberProfile(profile, member);
  return timed && { ...timed, member: sha256 };
}

/** All of them, if all are known. */
function allOf(parts: readonly (Latency | undefined)[]): Latency[] | undefined {
  const known = parts.flatMap((part) => part ?? []);
  return known.length === parts.length ? known : undefined;
}

/** What a sample takes that leaves here, by means, ms. */
export function pathMs({ parts }: PlanPath): number | undefined {
  return parts?.reduce((all, { meanMs }) => all + meanMs, 0);
}
