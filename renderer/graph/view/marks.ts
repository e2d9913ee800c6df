import { createContext, useContext } from "react";
import type { Cost } from "../../../shared/presentation/graph/blocks.ts";
import { useView } from "../../state/view-store.ts";
import type { HeatColour } from "../geometry/heat.ts";
import { type HeatScale, heatOf } from "../geometry/heat-scale.ts";
import { useGraph } from "./graph-store.ts";

const HeatContext = createContext<HeatScale | undefined>(undefined);
export const HeatProvider = HeatContext.Provider;

/** The colour of a cost; undefined where there is none. */
export function useHeat(cost: Cost): HeatColour | undefined {
  const scale = useContext(HeatContext);
  return scale && heatOf(scale, cost);
}

/** What was found: how many per block, and which operators. */
export interface Found {
  readonly blocks: ReadonlyMap<number, number>;
  readonly operators: ReadonlySet<string>;
  readonly current: string | undefined;
}

export const nothingFound: Found = { blocks: new Map(), operators: new Set(), current: undefined };
const FoundContext = createContext<Found>(nothingFound);
export const FoundProvider = FoundContext.Provider;

export function useFound(): Found {
  return useContext(FoundContext);
}

/** DOM id of an element, for the keyboard's place. */
export function domId(id: string): string {
  return `graph-${encodeURIComponent(id)}`;
}

/** Whether the keyboard is at an element. */
export function useFocused(id: string): boolean {
  return useGraph(({ focus }) => focus === id);
}

export function useBlockSelected(block: string): boolean {
  return useView(({ selection }) => selection?.kind === "block" && selection.block === block);
}

export function useOperatorSelected(node: string): boolean {
  return useView(({ selection }) => selection?.kind === "operator" && selection.node === node);
}

export function useExitSelected(cutPoint: string): boolean {
  return useView(({ selection }) => selection?.kind === "exit" && selection.cutPoint === cutPoint);
}

/** The class names whose conditions hold. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
