import { plainName } from "../../shared/base/plain-name.ts";
import type { LatencyFigures } from "../../shared/model/plan.ts";

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

export function interval([low, high]: readonly [number, number]): string {
  return `(95 %: ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
}

/** Milliseconds to three significant digits. */
export function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

export function points(value: number, halfWidth?: number): string {
  const spread = halfWidth === undefined ? "" : ` ± ${halfWidth.toFixed(2)}`;
  return `${value.toFixed(2).replace(/^-0\.00$/, "0.00")}${spread} pp`;
}

export function factor(value: number): string {
  return `${value.toFixed(2)}x`;
}

/** What becomes of a prediction beside an interval, with a comma before it. */
export function within(isWithin: boolean | undefined): string {
  if (isWithin === undefined) return "";
  return isWithin ? ", predicted within the interval" : ", predicted outside the interval";
}

export function samplesRun({ samples, available }: { readonly samples: number; readonly available: number }) {
  return samples < available ? `${samples} of ${available} test samples` : `the ${samples} test samples`;
}

/** A count to three significant digits, with a unit of thousands, millions or thousands of millions. */
export function compact(value: number): string {
  const rounded = Number(value.toPrecision(3));
  for (const [size, unit] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const)
    if (rounded >= size) return `${Number((rounded / size).toPrecision(3))} ${unit}`;
  return String(rounded);
}

/** A ratio's or a latency's 95 % interval, if it has one, with a blank before it. */
export function spread(bounds: readonly [number, number] | undefined): string {
  return bounds ? ` (95 %: ${bounds.map((bound) => Number(bound.toPrecision(3))).join(" to ")})` : "";
}

export function latencies({
  mean,
  meanInterval,
  p50,
  p95,
}: LatencyFigures & { readonly meanInterval?: readonly [number, number] }): string {
  return `mean ${milliseconds(mean)}${spread(meanInterval)}, p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}`;
}

/** Lines of columns as wide as their widest cell; numbers to the right, words to the left. Cells may be names out of files. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map((row) => row.map((cell) => plainName(cell)));
  const columns = head.map((_, column) => {
    const width = all.reduce((most, row) => Math.max(most, row[column].length), 0);
    const isNumeric = rows.every((row) => /^([-+]?\d|$)/.test(row[column]));
    return (cell: string) => (isNumeric ? cell.padStart(width) : cell.padEnd(width));
  });
  return all.map((row) =>
    row
      .map((cell, column) => columns[column](cell))
      .join("  ")
      .trimEnd(),
  );
}
