import { createContext, useContext, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { type ExitPlace, isAt } from "../../../shared/model/plan.ts";
import { currentNetworks, useNetworks, useOrderedNetworks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { exitIdAt } from "../geometry/exit-places.ts";
import { reachingShares, type Shares } from "../geometry/flow.ts";

/** Share of the samples on each part of each network; undefined while it isn't known. */
export function useReachingShares(): Shares | undefined {
  const networks = useOrderedNetworks();
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  return useMemo(
    () =>
      figures?.exitRates.length === exits.length + 1
        ? reachingShares(networks, exits, figures.exitRates)
        : undefined,
    [networks, exits, figures],
  );
}

export const SharesContext = createContext<Shares | undefined>(undefined);

/** Share of the samples on one part of a network: the backbone if none is named. */
export function useShare(member: string | undefined, part: number): number | undefined {
  return useContext(SharesContext)?.get(member)?.[part];
}

/** Element ids of the live plan's exits; the same set until an exit comes, goes or moves. */
export function useTakenPlaces(): ReadonlySet<string> {
  const networks = useNetworks();
  const ids = useDesign(useShallow(({ exits }) => exits.flatMap((exit) => exitIdAt(networks, exit) ?? [])));
  return useMemo(() => new Set(ids), [ids]);
}

/** In the order in which a sample meets the exits. */
export function currentExitIds(): readonly string[] {
  const networks = currentNetworks();
  return useDesign.getState().exits.flatMap((exit) => exitIdAt(networks, exit) ?? []);
}

/** The live plan's exit at a place, its number in the plan from 1, and the share of samples that leaves there. */
export function useExitAt(place: ExitPlace) {
  const index = useDesign(({ exits }) => exits.findIndex((exit) => isAt(exit, place)));
  const exit = useDesign(({ exits }) => exits.find((candidate) => isAt(candidate, place)));
  const rate = useLive(({ figures }) => figures?.exitRates[index]);
  return exit && { exit, number: index + 1, rate };
}
