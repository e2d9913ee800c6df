import type { CutPoint, GraphNode } from "../../../shared/model/backbone.ts";
import type { Block, Cost } from "../../../shared/presentation/graph/blocks.ts";
import type { ShownNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import type { Size } from "./arrange-rows.ts";
import type { Point } from "./operator-graph.ts";

export interface Box extends Point, Size {}

/** A network's row. */
export interface PlacedNetwork {
  readonly network: ShownNetwork;
  /** Above the row; undefined where there is one network only. */
  readonly header: Box | undefined;
  readonly input: Box;
  readonly output: Box;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedBlock extends Box {
  readonly block: Block;
  /** Whether its operators are shown. */
  readonly expanded: boolean;
  /** Whether the plan goes through its network. */
  readonly isOn: boolean;
}

export interface PlacedOperator extends Box {
  readonly node: GraphNode;
  readonly cost: Cost;
  readonly block: Block;
  readonly isOn: boolean;
  /** Shape that the edges to the right of it say; undefined where it's the one that came in. */
  readonly gives: string | undefined;
}

/** A place for an exit: a cut point, or the output of a network that others follow. */
export interface PlacedCut {
  /** SHA-256 of the further network that it is in; the backbone if absent. */
  readonly member?: string;
  /** The tensor, as exits have it. */
  readonly cutPoint: string;
  /** Number of cut points before it in its network. */
  readonly index: number;
  /** Undefined at an output. */
  readonly cut: CutPoint | undefined;
  readonly isOn: boolean;
  /** Of the marker, on the network's line. */
  readonly centre: Point;
  /** Where an exit is drawn if there is one. */
  readonly exit: Box;
  /** From the marker to the exit, SVG path data. */
  readonly branch: string;
}

/** A piece of a network's line, or the line from one network to the next. */
export interface FlowLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** Whose samples it carries: those that reach this part of this network. */
  readonly member?: string;
  /** Number of exits' places before it in that network. */
  readonly part: number;
  readonly isOn: boolean;
}

/** An edge between operators of an expanded block. */
export interface OperatorLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** Where everything of the graph stands, px. */
export interface Scene extends Size {
  /** From top to bottom. */
  readonly networks: readonly PlacedNetwork[];
  readonly blocks: readonly PlacedBlock[];
  readonly operators: readonly PlacedOperator[];
  readonly cuts: readonly PlacedCut[];
  readonly flow: readonly FlowLine[];
  readonly lines: readonly OperatorLine[];
}

/** Between an operator, the edge to the right of it and the shape that is written on that, px. */
export const shapeGap = 4;

export function middleOf({ y, height }: Box): number {
  return y + height / 2;
}
