import type { ExitPlace } from "../../../shared/model/plan.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { cutId, exitId } from "./element-ids.ts";

/** The number of a place in its network, as element ids have it: the output's is that of its last block. */
function placeIndex({ summary, blocks }: GraphNetwork, cutPoint: string): number | undefined {
  if (cutPoint === summary.output.name) return blocks.length - 1;
  return summary.cutPoints.find(({ tensor }) => tensor === cutPoint)?.index;
}

function placeAt(networks: readonly GraphNetwork[], { member, cutPoint }: ExitPlace) {
  const network = networks.find((candidate) => candidate.member === member);
  const index = network && placeIndex(network, cutPoint);
  return index === undefined ? undefined : { member, index };
}

/** Element id of an exit that stands, or may stand, at a place; undefined if there is no such place. */
export function exitIdAt(networks: readonly GraphNetwork[], place: ExitPlace): string | undefined {
  const at = placeAt(networks, place);
  return at && exitId(at);
}

/** Element id of the place's marker. */
export function cutIdAt(networks: readonly GraphNetwork[], place: ExitPlace): string | undefined {
  const at = placeAt(networks, place);
  return at && cutId(at);
}

/** The place of a number in a network; undefined if there is none. */
export function placeOf({ member, summary, blocks }: GraphNetwork, index: number): ExitPlace | undefined {
  const block = blocks[index];
  if (!block) return undefined;
  const cutPoint = block.cutPoint?.tensor ?? summary.output.name;
  return member === undefined ? { cutPoint } : { member, cutPoint };
}
