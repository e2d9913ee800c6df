import fc from "fast-check";
import { expect, it, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { familyOf } from "../model/families.ts";
import { maxNetworks } from "../model/plan.ts";
import { buildChains } from "./build-chains.ts";
import { backboneNetwork, type ChainNetwork, memberNetwork, wholeMs } from "./chain-network.ts";
import { type ChainOrder, chainsOf } from "./chain-space.ts";
import { randomNetworks } from "./testing/made-up-networks.ts";

const shape = { samples: 4, positions: 1, maxExits: 1, levels: 2 };

/** Two networks beside a backbone, and what was tuned from each of the three. */
function threeFamilies(seed: number) {
  const networks = randomNetworks(seededRandom(seed), shape, 5);
  const origins = ["backbone", "network-0", "network-1"];
  const members = networks.members!.map((own, at) => ({
    ...own,
    tunedFrom: at < 2 ? undefined : origins[at - 2],
  }));
  return { ...networks, members };
}

/** Every sequence of one to three networks that keeps to the rules, found by trying all of them. */
function everyChain(networks: readonly ChainNetwork[], order: ChainOrder): string[] {
  let sequences: ChainNetwork[][] = [[]];
  const found: string[] = [];
  for (let length = 1; length <= maxNetworks; length++) {
    sequences = sequences.flatMap((chain) => networks.map((network) => [...chain, network]));
    for (const chain of sequences) {
      const families = chain.map(({ family }) => family);
      const costs = chain.map(wholeMs);
      const rises = costs.every((cost, at) => at === 0 || costs[at - 1] <= cost);
      if (new Set(families).size === length && (order === "any" || rises))
        found.push(chain.map(({ sha256 }) => sha256).join());
    }
  }
  return found.sort();
}

it.each<[ChainOrder, number]>([
  // Alone 6; of two families 3 pairs of four networks, in both orders; of three 8 choices in 6 orders.
  ["any", 6 + 24 + 48],
  ["cheaper-first", 6 + 12 + 8],
])("chains in the order %s are all those without two of one family", (order, count) => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { members, ...own } = threeFamilies(seed);
      const networks = [
        ...members.map((member) => memberNetwork(member, own)),
        backboneNetwork({ ...own, backboneSha256: "backbone" }),
        // None costs as much as another: which of those comes first is nobody's rule.
      ].map((network, at) => ({ ...network, entryMs: network.entryMs + at * 1e-6 }));
      const chains = chainsOf(networks, order).map((chain) => chain.map(({ sha256 }) => sha256).join());
      expect(chains).toHaveLength(count);
      expect(chains.sort()).toEqual(everyChain(networks, order));
    }),
    { numRuns: 30, seed: 15 },
  );
});

test("a backbone and what was tuned from it are two designs, and no chain", () => {
  const { members, ...own } = threeFamilies(1);
  const spaces = buildChains({ ...own, members: [{ ...members[2], tunedFrom: "backbone" }] }, "any");
  expect(spaces.map(({ chain }) => chain)).toEqual([undefined, ["network-2"]]);
});

test("a family is named by the network that came as it is", () => {
  expect(familyOf({ sha256: "big" })).toBe("big");
  expect(familyOf({ sha256: "big-tuned", tunedFrom: "big" })).toBe("big");
});
