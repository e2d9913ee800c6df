import type { Block } from "../../../shared/presentation/graph/blocks.ts";
import type { ShownNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { arrangeRows, type Item, type Lane, type Row, type Size } from "./arrange-rows.ts";
import { blockId, cutId, inputId, outputId } from "./element-ids.ts";
import type { OperatorLayout, Point } from "./operator-graph.ts";
import { frameHeight, framePadding, linesOf, operatorsOf } from "./operator-lines.ts";
import { roundedPath } from "./paths.ts";
import {
  type Box,
  type FlowLine,
  middleOf,
  type PlacedBlock,
  type PlacedCut,
  type PlacedNetwork,
  type Scene,
} from "./scene.ts";

const blockSize: Size = { width: 110, height: 38 };
export const inputSize: Size = { width: 88, height: 38 };
const outputSize: Size = { width: 104, height: 38 };
const exitSize: Size = { width: 112, height: 38 };
/** Side of a marker's hit area, px. */
export const markerSize = 24;

/** Between two blocks; the marker is in its middle. */
const gap = 44;
const terminalGap = 22;
/** From the middle line to an exit below a collapsed block. */
const exitDrop = 30;
/** From an expanded block to an exit below it. */
const frameDrop = 10;
/** How far a line that changes rows runs out on the right and on the left. */
const turn = 20;
/** Of a network's header, and the room below it. */
const headerHeight = 36;
const headerGap = 12;

/** A network with the sizes of what stands on its line: input, blocks, output. */
interface Sized {
  readonly network: ShownNetwork;
  readonly sizes: readonly Size[];
}

/** A network's part of the scene. */
interface LaneScene extends Omit<Scene, keyof Size | "networks"> {
  readonly placed: PlacedNetwork;
}

/**
 * @param networks from top to bottom
 * @param layouts of the expanded blocks, by the block's element id
 * @param pane what the graph is drawn in, px
 */
export function layoutGraph(
  networks: readonly ShownNetwork[],
  layouts: ReadonlyMap<string, OperatorLayout>,
  pane: Size,
): Scene {
  const sized = networks.map((network) => ({ network, sizes: sizesOf(network, layouts) }));
  const header = networks.length > 1 ? headerHeight + headerGap : 0;
  const { width, height, lanes } = arrangeRows(sized.map(itemsOf), header, pane);
  const parts = sized.map((one, index) => laneScene(one, lanes[index], { layouts, header, width }));
  const all = <Part>(of: (part: LaneScene) => readonly Part[]) => parts.flatMap(of);
  return {
    width,
    height,
    networks: parts.map(({ placed }) => placed),
    blocks: all(({ blocks }) => blocks),
    operators: all(({ operators }) => operators),
    cuts: all(({ cuts }) => cuts),
    flow: [...all(({ flow }) => flow), ...handovers(parts)],
    lines: all(({ lines }) => lines),
  };
}

function sizesOf({ blocks }: ShownNetwork, layouts: ReadonlyMap<string, OperatorLayout>): readonly Size[] {
  return [inputSize, ...blocks.map((block) => sizeOf(layouts.get(blockId(block)))), outputSize];
}

function sizeOf(layout: OperatorLayout | undefined): Size {
  if (!layout) return blockSize;
  return {
    width: Math.max(blockSize.width, Math.ceil(layout.width) + 2 * framePadding),
    height: frameHeight(layout),
  };
}

function itemsOf({ network, sizes }: Sized): readonly Item[] {
  const last = sizes.length - 1;
  return sizes.map((size, index) => {
    const hasMarker = index === last ? network.isFollowed : index > 0 && index < last - 1;
    return {
      ...size,
      gapBefore: index === 0 ? 0 : index === 1 || index === last ? terminalGap : gap,
      tail: hasMarker ? gap / 2 + turn : index === last ? 0 : terminalGap,
      // Exits hang where there can be some.
      hang: hasMarker && network.isOn ? exitTop(size) + exitSize.height : 0,
    };
  });
}

/** Of an exit, from the middle line. */
function exitTop({ height }: Size): number {
  return Math.max(exitDrop, height > blockSize.height ? height / 2 + frameDrop : 0);
}

function laneScene(
  { network, sizes }: Sized,
  lane: Lane,
  {
    layouts,
    header,
    width,
  }: {
    readonly layouts: ReadonlyMap<string, OperatorLayout>;
    readonly header: number;
    readonly width: number;
  },
): LaneScene {
  const { isOn } = network;
  const boxes = boxesOf(lane, sizes);
  const [input, output] = [boxes[0], boxes[boxes.length - 1]];
  const blocks = network.blocks.map(
    (block, index): PlacedBlock => ({
      ...boxes[index + 1],
      block,
      expanded: layouts.has(blockId(block)),
      isOn,
    }),
  );
  const cuts = [...blocks.flatMap(cutOf), ...(network.isFollowed ? [outputCut(network, output)] : [])];
  const head = { x: 0, y: lane.top, width, height: headerHeight };
  const { top, bottom } = lane;
  const layoutOf = ({ block }: PlacedBlock) => layouts.get(blockId(block));
  return {
    placed: { network, header: header > 0 ? head : undefined, input, output, top, bottom },
    blocks,
    operators: blocks.flatMap((at) => operatorsOf(at, layoutOf(at))),
    cuts,
    flow: flowOf(network, boxes, cuts, lane.rows),
    lines: blocks.flatMap((at) => linesOf(at, layoutOf(at))),
  };
}

function boxesOf({ rows, lefts }: Lane, sizes: readonly Size[]): readonly Box[] {
  return rows.flatMap(({ first, end, middle }) =>
    sizes.slice(first, end).map((size, index) => ({
      ...size,
      x: lefts[first + index],
      y: middle - size.height / 2,
    })),
  );
}

function cutOf(at: PlacedBlock): readonly PlacedCut[] {
  const { block, isOn } = at;
  const cut = block.cutPoint;
  if (!cut) return [];
  return [
    { ...owned(block), cutPoint: cut.tensor, index: cut.index, cut, isOn, ...markerBehind(at, exitTop(at)) },
  ];
}

/** Where samples that the network is sure of leave at its output. */
function outputCut({ member, summary, blocks, isOn }: ShownNetwork, output: Box): PlacedCut {
  return {
    ...owned({ member }),
    cutPoint: summary.output.name,
    index: blocks.length - 1,
    cut: undefined,
    isOn,
    ...markerBehind(output, exitTop(output)),
  };
}

function owned({ member }: Pick<Block, "member">) {
  return member === undefined ? {} : { member };
}

function markerBehind(at: Box, drop: number): Pick<PlacedCut, "centre" | "exit" | "branch"> {
  const centre = { x: at.x + at.width + gap / 2, y: middleOf(at) };
  const exit = { ...exitSize, x: centre.x + 10 - exitSize.width, y: centre.y + drop };
  return { centre, exit, branch: roundedPath([centre, { x: centre.x, y: exit.y }], 0) };
}

/** One end of a piece of line. */
interface Stop extends Point {
  readonly id: string;
  readonly row: number;
}

function flowOf(
  network: ShownNetwork,
  boxes: readonly Box[],
  cuts: readonly PlacedCut[],
  rows: readonly Row[],
): readonly FlowLine[] {
  const last = boxes.length - 1;
  const rowOf = (index: number) => rows.findIndex(({ first, end }) => index >= first && index < end);
  const idOf = (index: number) =>
    index === 0 ? inputId(network) : index === last ? outputId(network) : blockId(network.blocks[index - 1]);
  const lines: FlowLine[] = [];
  let part = 0;
  let start: Stop | undefined;
  const goTo = (to: Stop) => {
    if (start) lines.push(pieceOf(network, start, to, { part, rows }));
  };
  boxes.forEach((box, index) => {
    const row = rowOf(index);
    const [id, y] = [idOf(index), middleOf(box)];
    goTo({ id, row, x: box.x, y });
    start = { id, row, x: box.x + box.width, y };
    const marker = cuts.find(({ cut, index: place }) => (cut ? place === index - 1 : index === last));
    if (!marker) return;
    goTo({ id: cutId(marker), row, ...marker.centre });
    start = { id: cutId(marker), row, ...marker.centre };
    part++;
  });
  return lines;
}

function pieceOf(
  { member, isOn }: ShownNetwork,
  from: Stop,
  to: Stop,
  { part, rows }: { readonly part: number; readonly rows: readonly Row[] },
): FlowLine {
  const path =
    from.row === to.row
      ? roundedPath([from, to], 0)
      : turnedPath(from, to, (rows[to.row - 1].bottom + rows[to.row].top) / 2);
  return { id: `${from.id}>${to.id}`, from: from.id, to: to.id, path, part, isOn, ...owned({ member }) };
}

/** Out to the right, back between the rows, and in from the left. */
function turnedPath(start: Point, end: Point, between: number): string {
  const right = start.x + turn;
  const left = end.x - turn;
  return roundedPath(
    [
      start,
      { x: right, y: start.y },
      { x: right, y: between },
      { x: left, y: between },
      { x: left, y: end.y },
      end,
    ],
    10,
  );
}

/** From each network's output to the next one's input. */
function handovers(lanes: readonly LaneScene[]): readonly FlowLine[] {
  return lanes.slice(1).flatMap(({ placed }, index) => {
    const before = lanes[index];
    const marker = before.cuts.at(-1);
    if (!before.placed.network.isFollowed || !marker) return [];
    const { network, input, top } = placed;
    const [from, to] = [cutId(marker), inputId(network)];
    const end = { x: input.x, y: middleOf(input) };
    const path = turnedPath(marker.centre, end, (before.placed.bottom + top) / 2);
    return [{ id: `${from}>${to}`, from, to, path, part: marker.index + 1, isOn: true, ...owned(marker) }];
  });
}
