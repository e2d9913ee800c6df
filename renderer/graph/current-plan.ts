import { createContext, useContext, useMemo } from "react";
import { useDesign } from "../stores/design-store.ts";
import { useLive } from "../stores/live-store.ts";
import { useProject } from "../stores/project-store.ts";
import { cutIndices } from "./cut-indices.ts";
import { travellingShares } from "./flow.ts";

export function currentCutIndices(): readonly number[] {
  const { project } = useProject.getState();
  return project ? cutIndices(project.backbone, useDesign.getState().exits) : [];
}

/** Share of the samples on each part of the backbone; undefined while it isn't known. */
export function useTravellingShares(): readonly number[] | undefined {
  const backbone = useProject(({ project }) => project?.backbone);
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  return useMemo(() => {
    if (!backbone || figures?.exitRates.length !== exits.length + 1) return undefined;
    return travellingShares(backbone.cutPoints.length + 1, cutIndices(backbone, exits), figures.exitRates);
  }, [backbone, exits, figures]);
}

const SharesContext = createContext<readonly number[] | undefined>(undefined);
export const SharesProvider = SharesContext.Provider;

/** Share of the samples on one part of the backbone. */
export function useShare(part: number): number | undefined {
  return useContext(SharesContext)?.[part];
}

/** The live plan's exit at a cut point, its place in the plan from 1, and the share of samples that leaves there. */
export function useExitAt(cutPoint: string) {
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  const place = exits.findIndex((exit) => exit.cutPoint === cutPoint);
  if (place < 0) return undefined;
  return { exit: exits[place], number: place + 1, rate: figures?.exitRates[place] };
}
