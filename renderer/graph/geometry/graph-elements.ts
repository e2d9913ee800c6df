import type { Node } from "@xyflow/react";
import { blockId, cutId, exitId, inputId, networkId, operatorId, outputId } from "./element-ids.ts";
import { markerSize } from "./layout.ts";
import type { Box, PlacedBlock, PlacedCut, PlacedNetwork, PlacedOperator, Scene } from "./scene.ts";

export type TerminalNode = Node<{ readonly placed: PlacedNetwork }, "start" | "end">;
export type NetworkNode = Node<{ readonly placed: PlacedNetwork }, "network">;
export type BlockNode = Node<{ readonly placed: PlacedBlock }, "block" | "frame">;
export type OperatorNode = Node<{ readonly placed: PlacedOperator }, "operator">;
export type CutNode = Node<{ readonly placed: PlacedCut }, "cut">;
export type ExitNode = Node<{ readonly placed: PlacedCut }, "exit">;
export type GraphElement = TerminalNode | NetworkNode | BlockNode | OperatorNode | CutNode | ExitNode;

/** The scene as React Flow wants it, without the plan; sizes are given, so that nothing has to be measured. */
export function graphNodes(scene: Scene): readonly GraphElement[] {
  return [
    ...scene.networks.flatMap(networkNodes),
    ...scene.blocks.map((placed): BlockNode => {
      const type = placed.expanded ? "frame" : "block";
      return { ...boxed(blockId(placed.block), placed), type, zIndex: 0, data: { placed } };
    }),
    ...scene.operators.map(
      (placed): OperatorNode => ({
        ...boxed(operatorId(placed.block.member, placed.node.name), placed),
        type: "operator",
        zIndex: 2,
        data: { placed },
      }),
    ),
    ...scene.cuts.map(
      (placed): CutNode => ({
        ...boxed(cutId(placed), markerBox(placed)),
        type: "cut",
        zIndex: 3,
        data: { placed },
      }),
    ),
  ];
}

function networkNodes(placed: PlacedNetwork): readonly (TerminalNode | NetworkNode)[] {
  const { network, header, input, output } = placed;
  const data = { placed };
  return [
    ...(header ? [headerNode(placed, header)] : []),
    { ...boxed(inputId(network), input), type: "start", data },
    { ...boxed(outputId(network), output), type: "end", data },
  ];
}

/** As wide as the graph, for its line; the words in it alone take the pointer. */
function headerNode(placed: PlacedNetwork, header: Box): NetworkNode {
  const id = networkId(placed.network);
  return {
    ...boxed(id, header),
    type: "network",
    zIndex: 5,
    style: { pointerEvents: "none" },
    data: { placed },
  };
}

export function markerBox({ centre }: PlacedCut): Box {
  return {
    x: centre.x - markerSize / 2,
    y: centre.y - markerSize / 2,
    width: markerSize,
    height: markerSize,
  };
}

/** @param taken element ids of the plan's exits */
export function exitNodes(scene: Scene, taken: ReadonlySet<string>): readonly ExitNode[] {
  return scene.cuts
    .filter((placed) => taken.has(exitId(placed)))
    .map((placed) => ({
      ...boxed(exitId(placed), placed.exit),
      type: "exit",
      zIndex: 4,
      data: { placed },
    }));
}

function boxed(id: string, { x, y, width, height }: Box) {
  const size = { width, height };
  return { id, position: { x, y }, ...size, measured: size };
}
