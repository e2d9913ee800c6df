import type { SpaceInputs } from "../space/build-space.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { worstClassifier } from "../space/reference-point.ts";
import { backboneNetwork, type ChainNetwork, type Members, memberNetwork } from "./chain-network.ts";
import { type ChainOrder, chainSpace, chainsOf, type SharedReference } from "./chain-space.ts";

/** The chains of a project's networks, and what their spaces share. */
export interface Chains {
  /** The backbone alone first. */
  readonly chains: readonly (readonly ChainNetwork[])[];
  readonly reference: Partial<SharedReference>;
}

/**
 * All chains of up to three of the project's networks, the backbone alone first: each network alone too, and
 * of several, unless any order is asked for, those that meet a sample from the cheapest to the dearest, as a dearer
 * network that hands on to a cheaper one has little to gain. None goes through a network and what was tuned from it.
 * @param inputs with the tables of those policies, of each network, that plans may use
 * @throws AppError as `buildSearchSpace` does; 'shape-mismatch' if the networks' tables are of different samples
 */
export function joinNetworks(inputs: SpaceInputs & Members, order: ChainOrder): Chains {
  const { members = [] } = inputs;
  const backbone = backboneNetwork(inputs);
  if (members.length === 0) return { chains: [[backbone]], reference: {} };
  const further = members.map((member) => memberNetwork(member, inputs));
  const reference = {
    weights: backbone.space.weights,
    referenceCorrect: backbone.space.backboneCorrect,
    referenceMs: backbone.space.backboneMs,
    referenceMillijoules: backbone.space.backboneMillijoules,
    leastCorrect: worstClassifier([backbone, ...further].map(({ space }) => space)),
  };
  return { chains: chainsOf([...further, backbone], order), reference };
}

/** The space of each chain on one target; see `joinNetworks`. */
export function buildChains(inputs: SpaceInputs & Members, order: ChainOrder): DesignSpace[] {
  const { chains, reference } = joinNetworks(inputs, order);
  return chains.map((chain) => chainSpace(chain, reference));
}
