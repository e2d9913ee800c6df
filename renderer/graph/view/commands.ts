import type { ExitPlace } from "../../../shared/model/plan.ts";
import type { CommandHandler, HandlersOf } from "../../state/commands.ts";
import { currentNetworks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { neighbourExit } from "../../state/live/exit-selection.ts";
import { canPlaceExit } from "../../state/live/plan-editing.ts";
import { compareWithModel } from "../../state/model-difference.ts";
import { notifyError } from "../../state/notice-store.ts";
import { hasProject, useProject } from "../../state/project-store.ts";
import { changeSettings, useSettings } from "../../state/settings-store.ts";
import { currentCanvas, fitGraph, zoomBy } from "./canvas.ts";
import { openFind, stepThroughFound } from "./FindBar.tsx";
import {
  blockInFocus,
  exitInFocus,
  freeNeighbour,
  moveExitInFocus,
  networkInFocus,
  placeExit,
  placeInFocus,
  removeExitInFocus,
  selectExit,
  toggleBlock,
  zoomToSelection,
} from "./graph-actions.ts";
import { collapse, expand, useGraph } from "./graph-store.ts";
import { canMoveNetwork, shiftNetwork, toggleNetwork } from "./network-actions.ts";
import { saveGraph } from "./save-graph.ts";

const isShown = () => currentCanvas() !== null;

function canMove(direction: -1 | 1): boolean {
  const exit = exitInFocus();
  return exit !== undefined && freeNeighbour(exit, direction) !== undefined;
}

function freePlaceInFocus(): ExitPlace | undefined {
  const { project } = useProject.getState();
  const place = placeInFocus();
  return project && place && canPlaceExit(project, useDesign.getState(), place) ? place : undefined;
}

const allBlocks = () => currentNetworks().flatMap(({ blocks }) => blocks);

/** Of a project with one network there is nothing to switch and to move. */
const hasRows = () => isShown() && currentNetworks().length > 1;

function rowMove(by: -1 | 1): CommandHandler {
  return {
    enabled: () => {
      const network = hasRows() ? networkInFocus() : undefined;
      return network !== undefined && canMoveNetwork(network, by);
    },
    run: () => {
      const network = networkInFocus();
      if (network) shiftNetwork(network, by);
    },
  };
}

function neighbour(step: 1 | -1): CommandHandler {
  return {
    enabled: () => useDesign.getState().exits.length > 0,
    run: () => selectExit(useDesign.getState().exits[neighbourExit(step)]),
  };
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
  "graph.focus": { enabled: isShown, run: () => currentCanvas()?.pane.focus() },
  "graph.nextExit": neighbour(1),
  "graph.previousExit": neighbour(-1),
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
  "graph.expandAll": { enabled: isShown, run: () => void expand(allBlocks()) },
  "graph.collapseAll": { enabled: isShown, run: () => collapse(allBlocks()) },
  "graph.addExit": {
    enabled: () => freePlaceInFocus() !== undefined,
    run: () => {
      const place = freePlaceInFocus();
      if (place) placeExit(null, place);
    },
  },
  "graph.removeExit": { enabled: () => exitInFocus() !== undefined, run: removeExitInFocus },
  "graph.moveExitEarlier": { enabled: () => canMove(-1), run: () => moveExitInFocus(-1) },
  "graph.moveExitLater": { enabled: () => canMove(1), run: () => moveExitInFocus(1) },
  "graph.toggleNetwork": {
    enabled: () => hasRows() && networkInFocus() !== undefined,
    run: () => {
      const network = networkInFocus();
      if (network) toggleNetwork(network);
    },
  },
  "graph.moveNetworkEarlier": rowMove(-1),
  "graph.moveNetworkLater": rowMove(1),
  "graph.compare": { enabled: hasProject, run: () => void compareWithModel() },
  "graph.minimap": { enabled: isShown, run: toggleMap },
  "graph.exportSvg": { enabled: isShown, run: () => void saveGraph("svg").catch(notifyError) },
  "graph.exportPng": { enabled: isShown, run: () => void saveGraph("png").catch(notifyError) },
};
