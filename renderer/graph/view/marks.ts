import { createContext, useContext } from "react";
import { type ExitPlace, isAt } from "../../../shared/model/plan.ts";
import type { Block, Cost } from "../../../shared/presentation/graph/blocks.ts";
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

/** What was found, by element ids: how many per block, and which operators. */
export interface Found {
  readonly blocks: ReadonlyMap<string, number>;
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

export function useBlockSelected({ member, id }: Pick<Block, "member" | "id">): boolean {
  return useView(
    ({ selection }) => selection?.kind === "block" && selection.member === member && selection.block === id,
  );
}

export function useOperatorSelected(member: string | undefined, node: string): boolean {
  return useView(
    ({ selection }) =>
      selection?.kind === "operator" && selection.member === member && selection.node === node,
  );
}

export function useExitSelected(place: ExitPlace): boolean {
  return useView(({ selection }) => selection?.kind === "exit" && isAt(selection, place));
}

/** The class names whose conditions hold. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
