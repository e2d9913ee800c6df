import { create } from "zustand";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import { layoutBlock } from "../geometry/layout-client.ts";
import type { OperatorLayout } from "../geometry/operator-graph.ts";

/** An exit on its way: new from the toolbar, or moved from the cut point of this tensor. */
export interface ExitDrag {
  readonly from: string | null;
  /** Of the pointer in the window, px. */
  readonly x: number;
  readonly y: number;
  /** Tensor of the free cut point that it would land on. */
  readonly over: string | null;
}

interface GraphState {
  /** Of the model that all of this is about. */
  readonly sha256: string;
  /** Where the operators of the expanded blocks stand, by the block's index. */
  readonly layouts: ReadonlyMap<number, OperatorLayout>;
  /** Blocks whose layout is under way. */
  readonly opening: ReadonlySet<number>;
  /** What the keyboard is at, by the id of its element. */
  readonly focus: string;
  readonly drag: ExitDrag | null;
  /** Null if the find bar is closed. */
  readonly find: { readonly query: string; readonly current: number } | null;
}

const nothingShown: Omit<GraphState, "sha256"> = {
  layouts: new Map(),
  opening: new Set(),
  focus: "block:0",
  drag: null,
  find: null,
};

/** How the graph is viewed; none of it is saved. */
export const useGraph = create<GraphState>()(() => ({ sha256: "", ...nothingShown }));

/** Starts afresh if this is another model than before. */
export function showModel(sha256: string): void {
  if (useGraph.getState().sha256 !== sha256) useGraph.setState({ sha256, ...nothingShown });
}

/** Shows the operators of these blocks, as soon as they are laid out. */
export async function expand(blocks: readonly Block[]): Promise<void> {
  const { sha256, layouts, opening } = useGraph.getState();
  const closed = blocks.filter(({ index }) => !layouts.has(index) && !opening.has(index));
  if (closed.length === 0) return;
  const indices = closed.map(({ index }) => index);
  useGraph.setState({ opening: new Set([...opening, ...indices]) });
  const opened = await Promise.all(closed.map(layoutBlock));
  useGraph.setState((state) => {
    if (state.sha256 !== sha256) return {};
    // Those that were collapsed again meanwhile stay so.
    const wanted = indices.filter((index) => state.opening.has(index));
    return {
      layouts: new Map([
        ...state.layouts,
        ...wanted.map((index) => [index, opened[indices.indexOf(index)]] as const),
      ]),
      opening: without(state.opening, indices),
    };
  });
}

export function collapse(blocks: readonly Block[]): void {
  const indices = blocks.map(({ index }) => index);
  useGraph.setState(({ layouts, opening }) => ({
    layouts: new Map([...layouts].filter(([index]) => !indices.includes(index))),
    opening: without(opening, indices),
  }));
}

function without(set: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  return new Set([...set].filter((member) => !gone.includes(member)));
}

export function focusOn(id: string): void {
  if (useGraph.getState().focus !== id) useGraph.setState({ focus: id });
}

export function showDrag(drag: ExitDrag | null): void {
  useGraph.setState({ drag });
}

export function showFind(find: GraphState["find"]): void {
  useGraph.setState({ find });
}
