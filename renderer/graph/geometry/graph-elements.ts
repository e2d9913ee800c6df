import type { Node } from "@xyflow/react";
import {
  type Box,
  blockId,
  cutId,
  exitId,
  markerSize,
  operatorId,
  type PlacedBlock,
  type PlacedCut,
  type PlacedOperator,
  type Scene,
} from "./layout.ts";

export type TerminalNode = Node<Record<string, never>, "start" | "end">;
export type BlockNode = Node<{ readonly placed: PlacedBlock }, "block" | "frame">;
export type OperatorNode = Node<{ readonly placed: PlacedOperator }, "operator">;
export type CutNode = Node<{ readonly placed: PlacedCut }, "cut">;
export type ExitNode = Node<{ readonly placed: PlacedCut }, "exit">;
export type GraphElement = TerminalNode | BlockNode | OperatorNode | CutNode | ExitNode;

/** The scene as React Flow wants it, without the plan; sizes are given, so that nothing has to be measured. */
export function graphNodes(scene: Scene): readonly GraphElement[] {
  return [
    { ...boxed("input", scene.input), type: "start", data: {} },
    { ...boxed("output", scene.output), type: "end", data: {} },
    ...scene.blocks.map((placed): BlockNode => {
      const type = placed.expanded ? "frame" : "block";
      return { ...boxed(blockId(placed.block.index), placed), type, zIndex: 0, data: { placed } };
    }),
    ...scene.operators.map(
      (placed): OperatorNode => ({
        ...boxed(operatorId(placed.node.name), placed),
        type: "operator",
        zIndex: 2,
        data: { placed },
      }),
    ),
    ...scene.cuts.map(
      (placed): CutNode => ({
        ...boxed(cutId(placed.cut.index), markerBox(placed)),
        type: "cut",
        zIndex: 3,
        data: { placed },
      }),
    ),
  ];
}

export function markerBox({ centre }: PlacedCut): Box {
  return {
    x: centre.x - markerSize / 2,
    y: centre.y - markerSize / 2,
    width: markerSize,
    height: markerSize,
  };
}

/** @param taken tensors of the cut points that the plan's exits are at */
export function exitNodes(scene: Scene, taken: ReadonlySet<string>): readonly ExitNode[] {
  return scene.cuts
    .filter(({ cut }) => taken.has(cut.tensor))
    .map((placed) => ({
      ...boxed(exitId(placed.cut.index), placed.exit),
      type: "exit",
      zIndex: 4,
      data: { placed },
    }));
}

function boxed(id: string, { x, y, width, height }: Box) {
  const size = { width, height };
  return { id, position: { x, y }, ...size, measured: size };
}
