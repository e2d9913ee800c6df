import type { KeyboardEvent } from "react";
import { select } from "../../state/view-store.ts";
import { nextFocus, type Step } from "../geometry/focus-order.ts";
import { currentCanvas, fitGraph, reveal, zoomBy } from "./canvas.ts";
import { currentCutIndices } from "./current-plan.ts";
import { activate, moveExitInFocus, removeExitInFocus } from "./graph-actions.ts";
import { focusOn, useGraph } from "./graph-store.ts";

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
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    moveExitInFocus(key === "ArrowLeft" ? -1 : 1);
    reveal(useGraph.getState().focus);
    return true;
  }
  if (steps[key]) {
    focusOn(nextFocus(canvas.scene, currentCutIndices(), focus, steps[key]));
    reveal(useGraph.getState().focus);
    return true;
  }
  switch (key) {
    case "Enter":
    case " ":
      activate(focus);
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
