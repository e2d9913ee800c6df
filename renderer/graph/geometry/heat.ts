import { formatBytes, formatMs, formatQuantity } from "../../../shared/base/format-number.ts";
import type { Cost } from "../../../shared/presentation/graph/blocks.ts";

/** What blocks and operators can be coloured by. */
export const heatMeasures = [
  { id: "none", title: "No colour", of: () => undefined, format: String },
  {
    id: "latency",
    title: "Measured latency",
    of: ({ latencyMs }: Cost) => latencyMs,
    format: formatMs,
  },
  { id: "macs", title: "MACs", of: ({ macs }: Cost) => macs, format: formatQuantity },
  {
    id: "parameters",
    title: "Parameters",
    of: ({ parameters }: Cost) => parameters,
    format: formatQuantity,
  },
  {
    id: "activations",
    title: "Activation bytes",
    of: ({ activationBytes }: Cost) => activationBytes,
    format: formatBytes,
  },
] as const satisfies readonly HeatMeasure[];

export interface HeatMeasure {
  readonly id: string;
  readonly title: string;
  of(cost: Cost): number | undefined;
  format(value: number): string;
}

type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Cividis at ten even steps, dark to light; readable with every kind of colour vision.
 * @see Nuñez, Anderton, Renslow 2018, doi:10.1371/journal.pone.0199239
 */
const cividis: readonly Rgb[] = [
  [0x00, 0x20, 0x4d],
  [0x00, 0x33, 0x6f],
  [0x39, 0x48, 0x6b],
  [0x57, 0x5c, 0x6d],
  [0x70, 0x71, 0x73],
  [0x8a, 0x87, 0x79],
  [0xa6, 0x9d, 0x75],
  [0xc4, 0xb5, 0x6c],
  [0xe4, 0xcf, 0x5b],
  [0xff, 0xea, 0x46],
];

export const heatStops: readonly string[] = cividis.map(cssColour);

/** A colour and the ink that is read on it. */
export interface HeatColour {
  readonly background: string;
  readonly ink: "black" | "white";
}

/** @param share of the scale, 0-1 */
export function heatColour(share: number): HeatColour {
  const place = Math.min(1, Math.max(0, share)) * (cividis.length - 1);
  const low = Math.min(cividis.length - 2, Math.floor(place));
  const colour = mix(cividis[low], cividis[low + 1], place - low);
  // Black on it against white on it, as WCAG 2 counts contrast.
  const light = luminance(colour) + 0.05;
  return { background: cssColour(colour), ink: light / 0.05 > 1.05 / light ? "black" : "white" };
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** Relative luminance, 0 (black) to 1 (white). @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The scale of what is shown: from 0 to the highest cost. @returns undefined if nothing is known or all is 0 */
export function heatMaximum(measure: HeatMeasure, costs: Iterable<Cost>): number | undefined {
  let maximum = 0;
  for (const cost of costs) maximum = Math.max(maximum, measure.of(cost) ?? 0);
  return maximum > 0 ? maximum : undefined;
}
