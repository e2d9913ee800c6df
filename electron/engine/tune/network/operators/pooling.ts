import type { Operator, WriteOperator } from "../python/operator.ts";
import { pythonCall, pythonNumber, pythonSides, pythonTuple } from "../python/python-text.ts";
import { padded, type Window, windowOf } from "./padding.ts";

/** What brings many places, channels or numbers to one. */
export const pooling: Readonly<Record<string, WriteOperator>> = {
  MaxPool: (operator) => {
    const window = poolingWindow(operator);
    return pool(
      "F.max_pool2d",
      operator,
      window,
      padded(operator.input(0), window, Number.NEGATIVE_INFINITY),
    );
  },
  AveragePool: (operator) => {
    const window = poolingWindow(operator);
    const image = operator.input(0);
    if (window.dilations.some((step) => step > 1))
      throw operator.refusal("it averages places that don't stand side by side");
    const counts = operator.int("count_include_pad", 0) === 1;
    const hasBorder = window.begins.concat(window.ends).some((side) => side > 0);
    const named = !hasBorder || counts ? undefined : "False";
    const mean = (of: string) => pool("F.avg_pool2d", operator, window, of, named);
    if (window.padding || counts) return mean(padded(image, window));
    // Borders that differ are made before, and then not told from the image any more.
    const border = (of: string) => pool("F.avg_pool2d", operator, window, padded(of, window));
    return `${border(image)} / ${border(`torch.ones_like(${image})`)}`;
  },
  GlobalAveragePool: global("avg"),
  GlobalMaxPool: global("max"),

  ReduceMean: reduce("mean"),
  ReduceSum: reduce("sum"),
  ReduceMax: reduce("amax"),
  ReduceMin: reduce("amin"),
  ReduceL2: (operator) => pythonCall("torch.linalg.vector_norm", [operator.input(0)], reducedAxes(operator)),
  LpNormalization: (operator) =>
    pythonCall("F.normalize", [operator.input(0)], {
      p: String(operator.int("p", 2)),
      dim: String(operator.int("axis", -1)),
    }),

  Softmax: softmax("torch.softmax"),
  LogSoftmax: softmax("torch.log_softmax"),
  LRN: (operator) =>
    pythonCall("F.local_response_norm", [operator.input(0), String(operator.int("size", 1))], {
      alpha: pythonNumber(operator.float("alpha", 1e-4)),
      beta: pythonNumber(operator.float("beta", 0.75)),
      k: pythonNumber(operator.float("bias", 1)),
    }),
};

function poolingWindow(operator: Operator): Window {
  const kernel = operator.ints("kernel_shape") ?? [];
  if (kernel.length !== 2) throw operator.refusal(`it slides over ${kernel.length} axes, images have two`);
  const window = windowOf(operator, kernel);
  // PyTorch's own borders are at most half a window wide.
  const isWide = window.padding?.some((side, axis) => 2 * side > kernel[axis]);
  return isWide ? { ...window, padding: null } : window;
}

function pool(
  callee: string,
  operator: Operator,
  { kernel, strides, dilations, padding }: Window,
  image: string,
  countIncludePad?: string,
): string {
  return pythonCall(callee, [image, pythonSides(kernel)], {
    stride: String(strides) === String(kernel) ? undefined : pythonSides(strides),
    padding: padding?.some((side) => side > 0) ? pythonSides(padding) : undefined,
    dilation: dilations.some((step) => step > 1) ? pythonSides(dilations) : undefined,
    ceil_mode: operator.int("ceil_mode", 0) === 1 ? "True" : undefined,
    count_include_pad: countIncludePad,
  });
}

function global(way: "avg" | "max"): WriteOperator {
  return (operator) => {
    const axes = (operator.dims(0)?.length ?? 4) - 2;
    if (axes < 1 || axes > 3) throw operator.refusal(`it pools over ${axes} axes, images have two`);
    return `F.adaptive_${way}_pool${axes}d(${operator.input(0)}, 1)`;
  };
}

function reduce(way: string): WriteOperator {
  return (operator) => pythonCall(`${operator.input(0)}.${way}`, [], reducedAxes(operator));
}

function reducedAxes(operator: Operator): { dim: string; keepdim?: string } {
  const axes = operator.setting("axes", 1);
  if (!axes || axes.length === 0)
    throw operator.refusal("it reduces all axes, the images of a batch among them");
  const keepdim = operator.int("keepdims", 1) === 1 ? "True" : undefined;
  return { dim: axes.length === 1 ? String(axes[0]) : pythonTuple(axes), keepdim };
}

function softmax(callee: string): WriteOperator {
  return (operator) => {
    const image = operator.input(0);
    if (operator.opset >= 13) return `${callee}(${image}, ${operator.int("axis", -1)})`;
    // Older operator sets take all axes from here on as one.
    const rank = operator.dims(0)?.length ?? 2;
    const axis = operator.axis(operator.int("axis", 1), rank);
    if (axis === rank - 1) return `${callee}(${image}, ${axis})`;
    return `${callee}(${image}.flatten(${axis}), -1).view_as(${image})`;
  };
}
