import { networkOf } from "../../../shared/files/project-view.ts";
import { type ExitPlace, isAt } from "../../../shared/model/plan.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { currentBlocks, currentNetworks, currentOrder } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { addExit, canPlaceExit, moveExit, removeExitAt } from "../../state/live/plan-editing.ts";
import { type Notice, notify } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { currentNextStep } from "../../state/stages/use-stages.ts";
import { openPanel, select, useView } from "../../state/view-store.ts";
import { blockId, operatorId, parseId } from "../geometry/element-ids.ts";
import { cutIdAt, exitIdAt, placeOf } from "../geometry/exit-places.ts";
import { currentCanvas, reveal, zoomTo } from "./canvas.ts";
import { collapse, expand, focusOn, useGraph } from "./graph-store.ts";

/** What an element's id stands for. */
export type Item =
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "cut" | "exit"; readonly place: ExitPlace; readonly network: GraphNetwork }
  | { readonly kind: "operator"; readonly member?: string; readonly node: string }
  | { readonly kind: "network" | "input" | "output"; readonly network: GraphNetwork };

export function itemOf(id: string): Item | undefined {
  const element = parseId(id);
  const network = element && currentNetworks().find(({ member }) => member === element.member);
  if (!network) return undefined;
  const { kind, name } = element;
  switch (kind) {
    case "operator":
      return { kind, member: element.member, node: name };
    case "block": {
      const block = network.blocks[Number(name)];
      return block && { kind, block };
    }
    case "cut":
    case "exit": {
      const place = placeOf(network, Number(name));
      return place && { kind, place, network };
    }
    default:
      return { kind, network };
  }
}

/** The element that is selected, if it is on the graph. */
function selectedId(): string | undefined {
  const { selection } = useView.getState();
  switch (selection?.kind) {
    case "exit":
      return exitIdAt(currentNetworks(), selection);
    case "block": {
      const block = currentBlocks(selection.member).find(({ id }) => id === selection.block);
      return block && blockId(block);
    }
    case "operator":
      return operatorId(selection.member, selection.node);
    default:
      return undefined;
  }
}

/** What a click does, and Enter on all but a network: add an exit at a free marker, select everything else. */
export function activate(id: string): void {
  const item = itemOf(id);
  if (!item) return;
  focusOn(id);
  switch (item.kind) {
    case "block":
      select({ kind: "block", member: item.block.member, block: item.block.id });
      break;
    case "operator":
      select({ kind: "operator", member: item.member, node: item.node });
      break;
    case "exit":
      select({ kind: "exit", ...item.place });
      break;
    case "cut":
      addOrSelectExit(item.place, item.network);
  }
}

function addOrSelectExit(place: ExitPlace, { sha256, name, summary }: GraphNetwork): void {
  const { project } = useProject.getState();
  const design = useDesign.getState();
  if (!project) return;
  const isOver = () => canPlaceNow(place);
  if (design.exits.some((exit) => isAt(exit, place))) select({ kind: "exit", ...place });
  else if (canPlaceExit(project, design, place)) addExit(place);
  else if (!currentOrder().some((network) => network.sha256 === sha256 && network.isOn))
    notify(
      `The plan doesn't go through ${name}. Switch it on; then exits can be placed in it.`,
      "info",
      undefined,
      { isOver },
    );
  else if (networkOf(project, place.member)?.heads.length === 0)
    notify(
      summary.readyExits.length > 0
        ? "The exits that came with the network aren't calibrated yet."
        : "No head is trained yet, so no exit can be placed.",
      "info",
      toNextStep(),
      { isOver },
    );
  else notify("No head is trained at this cut point. Train more heads; then exits can be placed.");
}

function canPlaceNow(place: ExitPlace): boolean {
  const { project } = useProject.getState();
  return project !== null && canPlaceExit(project, useDesign.getState(), place);
}

function toNextStep(): Notice["action"] {
  const next = currentNextStep();
  return next && !next.isRunning ? { label: next.action, run: () => openPanel(next.stage) } : undefined;
}

/** Expands or collapses a block. */
export function toggleBlock(block: Block): void {
  const { layouts, opening } = useGraph.getState();
  const id = blockId(block);
  if (layouts.has(id) || opening.has(id)) {
    collapse([block]);
    focusOn(id);
  } else void expand([block]);
}

/** Where an exit would be added: where the keyboard is, or behind the selected block. */
export function placeInFocus(): ExitPlace | undefined {
  const item = itemOf(useGraph.getState().focus);
  if (item?.kind === "cut") return item.place;
  const block = blockInFocus();
  return block?.cutPoint && { member: block.member, cutPoint: block.cutPoint.tensor };
}

/** The block that the keyboard is at, or else the selected one. */
export function blockInFocus(): Block | undefined {
  for (const id of [paneHasFocus() ? useGraph.getState().focus : undefined, selectedId()]) {
    const item = id === undefined ? undefined : itemOf(id);
    if (item?.kind === "block") return item.block;
    if (item?.kind === "operator")
      return currentBlocks(item.member).find(({ nodes }) => nodes.some(({ name }) => name === item.node));
  }
  return undefined;
}

/** The exit that the keyboard is at, or else the selected one. */
export function exitInFocus(): ExitPlace | undefined {
  const item = paneHasFocus() ? itemOf(useGraph.getState().focus) : undefined;
  const { exits } = useDesign.getState();
  const isTaken = (place: ExitPlace) => exits.some((exit) => isAt(exit, place));
  if ((item?.kind === "exit" || item?.kind === "cut") && isTaken(item.place)) return item.place;
  const { selection } = useView.getState();
  if (selection?.kind !== "exit" || !isTaken(selection)) return undefined;
  return { member: selection.member, cutPoint: selection.cutPoint };
}

/** The network that the keyboard is in, or else the one that is selected in, or that the keyboard was in last. */
export function networkInFocus(): GraphNetwork | undefined {
  const { focus } = useGraph.getState();
  const id = paneHasFocus() ? focus : (selectedId() ?? focus);
  const member = parseId(id)?.member;
  return currentNetworks().find((network) => network.member === member);
}

function paneHasFocus(): boolean {
  return currentCanvas()?.pane.contains(document.activeElement) ?? false;
}

export function removeExitInFocus(): void {
  const place = exitInFocus();
  if (!place) return;
  removeExitAt(place);
  const marker = cutIdAt(currentNetworks(), place);
  if (marker !== undefined) focusOn(marker);
}

/** Free place next to an exit, towards the input (-1) or the output (+1), in whatever network of the plan. */
export function freeNeighbour(from: ExitPlace, direction: -1 | 1): ExitPlace | undefined {
  const { project } = useProject.getState();
  if (!project) return undefined;
  const design = useDesign.getState();
  const places = currentOrder().flatMap((network) =>
    network.blocks.flatMap(({ index }) => placeOf(network, index) ?? []),
  );
  const start = places.findIndex((place) => isAt(place, from));
  for (let index = start + direction; places[index]; index += direction)
    if (canPlaceExit(project, design, places[index])) return places[index];
  return undefined;
}

export function moveExitInFocus(direction: -1 | 1): void {
  const from = exitInFocus();
  const to = from && freeNeighbour(from, direction);
  if (!from || !to) return;
  placeExit(from, to);
}

/** Moves an exit, or adds one if it comes from nowhere, and goes there. */
export function placeExit(from: ExitPlace | null, to: ExitPlace): void {
  if (from === null) addExit(to);
  else moveExit(from, to);
  const id = exitIdAt(currentNetworks(), to);
  if (id !== undefined) focusOn(id);
}

/** Selects one of the plan's exits, and goes there. */
export function selectExit({ member, cutPoint }: ExitPlace): void {
  select({ kind: "exit", member, cutPoint });
  const id = exitIdAt(currentNetworks(), { member, cutPoint });
  if (id === undefined) return;
  focusOn(id);
  reveal(id);
}

export function zoomToSelection(): void {
  zoomTo(selectedId() ?? useGraph.getState().focus);
}

/** Selects an operator and shows it, wherever it is. */
export async function showOperator(block: Block, node: string): Promise<void> {
  await expand([block]);
  select({ kind: "operator", member: block.member, node });
  const id = operatorId(block.member, node);
  focusOn(id);
  // After the expanded block is drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => reveal(id)));
}
