import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import { layoutInColumns } from "./column-layout.ts";
import type { LayoutOrder, LayoutResult } from "./layout-worker.ts";
import { type OperatorGraph, type OperatorLayout, operatorGraphOf } from "./operator-graph.ts";

/** After this the block is drawn in plain columns instead. */
const deadlineMs = 5000;
/** This many layouts are kept. */
const maxKept = 400;

/** By the operators and their edges: blocks of the same shape, which most networks repeat, are laid out once. */
const kept = new Map<string, Promise<OperatorLayout>>();

/** Where a block's operators stand; from the worker, or from before. Never fails. */
export function layoutBlock(block: Block): Promise<OperatorLayout> {
  const graph = operatorGraphOf(block);
  const key = JSON.stringify(graph);
  const known = kept.get(key);
  if (known) return known;
  const layout = inWorker(graph);
  kept.set(key, layout);
  if (kept.size > maxKept) kept.delete(kept.keys().next().value!);
  return layout;
}

interface Waiting {
  resolve(layout: OperatorLayout): void;
  readonly giveUp: () => void;
}

let worker: Worker | undefined;
let lastOrder = 0;
const waiting = new Map<number, Waiting>();
let deadline: ReturnType<typeof setTimeout> | undefined;

function inWorker(graph: OperatorGraph): Promise<OperatorLayout> {
  return new Promise((resolve) => {
    const id = ++lastOrder;
    waiting.set(id, { resolve, giveUp: () => resolve(layoutInColumns(graph)) });
    worker ??= startWorker();
    worker.postMessage({ id, graph } satisfies LayoutOrder);
    if (waiting.size === 1) startDeadline();
  });
}

function startWorker(): Worker {
  const started = new Worker("layout-worker.js", { type: "module" });
  started.onmessage = ({ data: { id, layout } }: MessageEvent<LayoutResult>) => {
    waiting.get(id)?.resolve(layout);
    waiting.delete(id);
    clearTimeout(deadline);
    if (waiting.size > 0) startDeadline();
  };
  started.onerror = giveUp;
  return started;
}

/** The deadline is for the current order; the next one restarts it. */
function startDeadline(): void {
  deadline = setTimeout(giveUp, deadlineMs);
}

/** Ends a worker that is stuck or broken; all that waits for it is drawn in columns. */
function giveUp(): void {
  clearTimeout(deadline);
  worker?.terminate();
  worker = undefined;
  for (const { giveUp: drawInColumns } of waiting.values()) drawInColumns();
  waiting.clear();
}
