import type { SpaceInputs } from "../space/build-space.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { worstClassifier } from "../space/reference-point.ts";
import { backboneNetwork, type Members, memberNetwork } from "./chain-network.ts";
import { chainSpace, chainsOf } from "./chain-space.ts";

/**
 * The spaces of all chains of up to three of the project's networks, the backbone alone first: each network alone too, and
 * of several, unless any order is asked for, those that meet a sample from the cheapest to the dearest, as a dearer
 * network that hands on to a cheaper one has little to gain.
 * @param inputs with the tables of those policies, of each network, that plans may use
 * @throws AppError as `buildSearchSpace` does; 'shape-mismatch' if the networks' tables are of different samples
 */
export function buildChains(inputs: SpaceInputs & Members, order: "cheaper-first" | "any"): DesignSpace[] {
  const { members = [] } = inputs;
  const backbone = backboneNetwork(inputs);
  if (members.length === 0) return [{ space: backbone.space }];
  const further = members.map((member) => memberNetwork(member, inputs));
  const networks = [...further, backbone];
  const reference = {
    weights: backbone.space.weights,
    referenceCorrect: backbone.space.backboneCorrect,
    referenceMs: backbone.space.backboneMs,
    leastCorrect: worstClassifier([backbone, ...further].map(({ space }) => space)),
  };
  return chainsOf(networks, order).map((chain) => chainSpace(chain, reference));
}
