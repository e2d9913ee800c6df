import type { HandlersOf } from "../../state/commands.ts";
import { currentBlocks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { canPlaceExit } from "../../state/live/plan-editing.ts";
import { notifyError } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { changeSettings, useSettings } from "../../state/settings-store.ts";
import { currentCanvas, fitGraph, zoomBy } from "./canvas.ts";
import { openFind, stepThroughFound } from "./FindBar.tsx";
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
import { saveGraph } from "./save-graph.ts";

const isShown = () => currentCanvas() !== null;

function canMove(direction: -1 | 1): boolean {
  const exit = exitInFocus();
  return exit !== undefined && freeNeighbour(exit, direction) !== undefined;
}

function placeInFocus(): string | undefined {
  const { project } = useProject.getState();
  const cutPoint = cutPointInFocus();
  if (!project || cutPoint === undefined) return undefined;
  return canPlaceExit(project, useDesign.getState(), { cutPoint }) ? cutPoint : undefined;
}

function toggleMap(): void {
  const { views } = useSettings.getState();
  changeSettings({ views: { ...views, "graph.minimap": views["graph.minimap"] === false } });
}

export const graphCommands: HandlersOf<"graph"> = {
  "graph.find": { enabled: isShown, run: openFind },
  "graph.findNext": {
    enabled: () => useGraph.getState().find !== null,
    run: () => stepThroughFound(1),
  },
  "graph.fit": { enabled: isShown, run: () => fitGraph() },
  "graph.zoomToSelection": { enabled: isShown, run: zoomToSelection },
  "graph.zoomIn": { enabled: isShown, run: () => zoomBy(1.3) },
  "graph.zoomOut": { enabled: isShown, run: () => zoomBy(1 / 1.3) },
  "graph.toggleBlock": {
    enabled: () => blockInFocus() !== undefined,
    run: () => {
      const block = blockInFocus();
      if (block !== undefined) toggleBlock(block);
    },
  },
  "graph.expandAll": { enabled: isShown, run: () => void expand(currentBlocks()) },
  "graph.collapseAll": { enabled: isShown, run: () => collapse(currentBlocks()) },
  "graph.addExit": {
    enabled: () => placeInFocus() !== undefined,
    run: () => {
      const place = placeInFocus();
      if (place !== undefined) placeExit(null, place);
    },
  },
  "graph.removeExit": { enabled: () => exitInFocus() !== undefined, run: removeExitInFocus },
  "graph.moveExitEarlier": { enabled: () => canMove(-1), run: () => moveExitInFocus(-1) },
  "graph.moveExitLater": { enabled: () => canMove(1), run: () => moveExitInFocus(1) },
  "graph.minimap": { enabled: isShown, run: toggleMap },
  "graph.exportSvg": { enabled: isShown, run: () => void saveGraph("svg").catch(notifyError) },
  "graph.exportPng": { enabled: isShown, run: () => void saveGraph("png").catch(notifyError) },
};
