import type { LatencyFigures } from "../../shared/domain/plan.ts";

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
  return `${value.toFixed(2)}${spread} pp`;
}

export function factor(value: number): string {
  return `${value.toFixed(2)}x`;
}

/** A count with a unit of thousands, millions or thousands of millions. */
export function compact(value: number): string {
  for (const [size, unit] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const)
    if (value >= size) return `${Number((value / size).toPrecision(3))} ${unit}`;
  return String(value);
}

export function latencies({ mean, p50, p95 }: LatencyFigures): string {
  return `mean ${milliseconds(mean)}, p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}`;
}

/** Columns aligned by their widest cell: the first to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join("  ");
  return all.map(line).join("\n");
}
