import type { Operator, WriteOperator } from "../python/operator.ts";
import { pythonCall, pythonNumber, pythonString, pythonTuple } from "../python/python-text.ts";

/** What moves numbers and computes none. */
export const shapes: Readonly<Record<string, WriteOperator>> = {
  Reshape: (operator) => {
    const image = operator.input(0);
    return `${image}.reshape(${newShape(operator, image).join(", ")})`;
  },
  Flatten: (operator) => {
    const axis = operator.int("axis", 1);
    if (axis < 1) throw operator.refusal("it joins the images of a batch");
    return axis === 1
      ? `${operator.input(0)}.flatten(1)`
      : `${operator.input(0)}.flatten(${axis}).flatten(0, ${axis - 1})`;
  },
  Transpose: (operator) => {
    const perm = operator.ints("perm");
    if (!perm) throw operator.refusal("it turns all axes round, the images of a batch among them");
    return `${operator.input(0)}.permute(${perm.join(", ")})`;
  },
  // From the last axis on, so that none moves before its turn.
  Squeeze: (operator) => {
    const axes = operator.setting("axes", 1);
    if (!axes) throw operator.refusal("it doesn't say which axes it drops");
    return (
      operator.input(0) +
      [...axes]
        .sort((a, b) => b - a)
        .map((axis) => `.squeeze(${axis})`)
        .join("")
    );
  },
  Unsqueeze: (operator) => {
    const axes = operator.setting("axes", 1);
    if (!axes) throw operator.refusal("the axes that it adds are computed by the network");
    return (
      operator.input(0) +
      [...axes]
        .sort((a, b) => a - b)
        .map((axis) => `.unsqueeze(${axis})`)
        .join("")
    );
  },
  Concat: (operator) => {
    const parts = Array.from({ length: operator.inputs }, (_, input) => operator.input(input));
    return `torch.cat([${parts.join(", ")}], ${operator.int("axis", 1)})`;
  },
  Split: (operator) => {
    const axis = operator.int("axis", 0);
    const sizes = operator.setting("split", 1);
    const parts = operator.node.output.length;
    const image = operator.input(0);
    return sizes
      ? `torch.split(${image}, [${sizes.join(", ")}], ${axis})`
      : `torch.tensor_split(${image}, ${parts}, ${axis})`;
  },
  Slice: (operator) => {
    const [starts, ends] = [operator.setting("starts", 1), operator.setting("ends", 2)];
    const axes = operator.setting("axes", 3) ?? starts?.map((_, axis) => axis);
    const steps = operator.numbers(4) ?? starts?.map(() => 1);
    const rank = operator.dims(0)?.length ?? 1 + Math.max(0, ...(axes ?? []));
    if (!starts || !ends || !axes || !steps)
      throw operator.refusal("what it takes is computed by the network");
    if (steps.some((step) => step < 0)) throw operator.refusal("it goes backwards");
    const ranges = new Array<string>(rank).fill(":");
    axes.forEach((axis, at) => {
      ranges[axis < 0 ? axis + rank : axis] = range(starts[at], ends[at], steps[at]);
    });
    while (ranges.at(-1) === ":") ranges.pop();
    return `${operator.input(0)}[${ranges.join(", ")}]`;
  },
  Gather: (operator) => {
    const numbers = operator.numbers(1);
    if (!numbers) throw operator.refusal("what it picks is computed by the network");
    const axis = operator.int("axis", 0);
    const isScalar = operator.stored(1)?.dims.length === 0;
    const at = isScalar ? String(numbers[0]) : `[${numbers.join(", ")}]`;
    return `${operator.input(0)}[${new Array<string>(axis).fill(":").concat(at).join(", ")}]`;
  },
  Pad: (operator) => {
    const pads = operator.setting("pads", 1);
    if (!pads || operator.has(3)) throw operator.refusal("its borders are computed by the network");
    const rank = pads.length / 2;
    const sides = Array.from({ length: rank }, (_, at) => rank - 1 - at).flatMap((axis) => [
      pads[axis],
      pads[rank + axis],
    ]);
    while (sides.length > 2 && sides.at(-1) === 0 && sides.at(-2) === 0) sides.splice(-2);
    const mode = operator.text("mode", "constant");
    const value = operator.numbers(2)?.[0] ?? operator.float("value", 0);
    return pythonCall("F.pad", [operator.input(0), pythonTuple(sides)], {
      mode: mode === "constant" ? undefined : pythonString(mode === "edge" ? "replicate" : mode),
      value: mode === "constant" && value !== 0 ? pythonNumber(value) : undefined,
    });
  },
  DepthToSpace: (operator) => {
    if (operator.text("mode", "DCR") !== "CRD")
      throw operator.refusal("it mixes channels in an order that PyTorch lacks");
    return `F.pixel_shuffle(${operator.input(0)}, ${operator.int("blocksize", 1)})`;
  },
  Einsum: (operator) => {
    const parts = Array.from({ length: operator.inputs }, (_, input) => operator.input(input));
    return pythonCall("torch.einsum", [pythonString(operator.text("equation", "")), ...parts]);
  },
};

function newShape(operator: Operator, image: string): string[] {
  const stated = operator.setting("shape", 1);
  const keepsZeros = operator.int("allowzero", 0) === 1;
  if (stated) {
    const kept = (axis: number) => `${image}.shape[${axis}]`;
    // A model for one image at a time says so in its shapes; what learns sees many.
    if (stated[0] === 1 && !stated.includes(-1) && operator.dims("output")?.[0] === 1) stated[0] = -1;
    return stated.map((size, axis) => (size === 0 && !keepsZeros ? kept(axis) : pythonNumber(size)));
  }
  // What follows from the batch alone: everything else was seen to be fixed.
  const dims = operator.dims("output");
  if (!dims) throw operator.refusal("its shape is computed by the network");
  return ["-1", ...dims.slice(1).map(String)];
}

/** Further than any axis is long: exporters write this for "to the end". */
const endless = 2 ** 30;

function range(start: number, end: number, step: number): string {
  const from = start === 0 ? "" : String(start);
  const to = end > endless ? "" : String(end);
  return `${from}:${to}${step === 1 ? "" : `:${step}`}`;
}
