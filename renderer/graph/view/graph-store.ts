import { create } from "zustand";
import type { ExitPlace } from "../../../shared/model/plan.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import { blockId } from "../geometry/element-ids.ts";
import { layoutBlock } from "../geometry/layout-client.ts";
import type { OperatorLayout } from "../geometry/operator-graph.ts";

/** An exit on its way: new from the toolbar, or moved from a place. */
export interface ExitDrag {
  readonly from: ExitPlace | null;
  /** Of the pointer in the window, px. */
  readonly x: number;
  readonly y: number;
  /** The free place that it would land on. */
  readonly over: ExitPlace | null;
}

interface GraphState {
  /** Of the backbone that all of this is about. */
  readonly sha256: string;
  /** Where the operators of the expanded blocks stand, by the block's element id. */
  readonly layouts: ReadonlyMap<string, OperatorLayout>;
  /** Element ids of blocks whose layout is under way. */
  readonly opening: ReadonlySet<string>;
  /** What the keyboard is at, by the id of its element. */
  readonly focus: string;
  readonly drag: ExitDrag | null;
  /** Element id of the header that is being dragged. */
  readonly draggedNetwork: string | null;
  /** Null if the find bar is closed. */
  readonly find: { readonly query: string; readonly current: number } | null;
}

const nothingShown: Omit<GraphState, "sha256"> = {
  layouts: new Map(),
  opening: new Set(),
  focus: "block:0",
  drag: null,
  draggedNetwork: null,
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
  const closed = blocks.filter((block) => !layouts.has(blockId(block)) && !opening.has(blockId(block)));
  if (closed.length === 0) return;
  const ids = closed.map(blockId);
  useGraph.setState({ opening: new Set([...opening, ...ids]) });
  const opened = await Promise.all(closed.map(layoutBlock));
  useGraph.setState((state) => {
    if (state.sha256 !== sha256) return {};
    // Those that were collapsed again meanwhile stay so.
    const wanted = ids.filter((id) => state.opening.has(id));
    return {
      layouts: new Map([...state.layouts, ...wanted.map((id) => [id, opened[ids.indexOf(id)]] as const)]),
      opening: without(state.opening, ids),
    };
  });
}

export function collapse(blocks: readonly Block[]): void {
  const ids = blocks.map(blockId);
  useGraph.setState(({ layouts, opening }) => ({
    layouts: new Map([...layouts].filter(([id]) => !ids.includes(id))),
    opening: without(opening, ids),
  }));
}

function without(set: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  return new Set([...set].filter((id) => !gone.includes(id)));
}

export function focusOn(id: string): void {
  if (useGraph.getState().focus !== id) useGraph.setState({ focus: id });
}

export function showDrag(drag: ExitDrag | null): void {
  useGraph.setState({ drag });
}

export function showDraggedNetwork(draggedNetwork: string | null): void {
  useGraph.setState({ draggedNetwork });
}

export function showFind(find: GraphState["find"]): void {
  useGraph.setState({ find });
}
