import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import { featureText } from "../../../shared/model/backbone.ts";
import { isAt, outputHead, type PartitionedPlan } from "../../../shared/model/plan.ts";
import { type DifferenceRow, differenceAt } from "../../../shared/presentation/graph/compare-networks.ts";
import { flowWidth, reachingShares, type Shares } from "./flow.ts";
import { heatStops } from "./heat.ts";
import { type HeatScale, heatOf } from "./heat-scale.ts";
import { inputText, thresholdText } from "./item-labels.ts";
import type { Point } from "./operator-graph.ts";
import { operatorLabel } from "./operator-label.ts";
import {
  type Box,
  middleOf,
  type PlacedBlock,
  type PlacedCut,
  type PlacedNetwork,
  type Scene,
  shapeGap,
} from "./scene.ts";

/** The colours of the picture, as CSS colours. */
export interface Palette {
  readonly surface: string;
  readonly raised: string;
  readonly sunken: string;
  readonly ink: string;
  readonly soft: string;
  readonly border: string;
  readonly strong: string;
  readonly live: string;
  readonly accent: string;
  readonly warn: string;
}

export interface Picture extends PartitionedPlan {
  readonly scene: Scene;
  /** Share that leaves at each exit, the last network's output last; null if unknown. */
  readonly exitRates: readonly number[] | null;
  readonly heat: HeatScale;
  /** Of the backbone's blocks that another model hasn't, or has otherwise, by index. */
  readonly differing: ReadonlyMap<number, DifferenceRow>;
  readonly palette: Palette;
}

/** With the share of samples that reach each part, where it is known. */
interface Drawn extends Picture {
  readonly shares: Shares | undefined;
}

const margin = 32;
const legendHeight = 30;
const offOpacity = 0.45;
const font = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The graph as one SVG file of its own, without styles from outside. Sizes in px. */
export function graphSvg(picture: Picture): {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
} {
  const { scene, heat, palette, exits, exitRates } = picture;
  const networks = scene.networks.map(({ network }) => network);
  const drawn = { ...picture, shares: exitRates ? reachingShares(networks, exits, exitRates) : undefined };
  const legend = heat.maximum === undefined ? 0 : legendHeight;
  const width = Math.ceil(scene.width) + 2 * margin;
  const height = Math.ceil(scene.height) + 2 * margin + legend;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" font-family="${font}">`,
    `<rect x="${-margin}" y="${-margin}" width="${width}" height="${height}" fill="${palette.surface}"/>`,
    ...lines(drawn),
    ...blocks(picture),
    ...cutPoints(drawn),
    ...scene.networks.flatMap((placed) => [...headerOf(placed, palette), ...terminals(drawn, placed)]),
    ...partitionBorder(picture),
    ...(heat.maximum === undefined ? [] : legendOf(picture, heat.maximum)),
    "</svg>",
  ].join("\n");
  return { svg, width, height };
}

/** What belongs to a network that the plan doesn't go through is drawn faintly. */
function faded(isOn: boolean, drawn: string): string {
  return isOn ? drawn : `<g opacity="${offOpacity}">${drawn}</g>`;
}

function lines({ scene, palette, exits, exitRates, shares }: Drawn): readonly string[] {
  const branches = scene.cuts.flatMap((placed) => {
    const place = exits.findIndex((exit) => isAt(exit, placed));
    if (place < 0) return [];
    return [stroke(placed.branch, palette.live, flowWidth(exitRates?.[place]))];
  });
  return [
    ...branches,
    ...scene.flow.map(({ path, member, part, isOn }) =>
      faded(isOn, stroke(path, palette.strong, flowWidth(isOn ? shares?.get(member)?.[part] : 0))),
    ),
  ];
}

function stroke(path: string, colour: string, width: number): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${round(width)}"/>`;
}

/** At the left edge of a block that the compared model hasn't, or has otherwise. */
function differenceMark({ block, x, y, height }: PlacedBlock, { differing, palette }: Picture): string {
  const row = differenceAt(differing, block);
  if (!row) return "";
  const { accent, warn, ink } = palette;
  const colour = row.state === "weights" ? accent : row.state === "changed" ? warn : ink;
  return `<rect x="${round(x)}" y="${round(y)}" width="4" height="${round(height)}" fill="${colour}"/>`;
}

function blocks(picture: Picture): readonly string[] {
  const { scene, heat, palette } = picture;
  const { raised, sunken, ink, soft, border, strong } = palette;
  const cards = scene.blocks.map((placed) => {
    const { block, expanded, isOn } = placed;
    if (expanded)
      return faded(
        isOn,
        rect(placed, 6, sunken, strong) +
          differenceMark(placed, picture) +
          text(placed.x + 8, placed.y + 15, block.label, 11.5, ink, {
            bold: true,
            room: placed.width - 16,
            keep: "end",
          }),
      );
    const colour = heatOf(heat, block.cost);
    const detail = block.cutPoint ? featureText(block.cutPoint, "×") : `${block.nodes.length} operators`;
    return faded(
      isOn,
      rect(placed, 4, colour?.background ?? raised, strong) +
        differenceMark(placed, picture) +
        text(placed.x + 7, placed.y + 16, block.label, 11.5, colour?.ink ?? ink, {
          bold: true,
          room: placed.width - 14,
          keep: "end",
        }) +
        text(placed.x + 7, placed.y + 30, detail, 10.5, colour?.ink ?? soft, { room: placed.width - 14 }),
    );
  });
  const edges = scene.lines.map(({ path }) => stroke(path, strong, 1));
  const operators = scene.operators.map((placed) => {
    const colour = heatOf(heat, placed.cost);
    const middle = placed.x + placed.width / 2;
    return faded(
      placed.isOn,
      rect(placed, 4, colour?.background ?? raised, placed.node.macs > 0 ? strong : border) +
        text(middle, placed.y + 17, operatorLabel(placed.node), 11, colour?.ink ?? ink, {
          middle: true,
          room: placed.width - 8,
        }) +
        (placed.gives === undefined
          ? ""
          : text(
              placed.x + placed.width + shapeGap,
              middleOf(placed) - shapeGap,
              placed.gives,
              10.5,
              soft,
              {},
            )),
    );
  });
  return [...cards, ...edges, ...operators];
}

function cutPoints(picture: Drawn): readonly string[] {
  const { scene, exits, palette, shares } = picture;
  return scene.cuts.map((placed) => {
    const place = exits.findIndex((exit) => isAt(exit, placed));
    const share = shares?.get(placed.member)?.[placed.index + 1];
    const { x, y } = placed.centre;
    const goesOn =
      share === undefined || (place < 0 && placed.cut)
        ? ""
        : text(x, y - 13, formatPercent(share), 11, palette.soft, { middle: true });
    if (place >= 0) return goesOn + exitOf(picture, placed, place);
    const free = `<circle cx="${x}" cy="${y}" r="4" fill="${palette.surface}" stroke="${palette.strong}"/>`;
    return faded(placed.isOn, free + goesOn);
  });
}

function exitOf(
  { exits, exitRates, palette }: Picture,
  { centre: { x, y }, exit: box }: PlacedCut,
  place: number,
): string {
  const { head, threshold } = exits[place];
  const rate = exitRates?.[place];
  const { soft, ink, live, raised } = palette;
  return [
    `<circle cx="${x}" cy="${y}" r="7" fill="${live}"/>`,
    rect(box, 8, raised, live),
    text(box.x + 7, box.y + 15, `${place + 1}  ${head === outputHead ? "own output" : head}`, 10.5, soft, {
      room: box.width - 12,
    }),
    text(box.x + 7, box.y + 29, `≥ ${thresholdText(threshold)}`, 10.5, soft, {}),
    rate === undefined
      ? ""
      : text(box.x + box.width - 7, box.y + 29, formatPercent(rate), 10.5, ink, { bold: true, end: true }),
  ].join("");
}

function headerOf({ header, network }: PlacedNetwork, { ink, soft }: Palette): readonly string[] {
  if (!header) return [];
  const y = header.y + 24;
  const role = network.member === undefined ? "backbone" : "";
  const note = network.isOn ? role : [role, "not in the plan"].filter(Boolean).join(", ");
  const name = `font-size="13" font-weight="600" fill="${network.isOn ? ink : soft}"`;
  const rest = `<tspan dx="10" font-size="11" font-weight="400" fill="${soft}">${note}</tspan>`;
  return [`<text x="${header.x}" y="${y}" ${name}>${escaped(network.name)}${rest}</text>`];
}

function terminals(
  { shares, palette: { sunken, border, ink, soft } }: Drawn,
  { network: { member, summary, isOn }, input, output }: PlacedNetwork,
): readonly string[] {
  const share = shares?.get(member)?.[summary.cutPoints.length];
  const card = (box: Box, title: string, detail: string) =>
    faded(
      isOn,
      rect(box, box.height / 2, sunken, border) +
        text(box.x + box.width / 2, box.y + 16, title, 11.5, ink, { bold: true, middle: true }) +
        text(box.x + box.width / 2, box.y + 30, detail, 10.5, soft, { middle: true }),
    );
  return [
    card(input, "image", inputText(summary)),
    card(
      output,
      `${formatCount(summary.output.classes)} classes`,
      share === undefined ? "output" : formatPercent(share),
    ),
  ];
}

/** Where a server takes over, if one does. */
function partitionBorder(picture: Picture): readonly string[] {
  const { palette } = picture;
  const at = borderAt(picture);
  if (!at) return [];
  const { x, y } = at;
  return [
    `<path d="M${x},${y - 37}V${y + 25}" fill="none" stroke="${palette.ink}" stroke-width="1.5" stroke-dasharray="4 3"/>`,
    text(x - 17, y - 20, "device", 11, palette.ink, { end: true }),
    text(x + 17, y - 20, "server", 11, palette.ink, {}),
  ];
}

function borderAt({ scene: { networks, cuts }, cut: tensor, cutMember }: Picture): Point | undefined {
  const owner = networks.find(({ network }) => network.member === cutMember);
  if (owner && tensor === owner.network.summary.input.name)
    return { x: owner.input.x + owner.input.width + 11, y: middleOf(owner.input) };
  return cuts.find(({ member, cutPoint }) => member === cutMember && cutPoint === tensor)?.centre;
}

function legendOf({ scene, heat: { measure }, palette }: Picture, maximum: number): readonly string[] {
  const y = scene.height + margin / 2 + 8;
  const title = `${measure.title}  ${measure.format(0)}`;
  const bar = 9 * heatStops.length;
  const start = 7 * title.length;
  return [
    text(0, y + 9, title, 11, palette.soft, {}),
    ...heatStops.map(
      (colour, step) => `<rect x="${start + 9 * step}" y="${y}" width="9.5" height="10" fill="${colour}"/>`,
    ),
    text(start + bar + 8, y + 9, measure.format(maximum), 11, palette.soft, {}),
  ];
}

function rect({ x, y, width, height }: Box, radius: number, fill: string, border: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${border}"/>`;
}

function text(
  x: number,
  y: number,
  content: string,
  size: number,
  fill: string,
  {
    bold = false,
    middle = false,
    end = false,
    room,
    keep = "start",
  }: { bold?: boolean; middle?: boolean; end?: boolean; room?: number; keep?: "start" | "end" },
): string {
  const anchor = middle ? ' text-anchor="middle"' : end ? ' text-anchor="end"' : "";
  const weight = bold ? ' font-weight="600"' : "";
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${anchor}${weight}>${escaped(shortenedTo(content, size, room, keep))}</text>`;
}

/** SVG text doesn't shorten itself; a letter takes some 0.6 of its size. */
function shortenedTo(content: string, size: number, room: number | undefined, keep: "start" | "end"): string {
  const letters = room === undefined ? content.length : Math.floor(room / (0.62 * size));
  if (content.length <= letters) return content;
  const kept = Math.max(1, letters - 1);
  return keep === "start" ? `${content.slice(0, kept)}…` : `…${content.slice(-kept)}`;
}

/** Names come out of a model file and may hold anything; signs that XML can't hold are replaced. */
function escaped(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
