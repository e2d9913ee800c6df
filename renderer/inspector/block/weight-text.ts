import { formatCount } from "../../../shared/base/format-number.ts";
import type { WeightView } from "../../../shared/ipc/weights.ts";

/** A number of a weight to four digits: "−0.0312", "1.5e-9", "3". */
export function weightNumber(value: number): string {
  const text = Number(value.toPrecision(4)).toString();
  return text.replace("-", "\u2212");
}

/** In a line: range, mean and deviation, and what of it was not looked at. */
export function describeNumbers({ numbers, shape }: WeightView): string {
  if (!numbers) return "values of this type aren't shown";
  const { minimum, maximum, mean, deviation, counted, broken } = numbers;
  const count = shape.reduce((product, side) => product * side, 1);
  const parts = [
    `${weightNumber(minimum)} to ${weightNumber(maximum)}`,
    `mean ${weightNumber(mean)}`,
    `deviation ${weightNumber(deviation)}`,
    counted < count && `of the first ${formatCount(counted)} of ${formatCount(count)}`,
    broken > 0 && `${formatCount(broken)} infinite or no numbers`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** Values row by row of the last axis: "[0.5, 1]" a line. */
export function valueRows({ values = [], shape }: WeightView): readonly string[] {
  const width = Math.max(1, shape.at(-1) ?? 1);
  return Array.from({ length: Math.ceil(values.length / width) }, (_, row) =>
    values
      .slice(row * width, (row + 1) * width)
      .map(weightNumber)
      .join(", "),
  );
}

/** A name that every system takes for a file. */
export function weightFileName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "_").replace(/^[_.]+|_+$/g, "");
  return `${plain.slice(-80) || "weight"}.npy`;
}
