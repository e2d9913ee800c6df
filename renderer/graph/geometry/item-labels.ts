import { formatPercent } from "../../../shared/base/format-number.ts";
import { type BackboneSummary, featureText, type GraphNode } from "../../../shared/model/backbone.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import type { ShownNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { sampleShape } from "./sample-shape.ts";
import type { PlacedCut } from "./scene.ts";

/** Hostile or not, names of a file are shown up to this length. */
const longestName = 120;

export function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

/**
 * What a screen reader says for a block.
 * @param ofNetwork tells its network where there are several: ` of small`; so below
 */
export function blockText(
  { index, label, nodes, cutPoint }: Block,
  expanded: boolean,
  ofNetwork = "",
): string {
  const shape = cutPoint ? `, ends with ${featureText(cutPoint, "×")}` : "";
  const state = expanded ? "expanded; down arrow to its operators, E collapses" : "collapsed; E expands";
  const operators = nodes.length === 1 ? "1 operator" : `${nodes.length} operators`;
  return `Block ${index}${ofNetwork}, ${shortened(label)}, ${operators}${shape}, ${state}`;
}

/** What a screen reader says for a network's row. @param facts what else is known of it */
export function headerText(
  { name, isOn }: Pick<ShownNetwork, "name" | "isOn">,
  facts: readonly (string | undefined)[],
): string {
  const known = [name, ...facts].filter((fact) => fact !== undefined).join(", ");
  return `Network ${known}; ${isOn ? "on" : "off"}, Space switches it, Alt and up or down arrow moves it`;
}

/** `ready` where an exit came with the network and isn't calibrated yet; `off` where the plan doesn't go through the network. */
export type MarkerState = "free" | "taken" | "ready" | "noHead" | "off";

const markerStates: Readonly<Record<MarkerState, string>> = {
  free: "no exit; Enter to add one",
  taken: "has an exit; down arrow to it",
  ready: "an exit came with the network; choose a data set to calibrate it",
  noHead: "no head is trained here, so no exit can be added",
  off: "the plan doesn't go through this network; switch it on to place exits",
};

export function markerText({ cut, index }: PlacedCut, state: MarkerState, ofNetwork = ""): string {
  const place = cut
    ? `Cut point ${index}${ofNetwork}, after block ${index}`
    : `Output${ofNetwork}, before the next network`;
  return `${place}: ${markerStates[state]}`;
}

/** Where an exit stands: `after block 3`, `after block 3 of small`, `at the output of small`. */
export function placeText({ cut, index }: PlacedCut, ofNetwork = ""): string {
  return cut ? `after block ${index}${ofNetwork}` : `at the output${ofNetwork}`;
}

export function exitText(
  number: number,
  { head, threshold }: PlanExit,
  place: string,
  rate: number | undefined,
): string {
  const leaving = rate === undefined ? "" : `, ${formatPercent(rate)} of the samples leave here`;
  return (
    `Exit ${number} ${place}, head ${head}, threshold ${thresholdText(threshold)}${leaving}; ` +
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
