import type { DesignSpace } from "../space/design-space.ts";
import type { Candidate, SearchSpace } from "../space/search-space.ts";
import { type ChainNetwork, wholeMs } from "./chain-network.ts";

/** What spaces of several chains share, so that their figures compare: the backbone, and the worst classifier of all. */
export type SharedReference = Required<
  Pick<SearchSpace, "referenceCorrect" | "referenceMs" | "leastCorrect">
> &
  Pick<SearchSpace, "weights">;

/** What a sample has behind it where a network starts. */
interface Way {
  readonly position: number;
  readonly ms: number;
  readonly macs: number;
}

/**
 * The space of all plans that go through networks one after the other, each whole before the next. A sample pays the sum of
 * the networks that it went through, up to where it left, so a chain's plans are plain plans: the candidates are the first
 * network's exits, its own output, the second one's exits, and so on.
 * @param networks one to three, in the order in which a sample meets them
 */
export function chainSpace(networks: readonly ChainNetwork[], reference: SharedReference): DesignSpace {
  const last = networks[networks.length - 1];
  const candidates: Candidate[] = [];
  let way: Way = { position: 0, ms: 0, macs: 0 };
  for (const network of networks) {
    const { entryMs, space, outputs } = network;
    const start = { ...way, ms: way.ms + entryMs };
    const own = network === last ? space.candidates : [...space.candidates, ...outputs];
    candidates.push(...own.map((candidate) => behind(candidate, start, network.member)));
    way = {
      position: 1 + (candidates.at(-1)?.position ?? -1),
      ms: start.ms + space.backboneMs,
      macs: way.macs + space.backboneMacs,
    };
  }
  const space: SearchSpace = {
    ...last.space,
    ...reference,
    candidates,
    backboneMs: way.ms,
    backboneMacs: way.macs,
    backboneBytes: networks.reduce((sum, network) => sum + network.space.backboneBytes, 0),
    peakActivationBytes: largest(networks.map((network) => network.space.peakActivationBytes)),
  };
  const isBackbone = networks.length === 1 && last.member === undefined;
  return isBackbone ? { space } : { space, chain: networks.map(({ sha256 }) => sha256) };
}

function behind(candidate: Candidate, start: Way, member: string | undefined): Candidate {
  return {
    ...candidate,
    ...(member !== undefined && { member }),
    position: start.position + candidate.position,
    prefixMs: start.ms + candidate.prefixMs,
    prefixMacs: start.macs + candidate.prefixMacs,
  };
}

/** Networks run one after the other, so activations are those of the one that needs most; unknown if one's are. */
function largest(bytes: readonly (number | undefined)[]): number | undefined {
  return bytes.reduce((most, own) =>
    most === undefined || own === undefined ? undefined : Math.max(most, own),
  );
}

/** At most so many networks stand in a chain. */
const maxNetworks = 3;

/**
 * All chains of up to three different networks, by length, the last network alone first.
 * @param order all orders, or that cheaper networks come before dearer ones alone
 */
export function chainsOf(
  networks: readonly ChainNetwork[],
  order: "cheaper-first" | "any",
): ChainNetwork[][] {
  const sorted = [...networks].sort((one, other) => wholeMs(one) - wholeMs(other));
  let longest: ChainNetwork[][] = [...networks].reverse().map((network) => [network]);
  const chains = [...longest];
  for (let length = 2; length <= maxNetworks; length++) {
    longest = longest.flatMap((chain) => {
      const before = chain[chain.length - 1];
      const next = order === "any" ? networks : sorted.slice(sorted.indexOf(before) + 1);
      return next.filter((network) => !chain.includes(network)).map((network) => [...chain, network]);
    });
    chains.push(...longest);
  }
  return chains;
}
