import type { OperatorGraph, OperatorLayout } from "./operator-graph.ts";
import { layoutOperators } from "./operator-layout.ts";

/** What the window sends. */
export interface LayoutOrder {
  readonly id: number;
  readonly graph: OperatorGraph;
}

/** What comes back. If the layout fails the worker dies of it, and the window draws columns instead. */
export interface LayoutResult {
  readonly id: number;
  readonly layout: OperatorLayout;
}

self.onmessage = ({ data: { id, graph } }: MessageEvent<LayoutOrder>) => {
  self.postMessage({ id, layout: layoutOperators(graph) } satisfies LayoutResult);
};
