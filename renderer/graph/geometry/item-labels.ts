import { formatPercent } from "../../../shared/base/format-number.ts";
import {
  type BackboneSummary,
  type CutPoint,
  featureText,
  type GraphNode,
} from "../../../shared/model/backbone.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";

/** Hostile or not, names of a file are shown up to this length. */
const longestName = 120;

export function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

function shapeText(shape: readonly number[]): string {
  return shape.map((side) => (side < 0 ? "?" : side)).join("×");
}

/** A shape at batch 1 without the batch: `64×14×14`. */
export function sampleShape(shape: readonly number[]): string {
  return shapeText(shape.length > 1 ? shape.slice(1) : shape);
}

/** What a screen reader says for a block. */
export function blockText(
  { index, label, nodes, cutPoint }: Block,
  count: number,
  expanded: boolean,
): string {
  const shape = cutPoint ? `, ends with ${featureText(cutPoint, "×")}` : "";
  const state = expanded ? "expanded; down arrow to its operators, E collapses" : "collapsed; E expands";
  const operators = nodes.length === 1 ? "1 operator" : `${nodes.length} operators`;
  return `Block ${index + 1} of ${count}, ${shortened(label)}, ${operators}${shape}, ${state}`;
}

export type MarkerState = "free" | "taken" | "noHead";

export function markerText({ index }: CutPoint, count: number, state: MarkerState): string {
  const place = `Cut point ${index + 1} of ${count}, after block ${index + 1}`;
  if (state === "taken") return `${place}: has an exit; down arrow to it`;
  if (state === "noHead") return `${place}: no head is trained here, so no exit can be added`;
  return `${place}: no exit; Enter to add one`;
}

export function exitText(
  number: number,
  { head, threshold }: PlanExit,
  cutIndex: number,
  rate: number | undefined,
): string {
  const leaving = rate === undefined ? "" : `, ${formatPercent(rate)} of the samples leave here`;
  return (
    `Exit ${number} after block ${cutIndex + 1}, head ${head}, threshold ${thresholdText(threshold)}${leaving}; ` +
    "Delete removes it, Alt and left or right arrow moves it"
  );
}

export function operatorText({ name, operator, outputs }: GraphNode): string {
  const shape = outputs[0] ? `, gives ${sampleShape(outputs[0].shape)}` : "";
  return `${shortened(operator)}, ${shortened(name)}${shape}`;
}

export function inputText({ input }: BackboneSummary): string {
  return sampleShape([1, input.channels, input.height, input.width]);
}

/** What a screen reader adds where a server takes over. */
export const partitionText = "; partition between device and server";

/** Three digits are what thresholds differ in. */
export function thresholdText(threshold: number): string {
  return threshold.toFixed(3);
}
