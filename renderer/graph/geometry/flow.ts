import { type ExitPlace, isAt, type PlanExit } from "../../../shared/model/plan.ts";
import type { ShownNetwork } from "../../../shared/presentation/graph/graph-network.ts";

/** Width of a line that all samples pass along, px; fewer samples, a narrower line. */
const fullWidth = 10;
const minWidth = 1.5;
/** Where rates are not known yet. */
const unknownWidth = 3;

/** @param share of all samples, 0-1 */
export function flowWidth(share: number | undefined): number {
  return share === undefined ? unknownWidth : Math.max(minWidth, fullWidth * share);
}

/** Share of the samples that reach each part of a network, by what exits call the network; undefined is the backbone. */
export type Shares = ReadonlyMap<string | undefined, readonly number[]>;

/**
 * @param networks from top to bottom
 * @param exitRates share that leaves at each exit, the last network's output last
 * @returns per network that the plan goes through and part: before its first place for an exit, between that and the second,
 *   …, behind the last. Its output is a place too where another network follows.
 */
export function reachingShares(
  networks: readonly ShownNetwork[],
  exits: readonly PlanExit[],
  exitRates: readonly number[],
): Shares {
  let reaching = 1;
  const passed = (place: ExitPlace) => {
    const exit = exits.findIndex((candidate) => isAt(candidate, place));
    if (exit >= 0) reaching = Math.max(0, exact(reaching - exitRates[exit]));
    return reaching;
  };
  return new Map(
    networks
      .filter(({ isOn }) => isOn)
      .map((network) => [network.member, [reaching, ...exitPlaces(network).map(passed)]]),
  );
}

/** Without what subtracting adds far behind the digits that samples have, so that a share reads as it does elsewhere. */
function exact(share: number): number {
  return Math.round(share * 1e12) / 1e12;
}

/** In the order in which a sample meets them. */
function exitPlaces({ member, summary, isFollowed }: ShownNetwork): readonly ExitPlace[] {
  const tensors = summary.cutPoints.map(({ tensor }) => tensor);
  if (isFollowed) tensors.push(summary.output.name);
  return tensors.map((cutPoint) => ({ member, cutPoint }));
}
