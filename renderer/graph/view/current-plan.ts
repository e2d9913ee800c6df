import { createContext, useContext, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { cutIndices } from "../../../shared/model/cut-indices.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { reachingShares } from "../geometry/flow.ts";

export function currentCutIndices(): readonly number[] {
  const { project } = useProject.getState();
  return project ? cutIndices(project.backbone, useDesign.getState().exits) : [];
}

/** Share of the samples on each part of the backbone; undefined while it isn't known. */
export function useReachingShares(): readonly number[] | undefined {
  const backbone = useProject(({ project }) => project?.backbone);
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  return useMemo(() => {
    if (!backbone || figures?.exitRates.length !== exits.length + 1) return undefined;
    return reachingShares(backbone.cutPoints.length + 1, cutIndices(backbone, exits), figures.exitRates);
  }, [backbone, exits, figures]);
}

export const SharesContext = createContext<readonly number[] | undefined>(undefined);

/** Share of the samples on one part of the backbone. */
export function useShare(part: number): number | undefined {
  return useContext(SharesContext)?.[part];
}

/** Tensors of the cut points that the live plan's exits are at; the same set until an exit comes, goes or moves. */
export function useTakenCutPoints(): ReadonlySet<string> {
  const cutPoints = useDesign(useShallow(({ exits }) => exits.map(({ cutPoint }) => cutPoint)));
  return useMemo(() => new Set(cutPoints), [cutPoints]);
}

/** The live plan's exit at a cut point, its place in the plan from 1, and the share of samples that leaves there. */
export function useExitAt(cutPoint: string) {
  const place = useDesign(({ exits }) => exits.findIndex((exit) => exit.cutPoint === cutPoint));
  const exit = useDesign(({ exits }) => exits.find((candidate) => candidate.cutPoint === cutPoint));
  const rate = useLive(({ figures }) => figures?.exitRates[place]);
  return exit && { exit, number: place + 1, rate };
}
