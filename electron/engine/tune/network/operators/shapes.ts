import type { Operator, WriteOperator } from "../python/operator.ts";
import { pythonCall, pythonNumber, pythonString, pythonTuple } from "../python/python-text.ts";
import { inputsOf } from "./inputs-of.ts";

/** What moves numbers and computes none. */
export const shapes: Readonly<Record<string, WriteOperator>> = {
  Reshape: (operator) => {
    const image = operator.input(0);
    return isFlatten(operator)
      ? `${image}.flatten(1)`
      : `${image}.reshape(${newShape(operator, image).join(", ")})`;
  },
  Flatten: (operator) => {
    const axis = operator.axis(operator.int("axis", 1));
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
    const counted = axes.map((axis) => operator.axis(axis)).sort((one, other) => other - one);
    return operator.input(0) + counted.map((axis) => `.squeeze(${axis})`).join("");
  },
  Unsqueeze: (operator) => {
    const axes = operator.setting("axes", 1);
    if (!axes) throw operator.refusal("the axes that it adds are computed by the network");
    const rank = operator.dims("output")?.length;
    const counted = axes.map((axis) => operator.axis(axis, rank)).sort((one, other) => one - other);
    return operator.input(0) + counted.map((axis) => `.unsqueeze(${axis})`).join("");
  },
  Concat: (operator) => {
    const axis = operator.int("axis", 1);
    const parts = Array.from(inputsOf(operator), (computed, input) =>
      operator.stored(input) ? forEachImage(operator, input, axis) : computed,
    );
    return `torch.cat([${parts.join(", ")}], ${axis})`;
  },
  Split: (operator) => {
    const axis = operator.int("axis", 0);
    const sizes = operator.setting("split", 1);
    if (operator.has(1) && !sizes)
      throw operator.refusal("the sizes of its parts are computed by the network");
    const parts = operator.node.output.length;
    const image = operator.input(0);
    return sizes
      ? `torch.split(${image}, [${sizes.join(", ")}], ${axis})`
      : `torch.chunk(${image}, ${parts}, ${axis})`;
  },
  Slice: (operator) => {
    const [starts, ends] = [operator.setting("starts", 1), operator.setting("ends", 2)];
    const axes = operator.setting("axes", 3) ?? starts?.map((_, axis) => axis);
    const steps = operator.numbers(4) ?? starts?.map(() => 1);
    if (!starts || ends?.length !== starts.length || axes?.length !== starts.length || !steps)
      throw operator.refusal("what it takes is computed by the network");
    const places = axes.map((axis) => operator.axis(axis));
    const ranges = new Array<string>(Math.max(0, ...places) + 1).fill(":");
    const turned: number[] = [];
    places.forEach((place, at) => {
      if (steps[at] > 0) ranges[place] = range(starts[at], ends[at], steps[at]);
      else if (isWholeBackwards(starts[at], ends[at], steps[at], operator.dims(0)?.[place]))
        turned.push(place);
      else throw operator.refusal("it goes backwards over a part of an axis");
    });
    while (ranges.at(-1) === ":") ranges.pop();
    const taken = ranges.length > 0 ? `[${ranges.join(", ")}]` : "";
    return operator.input(0) + taken + (turned.length > 0 ? `.flip(${turned.join(", ")})` : "");
  },
  Gather: (operator) => {
    const places = operator.places(1);
    if (!places) throw operator.refusal("what it picks is computed by the network");
    const axis = operator.axis(operator.int("axis", 0));
    return `${operator.input(0)}[${new Array<string>(axis).fill(":").concat(places).join(", ")}]`;
  },
  Pad: (operator) => {
    const pads = padsOfAll(operator);
    const rank = pads.length / 2;
    const sides = Array.from({ length: rank }, (_, at) => rank - 1 - at).flatMap((axis) => [
      pads[axis],
      pads[rank + axis],
    ]);
    const mode = padModes[operator.text("mode", "constant")];
    if (!mode) throw operator.refusal("its borders are of a kind that PyTorch lacks");
    const isPlain = mode === "constant";
    // Other borders than plain ones are made for both axes of an image, never for one.
    const least = isPlain ? 2 : 4;
    while (sides.length > least && sides.at(-1) === 0 && sides.at(-2) === 0) sides.splice(-2);
    const value = operator.numbers(2)?.[0] ?? operator.float("value", 0);
    return pythonCall("F.pad", [operator.input(0), pythonTuple(sides)], {
      mode: isPlain ? undefined : pythonString(mode),
      value: isPlain && value !== 0 ? pythonNumber(value) : undefined,
    });
  },
  DepthToSpace: (operator) => {
    if (operator.text("mode", "DCR") !== "CRD")
      throw operator.refusal("it mixes channels in an order that PyTorch lacks");
    return `F.pixel_shuffle(${operator.input(0)}, ${operator.int("blocksize", 1)})`;
  },
  Einsum: (operator) => {
    const parts = inputsOf(operator);
    return pythonCall("torch.einsum", [pythonString(operator.text("equation", "")), ...parts]);
  },
  Expand: (operator) => {
    const [from, to] = [operator.dims(0), operator.dims("output")];
    if (!from || !to) throw operator.refusal("the shape that it gives isn't known");
    const added = to.length - from.length;
    if (added < 0) throw operator.refusal("it drops axes");
    const isStored = operator.stored(0) !== undefined;
    const sizes = to.map((size, axis) => {
      // Nothing that is stored knows how many images there are.
      if (axis === 0 && isStored) return operator.batch;
      return axis >= added && from[axis - added] === size ? "-1" : String(size);
    });
    return `${isStored ? operator.tensor(0) : operator.input(0)}.expand(${sizes.join(", ")})`;
  },
};

const padModes: Readonly<Record<string, string>> = {
  constant: "constant",
  edge: "replicate",
  reflect: "reflect",
  wrap: "circular",
};

/** Of all axes: the borders before each, then those behind. */
function padsOfAll(operator: Operator): number[] {
  const pads = operator.setting("pads", 1) ?? operator.ints("paddings");
  if (!pads || pads.length % 2 === 1) throw operator.refusal("its borders are computed by the network");
  if (!operator.has(3)) return pads;
  const [axes, rank] = [operator.numbers(3), operator.dims(0)?.length];
  if (!axes || rank === undefined) throw operator.refusal("the axes of its borders aren't known");
  const all = new Array<number>(2 * rank).fill(0);
  axes.forEach((axis, at) => {
    const place = operator.axis(axis, rank);
    all[place] = pads[at];
    all[rank + place] = pads[axes.length + at];
  });
  return all;
}

/** A stored tensor beside what is computed for each image. */
function forEachImage(operator: Operator, input: number, axis: number): string {
  const dims = operator.dims(input)!;
  const tensor = operator.tensor(input);
  if (axis === 0 || dims.length === 0 || dims[0] !== 1) return tensor;
  return `${tensor}.expand(${[operator.batch, ...dims.slice(1).map(() => "-1")].join(", ")})`;
}

/** Whether a Reshape does nothing but join all axes behind the images'. */
function isFlatten(operator: Operator): boolean {
  const [from, to] = [operator.dims(0), operator.dims("output")];
  return to?.length === 2 && to[0] === 1 && from !== undefined && from.length > 2 && from[0] === 1;
}

function newShape(operator: Operator, image: string): string[] {
  const stated = operator.setting("shape", 1);
  const keepsZeros = operator.int("allowzero", 0) === 1;
  if (stated) {
    const kept = (axis: number) => `${image}.shape[${axis}]`;
    // A model for one image at a time says so in its shapes; what learns sees many.
    const isForOne = stated[0] === 1 && operator.dims("output")?.[0] === 1;
    if (isForOne) stated[0] = stated.includes(-1) ? 0 : -1;
    return stated.map((size, axis) =>
      size === 0 && (isForOne || !keepsZeros) ? kept(axis) : pythonNumber(size),
    );
  }
  // What follows from the batch alone: everything else was seen to be fixed.
  const dims = operator.dims("output");
  if (!dims) throw operator.refusal("its shape is computed by the network");
  return ["-1", ...dims.slice(1).map(String)];
}

/** Whether a slice of step -1 is the whole axis the other way round. */
function isWholeBackwards(start: number, end: number, step: number, size: number | undefined): boolean {
  if (step !== -1 || size === undefined) return false;
  return (start === -1 || start >= size - 1) && end < -size;
}

/** Further than any axis is long: exporters write this for "to the end". */
const endless = 2 ** 30;

function range(start: number, end: number, step: number): string {
  const from = start === 0 ? "" : String(start);
  const to = end > endless ? "" : String(end);
  return `${from}:${to}${step === 1 ? "" : `:${step}`}`;
}
