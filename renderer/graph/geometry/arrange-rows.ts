import { leastLegibleZoom } from "./legibility.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Something on a network's line: input, block, output. */
export interface Item extends Size {
  /** Room between it and its predecessor on the same row, px. */
  readonly gapBefore: number;
  /** Room for the marker behind it, px, also at a row's end. */
  readonly tail: number;
  /** Room that hangs below the row's middle line, whatever the item's height, px. */
  readonly hang: number;
}

export interface Row {
  /** Indices of its items, from first to before `end`. */
  readonly first: number;
  readonly end: number;
  /** The middle line that the items stand on, px from the top. */
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
}

/** The rows of one network. */
export interface Lane {
  readonly rows: readonly Row[];
  /** Left side of each item, px. */
  readonly lefts: readonly number[];
  /** Of the header, which is above the first row. */
  readonly top: number;
  readonly bottom: number;
}

export interface Arrangement extends Size {
  readonly lanes: readonly Lane[];
}

/** Room between two rows for the line that leads from one to the next, px. */
const rowGap = 26;
/** Room around the graph in its pane, px. */
export const graphMargin = 30;
/** Room between two networks. */
const laneGap = 32;
/** What one row more has to gain in size, or the longer rows are easier to follow. */
const rowCost = 0.04;
/** Nothing is drawn larger than this by itself. */
const largestZoom = 1.25;

/**
 * Sets the items of each network left to right in rows, like words in lines, one network below the other, with as many rows
 * as let the whole be drawn largest. A whole that could not be read goes on below the pane instead, in rows as wide as can be read.
 * @param networks items of each
 * @param header room for a header above each network, px
 * @param pane what it is drawn in, px
 */
export function arrangeRows(networks: readonly (readonly Item[])[], header: number, pane: Size): Arrangement {
  let best = stack(networks, header, Number.POSITIVE_INFINITY);
  let bestWorth = worthOf(best, pane);
  let readable: Arrangement | undefined;
  for (const width of possibleWidths(networks.flat().length, networks)) {
    const arrangement = stack(networks, header, width);
    const worth = worthOf(arrangement, pane);
    const isWider = arrangement.width > (readable?.width ?? 0);
    if (isWider && (arrangement.width + 2 * graphMargin) * leastLegibleZoom <= pane.width)
      readable = arrangement;
    // Of equals the narrower: its rows are more even.
    if (worth < bestWorth || (worth === bestWorth && arrangement.width >= best.width)) continue;
    best = arrangement;
    bestWorth = worth;
  }
  const isReadable = Math.min(pane.width / best.width, pane.height / best.height) >= leastLegibleZoom;
  return isReadable ? best : (readable ?? best);
}

function worthOf({ width, height, lanes }: Arrangement, pane: Size): number {
  const rows = lanes.reduce((sum, lane) => sum + lane.rows.length, 0);
  return Math.min(largestZoom, pane.width / width, pane.height / height) - rowCost * rows;
}

/** Widths of rows that begin with a network's first item or with its second; with very many items only some of them. */
function possibleWidths(count: number, networks: readonly (readonly Item[])[]): readonly number[] {
  const step = Math.ceil(count / 100);
  return networks
    .flatMap((items) => [items, items.slice(1)])
    .flatMap((row) => {
      let width = 0;
      const widths = row.map((item, index) => {
        width += (index === 0 ? 0 : item.gapBefore) + item.width;
        return width + item.tail;
      });
      return widths.filter((_, index) => index % step === 0);
    });
}

function stack(networks: readonly (readonly Item[])[], header: number, width: number): Arrangement {
  const lanes: Lane[] = [];
  let widest = 0;
  let top = 0;
  for (const items of networks) {
    const lane = fill(items, width, top + header);
    lanes.push({ ...lane, top });
    widest = Math.max(widest, lane.width);
    top = lane.bottom + laneGap;
  }
  return { lanes, width: widest, height: Math.max(0, top - laneGap) };
}

function fill(items: readonly Item[], width: number, start: number) {
  const lefts: number[] = [];
  const rows: Row[] = [];
  let widest = 0;
  let top = start;
  let first = 0;
  while (first < items.length) {
    let end = first;
    let x = 0;
    let [above, below] = [0, 0];
    for (; end < items.length; end++) {
      const item = items[end];
      const left = end === first ? 0 : x + item.gapBefore;
      if (end > first && left + item.width + item.tail > width) break;
      lefts.push(left);
      x = left + item.width;
      widest = Math.max(widest, x + item.tail);
      above = Math.max(above, item.height / 2);
      below = Math.max(below, item.height / 2, item.hang);
    }
    rows.push({ first, end, top, middle: top + above, bottom: top + above + below });
    top += above + below + rowGap;
    first = end;
  }
  return { rows, lefts, width: widest, bottom: Math.max(start, top - rowGap) };
}
