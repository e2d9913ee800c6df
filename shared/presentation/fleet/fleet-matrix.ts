import {
  formatCount,
  formatCounted,
  formatExactFactor,
  formatMs,
  formatPercent,
} from "../../base/format-number.ts";
import type { FleetComparison, Ranking, TransferRow } from "../../fleet/compare-targets.ts";
import {
  type Drawing,
  group,
  type PlotBox,
  path,
  px,
  rectangle,
  type Shape,
  text,
} from "../drawing/drawing.ts";
import type { ColourName } from "../drawing/palette.ts";
import { textWidth } from "../drawing/text-width.ts";
import { describeTarget } from "../words/describe-target.ts";
import { shorten } from "../words/shorten.ts";
import { correlation, formatLoss, isLossOpen, serverText, targetLetter, transferOf } from "./fleet-table.ts";

/** Around the picture. */
const padding = 10;
/** Beside and above the cells, between the panels, and from line to line of the legend. */
const margin = { left: 54, top: 58, between: 30, legend: 17 } as const;
const tallCell = 40;
/** Of cells that hold no type. */
const lowCell = 14;
const widestCell = 84;
/** Above narrower ones stands nothing but the letter. */
const wordedCell = 40;
/** Narrower ones are coloured alone. */
const typedCell = 26;
/** Narrower ones have room for one figure of few digits alone. */
const roomyCell = 70;

/** What the lines above a matrix take. */
const narrowestPanel = 285;

/** A loss that is as dark as it gets, per cent of the speed-up. */
const darkestLossPct = 30;
/** What type still stands off from. */
const darkest = 0.55;

/** What stands in a cell of a matrix. */
interface Cell {
  readonly title: string;
  readonly below?: string;
  readonly colour: ColourName;
  /** Of the colour, 0-1. */
  readonly strength: number;
  /** Whether the profiles' intervals leave it open. */
  readonly isOpen: boolean;
  readonly tooltip: string;
}

interface Panel {
  readonly title: string;
  readonly note: string;
  readonly rowWord: string;
  readonly columnWord: string;
  readonly cell: (row: number, column: number) => Cell | undefined;
}

/**
 * What the plan of every target loses on every other, and how far rankings agree, as two matrices; below them who the targets are.
 * @param width px; where both don't stand beside each other, one stands below the other
 */
export function fleetMatrix(comparison: FleetComparison, width: number): Drawing {
  const count = comparison.targets.length;
  const panels = [lossPanel(comparison), rankPanel(comparison)];
  const inner = width - 2 * padding;
  const beside = 2 * Math.max(narrowestPanel, margin.left + count * roomyCell) + margin.between <= inner;
  const room = beside ? (inner - margin.between) / 2 : inner;
  const cellWidth = Math.min(widestCell, (room - margin.left) / count);
  const cellHeight = cellWidth < typedCell ? lowCell : tallCell;
  const panelHeight = margin.top + count * cellHeight;
  const step = beside
    ? { left: room + margin.between, top: 0 }
    : { left: 0, top: panelHeight + margin.between };
  const placeOf = (index: number) => ({ left: padding + index * step.left, top: padding + index * step.top });
  const legendTop = padding + step.top + panelHeight + margin.legend + 8;
  const legend = legendShapes(comparison, legendTop, inner);
  return {
    width,
    height: legendTop + margin.legend * (legend.length - 1) + padding,
    label:
      "Speed-up that each target's plan loses on the other targets, and rank correlations between targets",
    shapes: [
      ...panels.flatMap((panel, index) =>
        panelShapes(panel, count, { cellWidth, cellHeight }, placeOf(index)),
      ),
      ...legend,
    ],
  };
}

function panelShapes(
  { title, note, rowWord, columnWord, cell }: Panel,
  count: number,
  { cellWidth, cellHeight }: { readonly cellWidth: number; readonly cellHeight: number },
  { left, top }: { readonly left: number; readonly top: number },
): Shape[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const x = (column: number) => left + margin.left + column * cellWidth;
  // Two names beside each other have to be told apart.
  const everyColumn = Math.ceil((textWidth(targetLetter(count - 1)) + 4) / cellWidth);
  const y = (row: number) => top + margin.top + row * cellHeight;
  return [
    text({ left, top: top + 12 }, title, { fill: "ink", strong: true }),
    text({ left, top: top + 27 }, note, { fill: "ink-faint" }),
    text({ left, top: top + margin.top - 8 }, rowWord),
    ...all
      .filter((column) => column % everyColumn === 0)
      .map((column) => {
        const name = `${cellWidth < wordedCell ? "" : columnWord}${targetLetter(column)}`;
        return text({ left: x(column) + cellWidth / 2, top: top + margin.top - 8 }, name, {
          anchor: "middle",
        });
      }),
    ...all.map((row) =>
      text({ left: left + margin.left - 12, top: y(row) + cellHeight / 2 + 4 }, targetLetter(row), {
        anchor: "end",
      }),
    ),
    ...all.flatMap((row) =>
      all.map((column) => {
        const box = {
          left: x(column),
          right: x(column) + cellWidth,
          top: y(row),
          bottom: y(row) + cellHeight,
        };
        return cellShape(cell(row, column), box);
      }),
    ),
  ];
}

function cellShape(cell: Cell | undefined, box: PlotBox): Shape {
  const inner = { left: box.left + 1, right: box.right - 1, top: box.top + 1, bottom: box.bottom - 1 };
  const ground = rectangle(inner, { fill: "surface-sunken" });
  if (!cell) return ground;
  const fillOpacity = Math.round(100 * darkest * cell.strength) / 100;
  return group(
    [
      ground,
      rectangle(inner, { fill: cell.colour, fillOpacity }),
      ...(cell.isOpen ? [dashedBorder(inner)] : []),
      ...cellTexts(cell, box),
    ],
    cell.tooltip,
  );
}

/** As much as there is room for. */
function cellTexts({ title, below }: Cell, { left, right, top, bottom }: PlotBox): Shape[] {
  const [width, middle] = [right - left, (left + right) / 2];
  if (width < typedCell) return [];
  const isRoomy = width >= roomyCell - 0.5;
  const lines =
    isRoomy && below !== undefined ? [title, below] : [isRoomy ? title : title.replace(/ %$/, "")];
  const first = (top + bottom) / 2 + (lines.length > 1 ? -2 : 4);
  return lines.map((line, index) =>
    text({ left: middle, top: first + 14 * index }, line, {
      fill: "ink",
      anchor: "middle",
      strong: index === 0,
    }),
  );
}

function dashedBorder({ left, right, top, bottom }: PlotBox): Shape {
  const [l, r, t, b] = [left + 1, right - 1, top + 1, bottom - 1].map(px);
  return path(`M${l},${t}H${r}V${b}H${l}Z`, { stroke: "ink-soft", strokeDasharray: "3 3" });
}

function lossPanel({ transfers }: FleetComparison): Panel {
  return {
    title: "Speed-up lost on another target",
    note: "of the plan that is best there; below: what is left",
    rowWord: "plan of",
    columnWord: "on ",
    cell: (from, to) => lossCell(transferOf(transfers, from, to)),
  };
}

function lossCell(row: TransferRow): Cell {
  const { from, to, lostPct, speedup } = row;
  const [plan, target] = [from, to].map(targetLetter);
  const isOwn = from === to;
  return {
    title: isOwn ? formatExactFactor(speedup) : formatLoss(lostPct),
    below: isOwn ? "its own" : formatExactFactor(speedup),
    colour: "series-live",
    strength: Math.max(0, Math.min(1, lostPct / darkestLossPct)),
    isOpen: !isOwn && isLossOpen(row) === true,
    tooltip: isOwn
      ? `The plan of ${target} on ${target}: ${formatExactFactor(speedup)}`
      : `The plan of ${plan} on ${target}: ${formatExactFactor(speedup)}, ${formatLoss(lostPct)} lost`,
  };
}

/** Plans above the diagonal, stretches of the backbone below it. */
function rankPanel({ rankings }: FleetComparison): Panel {
  const network = rankings.find(({ kind }) => kind === "stretches")?.network;
  return {
    title: "Rank correlation, Kendall's tau-b",
    note: "above: plans; below: stretches of the network",
    rowWord: "",
    columnWord: "",
    cell: (row, column) => {
      const [one, other] = [Math.min(row, column), Math.max(row, column)];
      const kind = row < column ? "plans" : "stretches";
      const own = rankings.find(
        (ranking) =>
          ranking.kind === kind &&
          (kind === "plans" || ranking.network === network) &&
          ranking.targets[0] === one &&
          ranking.targets[1] === other,
      );
      return own && rankCell(own);
    },
  };
}

function rankCell({ tauB, targets, kind, swapped, pairs, swappedSurely }: Ranking): Cell {
  const [one, other] = targets.map(targetLetter);
  return {
    title: correlation(tauB),
    below: `${formatPercent(swapped / pairs)} swap`,
    colour: (tauB ?? 0) < 0 ? "series-live" : "series-ours",
    strength: Math.abs(tauB ?? 0),
    isOpen: swapped > 0 && swappedSurely === 0,
    tooltip: `${kind === "plans" ? "Plans by latency" : "Stretches of the network"} on ${one} and ${other}: ${formatCount(swapped)} of ${formatCounted(pairs, "pair")} change places`,
  };
}

/** Who the targets are, and what the border says. */
function legendShapes({ targets, server }: FleetComparison, top: number, width: number): Shape[] {
  const lines = [
    ...targets.map(
      ({ target, backboneMs }, index) =>
        `${targetLetter(index)}: ${describeTarget(target)}, backbone ${formatMs(backboneMs)}`,
    ),
    ...(server ? [`Server: ${serverText(server)}`] : []),
    "Dashed: the profiles' 95 % intervals leave it open",
  ];
  return lines.map((line, index) =>
    text({ left: padding, top: top + index * margin.legend }, fitting(line, width)),
  );
}

function fitting(line: string, width: number): string {
  let room = line.length;
  while (room > 1 && textWidth(shorten(line, room)) > width) room--;
  return shorten(line, room);
}
