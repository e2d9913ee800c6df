import type { Edge, Node } from "@xyflow/react";
import { Position } from "@xyflow/react";
import type { PlanExit } from "../../shared/domain/plan.ts";
import {
  type Box,
  blockId,
  cutId,
  exitId,
  type FlowLine,
  markerSize,
  type OperatorLine,
  operatorId,
  type PlacedBlock,
  type PlacedCut,
  type PlacedOperator,
  type Scene,
} from "./layout.ts";

export type TerminalNode = Node<Record<string, never>, "input" | "output">;
export type BlockNode = Node<{ readonly placed: PlacedBlock }, "block" | "frame">;
export type OperatorNode = Node<{ readonly placed: PlacedOperator }, "operator">;
export type CutNode = Node<{ readonly placed: PlacedCut }, "cut">;
export type ExitNode = Node<{ readonly placed: PlacedCut }, "exit">;
export type GraphElement = TerminalNode | BlockNode | OperatorNode | CutNode | ExitNode;

export type FlowEdge = Edge<{ readonly line: FlowLine }, "flow">;
export type OperatorEdge = Edge<{ readonly line: OperatorLine }, "operator">;
export type BranchEdge = Edge<{ readonly placed: PlacedCut }, "branch">;
export type GraphEdge = FlowEdge | OperatorEdge | BranchEdge;

/** The scene as React Flow wants it, without the plan: sizes and handles given, so that nothing has to be measured. */
export function graphNodes(scene: Scene): readonly GraphElement[] {
  return [
    { ...boxed("input", scene.input), type: "input", data: {} },
    { ...boxed("output", scene.output), type: "output", data: {} },
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

export function graphEdges(scene: Scene): readonly GraphEdge[] {
  return [
    ...scene.flow.map((line): FlowEdge => ({ ...joining(line), type: "flow", data: { line } })),
    ...scene.lines.map(
      (line): OperatorEdge => ({ ...joining(line), type: "operator", zIndex: 1, data: { line } }),
    ),
  ];
}

/** The plan's exits with their branches; exits at cut points that the backbone doesn't have are left out. */
export function exitElements(
  scene: Scene,
  exits: readonly PlanExit[],
): { readonly nodes: readonly ExitNode[]; readonly edges: readonly BranchEdge[] } {
  const taken = new Set(exits.map(({ cutPoint }) => cutPoint));
  const placed = scene.cuts.filter(({ cut }) => taken.has(cut.tensor));
  return {
    nodes: placed.map((at) => ({
      ...boxed(exitId(at.cut.index), at.exit),
      type: "exit",
      zIndex: 4,
      data: { placed: at },
    })),
    edges: placed.map((at) => {
      const [from, to] = [cutId(at.cut.index), exitId(at.cut.index)];
      return { ...joining({ id: `${from}>${to}`, from, to }), type: "branch", data: { placed: at } };
    }),
  };
}

function boxed(id: string, { x, y, width, height }: Box) {
  const size = { width, height };
  const handle = { y: height / 2, width: 1, height: 1 };
  return {
    id,
    position: { x, y },
    ...size,
    measured: size,
    handles: [
      { ...handle, type: "target" as const, position: Position.Left, x: 0 },
      { ...handle, type: "source" as const, position: Position.Right, x: width },
    ],
  };
}

function joining({ id, from, to }: { readonly id: string; readonly from: string; readonly to: string }) {
  return { id, source: from, target: to };
}
