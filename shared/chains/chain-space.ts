import { maxNetworks } from "../model/plan.ts";
import { exitEnergy } from "../space/build-space.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { type Candidate, type SearchSpace, sumOf } from "../space/search-space.ts";
import { type ChainNetwork, wholeMillijoules, wholeMs } from "./chain-network.ts";

/** What spaces of several chains share, so that their figures compare: the backbone, and the worst classifier of all. */
export type SharedReference = Required<
  Pick<SearchSpace, "referenceCorrect" | "referenceMs" | "leastCorrect">
> &
  Pick<SearchSpace, "weights" | "referenceMillijoules">;

/** Whether chains of all orders are meant, or those alone in which cheaper networks come before dearer ones. */
export type ChainOrder = "cheaper-first" | "any";

/** What a sample has behind it where a network starts, before it has the network's own image. */
interface Way {
  /** Of the first place in the network. */
  readonly position: number;
  readonly ms: number;
  readonly millijoules: number | undefined;
  readonly macs: number;
}

/** How far a sample is at each network of a chain. */
export function networkStarts(networks: readonly ChainNetwork[]): Way[] {
  let way: Way = { position: 0, ms: 0, millijoules: 0, macs: 0 };
  return networks.map((network) => {
    const start = way;
    const { space, outputs } = network;
    const last = outputs[0] ?? space.candidates.at(-1);
    way = {
      position: start.position + 1 + (last?.position ?? -1),
      ms: start.ms + wholeMs(network),
      millijoules: sumOf(start.millijoules, wholeMillijoules(network)),
      macs: start.macs + space.backboneMacs,
    };
    return start;
  });
}

/**
 * The space of all plans that go through networks one after the other, each whole before the next. A sample pays the sum of
 * the networks that it went through, up to where it left, so a chain's plans are plain plans: the candidates are the first
 * network's exits, its own output, the second one's exits, and so on.
 * @param networks one to three, in the order in which a sample meets them
 */
export function chainSpace(
  networks: readonly ChainNetwork[],
  reference: Partial<SharedReference>,
): DesignSpace {
  const last = networks[networks.length - 1];
  const starts = networkStarts(networks);
  const candidates = networks.flatMap((network, place) => {
    const { space, outputs } = network;
    const own = network === last ? space.candidates : [...space.candidates, ...outputs];
    return own.map((candidate) => behind(candidate, starts[place], network));
  });
  const { ms, millijoules, macs } = starts[starts.length - 1];
  const space: SearchSpace = {
    ...last.space,
    ...reference,
    candidates,
    backboneMs: ms + wholeMs(last),
    backboneMillijoules: sumOf(millijoules, wholeMillijoules(last)),
    backboneMacs: macs + last.space.backboneMacs,
    backboneBytes: networks.reduce((sum, network) => sum + network.space.backboneBytes, 0),
    peakActivationBytes: largest(networks.map((network) => network.space.peakActivationBytes)),
  };
  const isBackbone = networks.length === 1 && last.member === undefined;
  if (isBackbone) return { space };
  const isTuned = networks.some(({ family, sha256 }) => family !== sha256);
  return { space, chain: networks.map(({ sha256 }) => sha256), ...(isTuned && { isTuned }) };
}

function behind(candidate: Candidate, start: Way, network: ChainNetwork): Candidate {
  const { member, entryMs, entryMillijoules } = network;
  const { energy } = candidate;
  const before = sumOf(start.millijoules, entryMillijoules, energy?.prefixMillijoules);
  return {
    ...candidate,
    ...(member !== undefined && { member }),
    position: start.position + candidate.position,
    prefixMs: start.ms + entryMs + candidate.prefixMs,
    energy: exitEnergy(before, energy?.headMillijoules),
    prefixMacs: start.macs + candidate.prefixMacs,
  };
}

/** Networks run one after the other, so activations are those of the one that needs most; unknown if one's are. */
function largest(bytes: readonly (number | undefined)[]): number | undefined {
  return bytes.reduce((most, own) =>
    most === undefined || own === undefined ? undefined : Math.max(most, own),
  );
}

/**
 * All chains of up to three networks, no two of one family, by length, the last network alone first.
 * @param order all orders, or that cheaper networks come before dearer ones alone
 */
export function chainsOf(networks: readonly ChainNetwork[], order: ChainOrder): ChainNetwork[][] {
  const sorted = [...networks].sort((one, other) => wholeMs(one) - wholeMs(other));
  let longest: ChainNetwork[][] = [...networks].reverse().map((network) => [network]);
  const chains = [...longest];
  for (let length = 2; length <= maxNetworks; length++) {
    longest = longest.flatMap((chain) => {
      const before = chain[chain.length - 1];
      const next = order === "any" ? networks : sorted.slice(sorted.indexOf(before) + 1);
      return next
        .filter(({ family }) => chain.every((own) => own.family !== family))
        .map((network) => [...chain, network]);
    });
    chains.push(...longest);
  }
  return chains;
}
