import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import { currentBlocks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { addExit, canPlaceExit, moveExit, removeExitAt } from "../../state/live/plan-editing.ts";
import { notify } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { select, useView } from "../../state/view-store.ts";
import { blockId, cutId, exitId, operatorId } from "../geometry/layout.ts";
import { currentCanvas, reveal, zoomTo } from "./canvas.ts";
import { collapse, expand, focusOn, useGraph } from "./graph-store.ts";

/** What an element's id stands for. */
export type Item =
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "cut" | "exit"; readonly index: number; readonly cutPoint: string }
  | { readonly kind: "operator"; readonly node: string }
  | { readonly kind: "input" | "output" };

export function itemOf(id: string): Item | undefined {
  if (id === "input" || id === "output") return { kind: id };
  const [kind, ...rest] = id.split(":");
  const name = rest.join(":");
  if (kind === "operator") return { kind, node: name };
  const block = currentBlocks()[Number(name)];
  if (kind === "block" && block) return { kind, block };
  if ((kind === "cut" || kind === "exit") && block?.cutPoint)
    return { kind, index: block.index, cutPoint: block.cutPoint.tensor };
  return undefined;
}

/** The element that is selected, if it is on the backbone. */
function selectedId(): string | undefined {
  const { selection } = useView.getState();
  switch (selection?.kind) {
    case "exit": {
      const block = currentBlocks().find(({ cutPoint }) => cutPoint?.tensor === selection.cutPoint);
      return block && exitId(block.index);
    }
    case "block": {
      const block = currentBlocks().find(({ id }) => id === selection.block);
      return block && blockId(block.index);
    }
    case "operator":
      return operatorId(selection.node);
    default:
      return undefined;
  }
}

/** What Enter and a click do: add an exit at a free marker, select everything else. */
export function activate(id: string): void {
  const item = itemOf(id);
  if (!item) return;
  focusOn(id);
  switch (item.kind) {
    case "block":
      select({ kind: "block", block: item.block.id });
      break;
    case "operator":
      select({ kind: "operator", node: item.node });
      break;
    case "exit":
      select({ kind: "exit", cutPoint: item.cutPoint });
      break;
    case "cut":
      addOrSelectExit(item.cutPoint);
  }
}

function addOrSelectExit(cutPoint: string): void {
  const { project } = useProject.getState();
  const design = useDesign.getState();
  if (!project) return;
  if (design.exits.some((exit) => exit.cutPoint === cutPoint)) select({ kind: "exit", cutPoint });
  else if (canPlaceExit(project, design, { cutPoint })) addExit({ cutPoint });
  else notify("No head is trained at this cut point. Train heads first; then exits can be placed.");
}

/** Expands or collapses a block. */
export function toggleBlock(block: Block): void {
  const { layouts, opening } = useGraph.getState();
  if (layouts.has(block.index) || opening.has(block.index)) {
    collapse([block]);
    focusOn(blockId(block.index));
  } else void expand([block]);
}

/** The cut point that an exit would be added at: where the keyboard is, or behind the selected block. */
export function cutPointInFocus(): string | undefined {
  const item = itemOf(useGraph.getState().focus);
  if (item?.kind === "cut") return item.cutPoint;
  const block = blockInFocus();
  return block?.cutPoint?.tensor;
}

/** The block that the keyboard is at, or else the selected one. */
export function blockInFocus(): Block | undefined {
  for (const id of [paneHasFocus() ? useGraph.getState().focus : undefined, selectedId()]) {
    const item = id === undefined ? undefined : itemOf(id);
    if (item?.kind === "block") return item.block;
    if (item?.kind === "operator")
      return currentBlocks().find(({ nodes }) => nodes.some(({ name }) => name === item.node));
  }
  return undefined;
}

/** Tensor of the exit that the keyboard is at, or else of the selected one. */
export function exitInFocus(): string | undefined {
  const item = paneHasFocus() ? itemOf(useGraph.getState().focus) : undefined;
  const { exits } = useDesign.getState();
  const at = (cutPoint: string) => exits.some((exit) => exit.cutPoint === cutPoint);
  if ((item?.kind === "exit" || item?.kind === "cut") && at(item.cutPoint)) return item.cutPoint;
  const { selection } = useView.getState();
  return selection?.kind === "exit" && at(selection.cutPoint) ? selection.cutPoint : undefined;
}

function paneHasFocus(): boolean {
  return currentCanvas()?.pane.contains(document.activeElement) ?? false;
}

export function removeExitInFocus(): void {
  const cutPoint = exitInFocus();
  if (cutPoint === undefined) return;
  removeExitAt({ cutPoint });
  const block = currentBlocks().find((candidate) => candidate.cutPoint?.tensor === cutPoint);
  if (block) focusOn(cutId(block.index));
}

/** Free cut point next to an exit, towards the input (-1) or the output (+1). */
export function freeNeighbour(cutPoint: string, direction: -1 | 1): string | undefined {
  const { project } = useProject.getState();
  if (!project) return undefined;
  const design = useDesign.getState();
  const cuts = project.backbone.cutPoints;
  const start = cuts.findIndex(({ tensor }) => tensor === cutPoint);
  for (let place = start + direction; cuts[place]; place += direction)
    if (canPlaceExit(project, design, { cutPoint: cuts[place].tensor })) return cuts[place].tensor;
  return undefined;
}

export function moveExitInFocus(direction: -1 | 1): void {
  const from = exitInFocus();
  const to = from && freeNeighbour(from, direction);
  if (!from || !to) return;
  placeExit(from, to);
}

/** Moves an exit, or adds one if it comes from nowhere, and goes there. */
export function placeExit(from: string | null, to: string): void {
  if (from === null) addExit({ cutPoint: to });
  else moveExit({ cutPoint: from }, { cutPoint: to });
  const block = currentBlocks().find(({ cutPoint }) => cutPoint?.tensor === to);
  if (block) focusOn(exitId(block.index));
}

export function zoomToSelection(): void {
  zoomTo(selectedId() ?? useGraph.getState().focus);
}

/** Selects an operator and shows it, wherever it is. */
export async function showOperator(block: Block, node: string): Promise<void> {
  await expand([block]);
  select({ kind: "operator", node });
  const id = operatorId(node);
  focusOn(id);
  // After the expanded block is drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => reveal(id)));
}
