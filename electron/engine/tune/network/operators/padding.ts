import type { Operator } from "../python/operator.ts";
import { pythonNumber, pythonTuple } from "../python/python-text.ts";

/** How a sliding window lies on an image's two axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** The same on both sides of each axis, as layers take it; null if the sides differ and the image is padded before. */
  readonly padding: readonly number[] | null;
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** @throws AppError 'model-unsupported' where the padding follows from a size that isn't known */
export function windowOf(operator: Operator, kernel: readonly number[]): Window {
  const ones = kernel.map(() => 1);
  const strides = operator.ints("strides") ?? ones;
  const dilations = operator.ints("dilations") ?? ones;
  const [begins, ends] = padsOf(operator, { kernel, strides, dilations });
  // A layer's own borders are never negative ones, which cut off.
  const isSame = begins.every((begin, axis) => begin === ends[axis] && begin >= 0);
  return { kernel, strides, dilations, begins, ends, padding: isSame ? begins : null };
}

function padsOf(
  operator: Operator,
  { kernel, strides, dilations }: Pick<Window, "kernel" | "strides" | "dilations">,
): [number[], number[]] {
  const mode = operator.text("auto_pad", "NOTSET");
  const axes = kernel.length;
  if (mode === "NOTSET" || mode === "") {
    const pads = operator.ints("pads") ?? new Array<number>(2 * axes).fill(0);
    return [pads.slice(0, axes), pads.slice(axes)];
  }
  if (mode === "VALID") return [kernel.map(() => 0), kernel.map(() => 0)];
  const sizes = operator.dims(0)?.slice(2);
  if (!sizes) throw operator.refusal(`the size of its input isn't known, so ${mode} can't be counted out`);
  const totals = kernel.map((size, axis) => {
    const outputs = Math.ceil(sizes[axis] / strides[axis]);
    return Math.max(0, (outputs - 1) * strides[axis] + (size - 1) * dilations[axis] + 1 - sizes[axis]);
  });
  const less = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total) => Math.ceil(total / 2));
  return mode === "SAME_LOWER" ? [more, less] : [less, more];
}

/** The image with the borders that a layer can't make itself. */
export function padded(image: string, { padding, begins, ends }: Window, fill = 0): string {
  if (padding) return image;
  // PyTorch names the last axis first.
  const sides = begins.flatMap((begin, axis) => [begin, ends[axis]].reverse()).reverse();
  const value = fill === 0 ? "" : `, value=${pythonNumber(fill)}`;
  return `F.pad(${image}, ${pythonTuple(sides)}${value})`;
}
