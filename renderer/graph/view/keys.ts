import type { KeyboardEvent } from "react";
import { runCommand } from "../../state/commands.ts";
import { select } from "../../state/view-store.ts";
import { nextFocus, type Step } from "../geometry/focus-order.ts";
import { currentCanvas, fitGraph, reveal, zoomBy } from "./canvas.ts";
import { currentExitIds } from "./current-plan.ts";
import { activate, itemOf, moveExitInFocus, networkInFocus, removeExitInFocus } from "./graph-actions.ts";
import { focusOn, useGraph } from "./graph-store.ts";
import { canMoveNetwork, shiftNetwork, toggleNetwork } from "./network-actions.ts";

const steps: Readonly<Record<string, Step>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

/** Keys of the graph's own; the others are commands. */
export function onGraphKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || !handles(event)) return;
  event.preventDefault();
}

function handles({ key, altKey }: KeyboardEvent): boolean {
  const canvas = currentCanvas();
  if (!canvas) return false;
  const { focus } = useGraph.getState();
  if (altKey) {
    if (!move(key)) return false;
    reveal(useGraph.getState().focus);
    return true;
  }
  if (steps[key]) {
    focusOn(nextFocus(canvas.scene, currentExitIds(), focus, steps[key]));
    reveal(useGraph.getState().focus);
    return true;
  }
  switch (key) {
    case "Enter":
    case " ":
      press(focus);
      return true;
    case "Delete":
    case "Backspace":
      removeExitInFocus();
      return true;
    case "f":
      fitGraph();
      return true;
    case "+":
    case "=":
      zoomBy(1.3);
      return true;
    case "-":
      zoomBy(1 / 1.3);
      return true;
    case "Escape":
      select(null);
      return true;
    default:
      return false;
  }
}

/** With Alt: an exit along the networks, or a network among the others. @returns whether the key is for that */
function move(key: string): boolean {
  const by = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  if (key === "ArrowLeft" || key === "ArrowRight") moveExitInFocus(by);
  else if (key === "ArrowUp" || key === "ArrowDown") {
    const network = networkInFocus();
    if (network && canMoveNetwork(network, by)) shiftNetwork(network, by);
  } else return false;
  return true;
}

function press(focus: string): void {
  const item = itemOf(focus);
  if (item?.kind === "network") toggleNetwork(item.network);
  else activate(focus);
  if (item?.kind === "exit") runCommand("exit.threshold");
}
