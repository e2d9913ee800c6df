import { elementCount } from "../../../onnx/tensors.ts";
import type { Operator, WriteOperator } from "../python/operator.ts";
import type { LayerWeight } from "../python/python-layers.ts";
import { pythonCall, pythonNumber, pythonSides, pythonTuple } from "../python/python-text.ts";
import { padded, windowOf } from "./padding.ts";

/** Layers of `torch.nn` with weights. */
export const weighted: Readonly<Record<string, WriteOperator>> = {
  Conv: (operator) => {
    const { tensor, dims } = operator.weight(1, "weights");
    const [outputs, perGroup, ...kernel] = dims;
    if (kernel.length !== 1 && kernel.length !== 2)
      throw operator.refusal(`it slides over ${kernel.length} axes, images have two`);
    const groups = operator.int("group", 1);
    const window = windowOf(operator, kernel);
    const { strides, dilations, padding } = window;
    const ones = (values: readonly number[]) => values.every((value) => value === 1);
    const make = pythonCall(
      `nn.Conv${kernel.length}d`,
      [perGroup * groups, outputs].map(String).concat(pythonSides(kernel)),
      {
        stride: ones(strides) ? undefined : pythonSides(strides),
        padding: padding?.some((side) => side > 0) ? pythonSides(padding) : undefined,
        dilation: ones(dilations) ? undefined : pythonSides(dilations),
        groups: groups === 1 ? undefined : String(groups),
        bias: operator.has(2) ? undefined : "False",
      },
    );
    const layer = operator.layer(make, [
      { attribute: "weight", tensor, dims },
      ...biasOf(operator, 2, outputs),
    ]);
    return `${layer}(${padded(operator.input(0), window)})`;
  },

  Gemm: (operator) => {
    const isScaled = operator.float("alpha", 1) !== 1 || (operator.has(2) && operator.float("beta", 1) !== 1);
    if (operator.int("transA", 0) || isScaled)
      throw operator.refusal("it scales or turns what it multiplies");
    return linear(operator, operator.int("transB", 0) === 0);
  },

  MatMul: (operator) => {
    if (operator.stored(1)?.dims.length === 2) return linear(operator, true);
    return `${operator.input(0)} @ ${operator.input(1)}`;
  },

  BatchNormalization: (operator) => {
    if (operator.int("training_mode", 0) === 1 || operator.int("spatial", 1) === 0)
      throw operator.refusal("it takes other statistics than one mean and one variance of each channel");
    const weights = ["weight", "bias", "running_mean", "running_var"].map((attribute, at): LayerWeight => {
      const { tensor, dims } = operator.weight(at + 1, "statistics");
      return { attribute, tensor, dims };
    });
    // ONNX says how much of the old statistics is kept, PyTorch how much of the new is taken.
    const momentum = 1 - operator.float("momentum", 0.9);
    const make = pythonCall(`nn.BatchNorm${normAxes(operator)}d`, [String(weights[0].dims[0])], {
      eps: unlessUsual(operator.float("epsilon", 1e-5), 1e-5),
      momentum: unlessUsual(momentum, 0.1),
    });
    return `${operator.layer(make, weights)}(${operator.input(0)})`;
  },

  PRelu: (operator) => {
    const { tensor, dims } = operator.weight(1, "slopes");
    const count = elementCount(dims);
    // A slope for each channel, as [C, 1, 1]; or one for all.
    const isPerChannel =
      count === Number(tensor.dims[0] ?? 1n) && tensor.dims.length === rankOf(operator) - 1;
    if (count !== 1 && !isPerChannel) {
      const [image, slopes] = [operator.input(0), operator.tensor(1)];
      return `torch.where(${image} < 0, ${slopes} * ${image}, ${image})`;
    }
    const layer = operator.layer(`nn.PReLU(${count})`, [{ attribute: "weight", tensor, dims: [count] }]);
    return `${layer}(${operator.input(0)})`;
  },

  LayerNormalization: (operator) => {
    const { tensor, dims } = operator.weight(1, "scales");
    const axis = operator.int("axis", -1);
    if (operator.axis(axis, rankOf(operator)) !== rankOf(operator) - dims.length)
      throw operator.refusal("its scales don't stand for the axes that it normalises");
    const eps = unlessUsual(operator.float("epsilon", 1e-5), 1e-5);
    const size = dims.length === 1 ? String(dims[0]) : pythonTuple(dims);
    if (!operator.has(2)) {
      const named = { weight: operator.tensor(1), eps };
      return pythonCall("F.layer_norm", [operator.input(0), pythonTuple(dims)], named);
    }
    const bias = { attribute: "bias", tensor: operator.weight(2, "biases").tensor, dims };
    const make = pythonCall("nn.LayerNorm", [size], { eps });
    return `${operator.layer(make, [{ attribute: "weight", tensor, dims }, bias])}(${operator.input(0)})`;
  },

  InstanceNormalization: (operator) => {
    const named = {
      weight: operator.tensorOf(1, "scales"),
      bias: operator.tensorOf(2, "biases"),
      eps: unlessUsual(operator.float("epsilon", 1e-5), 1e-5),
    };
    return pythonCall("F.instance_norm", [operator.input(0)], named);
  },
};

function rankOf(operator: Operator): number {
  const rank = operator.dims(0)?.length;
  if (rank === undefined) throw operator.refusal("the number of its axes isn't known");
  return rank;
}

/** Of the layer's name in PyTorch: rows of numbers are normalised by the first. */
function normAxes(operator: Operator): number {
  const axes = Math.max(1, (operator.dims(0)?.length ?? 4) - 2);
  if (axes > 3) throw operator.refusal(`it normalises over ${axes} axes, images have two`);
  return axes;
}

/** A setting that a layer has anyway isn't written; ONNX stores it in float32. */
function unlessUsual(value: number, usual: number): string | undefined {
  return Math.abs(value - usual) < 1e-6 * usual ? undefined : pythonNumber(Number(value.toPrecision(7)));
}

/** @param isRead whether the operator reads weights of [inputs, outputs], which PyTorch's layer has the other way round */
function linear(operator: Operator, isRead: boolean): string {
  const { tensor, dims, turned } = operator.weight(1, "weights");
  const [outputs, inputs] = isRead ? [...dims].reverse() : dims;
  const transposed = isRead !== turned;
  const weight: LayerWeight = { attribute: "weight", tensor, dims: [outputs, inputs], transposed };
  const make = pythonCall("nn.Linear", [inputs, outputs].map(String), {
    bias: operator.has(2) ? undefined : "False",
  });
  return `${operator.layer(make, [weight, ...biasOf(operator, 2, outputs)])}(${operator.input(0)})`;
}

function biasOf(operator: Operator, input: number, outputs: number): LayerWeight[] {
  if (!operator.has(input)) return [];
  const { tensor, dims } = operator.weight(input, "biases");
  if (elementCount(dims) !== outputs)
    throw operator.refusal(`it has ${elementCount(dims)} biases for ${outputs} outputs`);
  return [{ attribute: "bias", tensor, dims: [outputs] }];
}
