import type { ReactFlowInstance } from "@xyflow/react";
import { graphMargin as margin, type Size } from "../geometry/arrange-rows.ts";
import { blockId, cutId, exitId, inputId, networkId, operatorId, outputId } from "../geometry/element-ids.ts";
import { type GraphElement, markerBox } from "../geometry/graph-elements.ts";
import { leastLegibleZoom } from "../geometry/legibility.ts";
import type { Box, Scene } from "../geometry/scene.ts";

/** The drawn graph, for what acts on it from outside React: commands, keys, dragging. */
export interface Canvas {
  readonly flow: ReactFlowInstance<GraphElement>;
  readonly scene: Scene;
  readonly pane: HTMLElement;
}

let canvas: Canvas | null = null;
/** What is kept in view: as much as can be read, everything, readable or not, or the part that the person has moved to. */
let view: "readable" | "whole" | "moved" = "readable";

export function connectCanvas(connected: Canvas | null): void {
  canvas = connected;
}

/** Null while no graph is on the screen. */
export function currentCanvas(): Canvas | null {
  return canvas;
}

/** Whether the person has chosen what part is seen; if not, the whole is kept in view. */
export function isMovedByHand(): boolean {
  return view === "moved";
}

export function setMovedByHand(moved: boolean): void {
  view = moved ? "moved" : "readable";
}

const largestFit = 1.25;
/** Everything in view, as the person wants it. */
export function fitGraph(): void {
  if (!canvas) return;
  view = "whole";
  show(canvas, boundsOf(canvas.scene), largestFit, true);
}

/** Everything in view if it can be read then or is wanted anyway, else only this, or the graph's beginning. */
export function showAround(id?: string): void {
  if (!canvas) return;
  const { scene, pane } = canvas;
  const whole = boundsOf(scene);
  const isLegible = (shown: Box) => zoomFor(pane, shown, largestFit) >= leastLegibleZoom;
  const box = id === undefined ? null : boxOf(scene, id);
  if (isLegible(whole)) show(canvas, whole, largestFit, false);
  else if (box && isLegible(widened(box, 60))) show(canvas, widened(box, 60), 1, true);
  else show(canvas, view === "whole" ? whole : beginningOf(whole, pane), largestFit, false);
}

/** As much of a graph, from its upper left corner on, as can be read in the pane. */
function beginningOf({ x, y, width }: Box, { clientWidth, clientHeight }: HTMLElement): Box {
  const zoom = Math.max(leastLegibleZoom, clientWidth / width);
  return { x, y, width: clientWidth / zoom, height: clientHeight / zoom };
}

function boundsOf({ width, height }: Size): Box {
  return { x: -margin, y: -margin / 2, width: width + 2 * margin, height: height + margin };
}

/** One thing in view, as large as it may be. */
export function zoomTo(id: string): void {
  const box = canvas && boxOf(canvas.scene, id);
  if (!canvas || !box) return;
  view = "moved";
  show(canvas, widened(box, 60), 1.6, true);
}

/** Moves the view only if the thing isn't in it, or too small to read. */
export function reveal(id: string): void {
  const box = canvas && boxOf(canvas.scene, id);
  if (!canvas || !box) return;
  const { x, y, zoom } = canvas.flow.getViewport();
  const { clientWidth, clientHeight } = canvas.pane;
  const [left, top] = [box.x * zoom + x, box.y * zoom + y];
  const visible =
    left >= 0 &&
    top >= 0 &&
    left + box.width * zoom <= clientWidth &&
    top + box.height * zoom <= clientHeight;
  if (visible && zoom >= leastLegibleZoom) return;
  view = "moved";
  void canvas.flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
    zoom: Math.max(zoom, 0.9),
    duration: motionMs(),
  });
}

/** Keeps an element in its place on the screen while the layout around it changes. */
export function moveWith(dx: number, dy: number): void {
  if (!canvas) return;
  const { x, y, zoom } = canvas.flow.getViewport();
  void canvas.flow.setViewport({ x: x - dx * zoom, y: y - dy * zoom, zoom });
}

export function zoomBy(factor: number): void {
  if (!canvas) return;
  view = "moved";
  void canvas.flow.zoomTo(canvas.flow.getZoom() * factor, { duration: motionMs() });
}

function show(on: Canvas, box: Box, largest: number, animated: boolean): void {
  const { clientWidth, clientHeight } = on.pane;
  if (clientWidth === 0 || clientHeight === 0) return;
  const zoom = zoomFor(on.pane, box, largest);
  void on.flow.setViewport(
    {
      x: placed(clientWidth, box.x + box.width / 2, on.scene.width, zoom),
      y: placed(clientHeight, box.y + box.height / 2, on.scene.height, zoom),
      zoom,
    },
    { duration: animated ? motionMs() : 0 },
  );
}

/** Shift that brings `middle` to the pane's middle, but leaves no empty room before a graph larger than the pane. */
function placed(paneSize: number, middle: number, graphSize: number, zoom: number): number {
  const shift = paneSize / 2 - middle * zoom;
  const fits = (graphSize + 2 * margin) * zoom <= paneSize;
  return fits ? shift : Math.min(shift, margin * zoom);
}

function zoomFor(
  { clientWidth, clientHeight }: HTMLElement,
  { width, height }: Size,
  largest: number,
): number {
  return Math.min(largest, clientWidth / width, clientHeight / height);
}

/** Null if it is not shown. */
function boxOf(scene: Scene, id: string): Box | null {
  for (const { network, header, input, output } of scene.networks) {
    if (id === networkId(network)) return header ?? null;
    if (id === inputId(network)) return input;
    if (id === outputId(network)) return output;
  }
  const block = scene.blocks.find((placed) => blockId(placed.block) === id);
  if (block) return block;
  const cut = scene.cuts.find((placed) => cutId(placed) === id || exitId(placed) === id);
  if (cut) return exitId(cut) === id ? cut.exit : markerBox(cut);
  return scene.operators.find((placed) => operatorId(placed.block.member, placed.node.name) === id) ?? null;
}

function widened({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function motionMs(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140;
}
