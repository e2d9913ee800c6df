import { distinctOutputs } from "../../../shared/chains/distinct-outputs.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { designSpaces, type Offload } from "../../../shared/offload/partition-space.ts";
import type { DesignSpace } from "../../../shared/space/design-space.ts";
import { spacesWithin } from "../../../shared/space/energy-axis.ts";
import type { NetworksInputs } from "../project/networks-inputs.ts";

export { choiceInputs, searchInputs } from "../project/networks-inputs.ts";

/**
 * Everything that a search reads; made from a project, or from tables and a profile that came from elsewhere. The tables
 * are those of the calibration split. Samples may have weights, beside the use case's class weights.
 */
export interface SearchInputs extends NetworksInputs {
  /** The second target, if there is one. */
  readonly offload?: Offload;
}

/**
 * The spaces to search, the backbone alone on the device first: every chain of the project's networks, and every partition of
 * each if there is a server; where the use case speaks of energy, those of which that is known.
 * @throws AppError 'usage' if it isn't known of the backbone alone
 */
export function searchSpaces(inputs: SearchInputs, options: SearchOptions): DesignSpace[] {
  const { maxExits, levels, useCase, policies } = options;
  const wanted = <Network extends { readonly tables: ReadonlyMap<string, ConfidenceTable> }>(
    network: Network,
  ) => ({
    ...network,
    tables: new Map([...network.tables].filter(([policy]) => policies.includes(policy))),
  });
  const { members, ...backbone } = inputs;
  const settings = { ...wanted(backbone), maxExits, levels, classWeights: useCase.classWeights };
  const networks = { ...settings, members: members?.map(wanted) };
  const spaces = designSpaces(networks, "cheaper-first", inputs.offload).map(distinctOutputs);
  return spacesWithin(spaces, useCase);
}
