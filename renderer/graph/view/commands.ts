import { currentBlocks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { canPlaceExit } from "../../state/live/plan-editing.ts";
import { useProject } from "../../state/project-store.ts";
import { changeSettings, useSettings } from "../../state/settings-store.ts";
import type { Command } from "../../ui/command.ts";
import { currentCanvas, fitGraph, zoomBy } from "./canvas.ts";
import { stepThroughFound } from "./FindBar.tsx";
import {
  blockInFocus,
  cutPointInFocus,
  exitInFocus,
  freeNeighbour,
  moveExitInFocus,
  placeExit,
  removeExitInFocus,
  toggleBlock,
  zoomToSelection,
} from "./graph-actions.ts";
import { collapse, expand, useGraph } from "./graph-store.ts";
import { saveGraphPng, saveGraphSvg } from "./save-graph.ts";

const isShown = () => currentCanvas() !== null;

function canMove(direction: -1 | 1): boolean {
  const exit = exitInFocus();
  return exit !== undefined && freeNeighbour(exit, direction) !== undefined;
}

function placeInFocus(): string | undefined {
  const { project } = useProject.getState();
  const cutPoint = cutPointInFocus();
  const { exits } = useDesign.getState();
  return project && cutPoint !== undefined && canPlaceExit(project, exits, cutPoint) ? cutPoint : undefined;
}

function toggleMap(): void {
  const { views } = useSettings.getState();
  changeSettings({ views: { ...views, "graph.minimap": views["graph.minimap"] === false } });
}

export const graphCommands: readonly Command[] = [
  command("find", "Find in the graph", "Mod+F", isShown, () => {
    useGraph.setState(({ find }) => ({ find: find ?? { query: "", current: 0 } }));
    document.querySelector<HTMLInputElement>("[data-graph-find]")?.select();
  }),
  command(
    "findNext",
    "Find next in the graph",
    "F3",
    () => useGraph.getState().find !== null,
    () => stepThroughFound(1),
  ),
  command("fit", "Fit the graph", "0", isShown, () => fitGraph()),
  command("zoomToSelection", "Zoom to the selection", "Z", isShown, zoomToSelection),
  command("zoomIn", "Zoom in", undefined, isShown, () => zoomBy(1.3)),
  command("zoomOut", "Zoom out", undefined, isShown, () => zoomBy(1 / 1.3)),
  command(
    "toggleBlock",
    "Expand or collapse the selected block",
    "E",
    () => blockInFocus() !== undefined,
    () => toggleBlock(blockInFocus()!),
  ),
  command("expandAll", "Expand all blocks", undefined, isShown, () => void expand(currentBlocks())),
  command("collapseAll", "Collapse all blocks", undefined, isShown, () => collapse(currentBlocks())),
  command(
    "addExit",
    "Add exit at the selected cut point",
    undefined,
    () => placeInFocus() !== undefined,
    () => placeExit(null, placeInFocus()!),
  ),
  command("removeExit", "Remove exit", "Delete", () => exitInFocus() !== undefined, removeExitInFocus),
  command(
    "moveExitEarlier",
    "Move exit earlier",
    "Alt+ArrowLeft",
    () => canMove(-1),
    () => moveExitInFocus(-1),
  ),
  command(
    "moveExitLater",
    "Move exit later",
    "Alt+ArrowRight",
    () => canMove(1),
    () => moveExitInFocus(1),
  ),
  command("minimap", "Overview of the graph: show or hide", undefined, isShown, toggleMap),
  command("exportSvg", "Save the graph as SVG…", undefined, isShown, () => void saveGraphSvg()),
  command("exportPng", "Save the graph as PNG…", undefined, isShown, () => void saveGraphPng()),
];

function command(
  id: string,
  title: string,
  keys: string | undefined,
  enabled: () => boolean,
  run: () => void,
): Command {
  return { id: `graph.${id}`, title, group: "Graph", keys, enabled, run };
}
