import { writeFileSync } from "node:fs";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One small chart; both axes go from the smallest to the largest value, x by its logarithm. */
export interface Panel {
  readonly title: string;
  readonly series: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

const WIDTH = 230;
const HEIGHT = 150;
const GAP = 70;
const TOP = 70;

/** Readable on white and on black; in the order of a panel's series. */
const colours = ["#0072b2", "#e69f00", "#009e73", "#8a8a8a", "#d55e00"];

/** Draws panels side by side into an SVG file. */
export function drawLines(file: string, title: string, unit: string, panels: readonly Panel[]): void {
  const width = panels.length * (WIDTH + GAP) + 20;
  const height = TOP + HEIGHT + 45;
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const legend =
    names.length < 2 ? [] : names.map((name, k) => text(GAP + 100 * k, 40, name, `fill="${colours[k]}"`));
  const drawn = panels.map((panel, k) => drawPanel(panel, unit, GAP + k * (WIDTH + GAP)));
  writeFileSync(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `style="font: 12px system-ui, sans-serif"><title>${title}</title><style>text { fill: #1f2328; } .axis { stroke: #8a8a8a; } ` +
      "@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }</style>\n" +
      `${text(GAP, 20, title, 'font-weight="600"')}\n${[...legend, ...drawn].join("\n")}\n</svg>\n`,
  );
}

function drawPanel({ title, series }: Panel, unit: string, left: number): string {
  const points = series.flatMap((line) => line.points);
  const [fromX, toX] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const [fromY, toY] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
  const bottom = TOP + HEIGHT;
  const atX = (x: number) => left + (WIDTH * Math.log(x / fromX)) / Math.log(toX / fromX);
  const atY = (y: number) => bottom - (HEIGHT * (y - fromY)) / (toY - fromY || 1);
  const lines = series.map(({ points: own }, k) => {
    const path = own.map(({ x, y }) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(" ");
    const dots = own.map(
      ({ x, y }) =>
        `<circle cx="${atX(x).toFixed(1)}" cy="${atY(y).toFixed(1)}" r="2.5" fill="${colours[k]}"/>`,
    );
    return `<polyline points="${path}" fill="none" stroke="${colours[k]}" stroke-width="1.5"/>${dots.join("")}`;
  });
  return [
    text(left, TOP - 10, title, 'font-weight="600"'),
    `<path class="axis" fill="none" d="M${left},${TOP}V${bottom}H${left + WIDTH}"/>`,
    ...lines,
    text(left - 6, TOP + 10, shortNumber(toY), 'text-anchor="end"'),
    text(left - 6, bottom, shortNumber(fromY), 'text-anchor="end"'),
    text(left, bottom + 18, shortNumber(fromX)),
    text(left + WIDTH, bottom + 18, `${shortNumber(toX)}${unit && ` ${unit}`}`, 'text-anchor="end"'),
  ].join("\n");
}

function text(x: number, y: number, words: string, attributes = ""): string {
  // A style outranks the page's rule for text, an attribute doesn't.
  const own = attributes.replace(/fill="([^"]*)"/, 'style="fill: $1"');
  return `<text x="${x}" y="${y}" ${own}>${words}</text>`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
