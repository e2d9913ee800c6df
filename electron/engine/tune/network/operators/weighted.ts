import { elementCount } from "../../../onnx/tensors.ts";
import type { Operator, WriteOperator } from "../python/operator.ts";
import type { LayerWeight } from "../python/python-layers.ts";
import { pythonCall, pythonNumber, pythonSides } from "../python/python-text.ts";
import { padded, windowOf } from "./padding.ts";

/** Layers of `torch.nn` with weights. */
export const weighted: Readonly<Record<string, WriteOperator>> = {
  Conv: (operator) => {
    const tensor = operator.weight(1, "weights");
    const dims = tensor.dims.map(Number);
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
    if (operator.int("transA", 0) || operator.float("alpha", 1) !== 1 || operator.float("beta", 1) !== 1)
      throw operator.refusal("it scales or turns what it multiplies");
    return linear(operator, operator.int("transB", 0) === 0);
  },

  MatMul: (operator) => {
    if (operator.stored(1)?.dims.length === 2) return linear(operator, true);
    return `${operator.input(0)} @ ${operator.input(1)}`;
  },

  BatchNormalization: (operator) => {
    const weights = ["weight", "bias", "running_mean", "running_var"].map((attribute, at): LayerWeight => {
      const tensor = operator.weight(at + 1, "statistics");
      return { attribute, tensor, dims: tensor.dims.map(Number) };
    });
    const axes = operator.dims(0)?.length === 2 ? 1 : 2;
    const make = pythonCall(`nn.BatchNorm${axes}d`, [String(weights[0].dims[0])], {
      eps: pythonNumber(operator.float("epsilon", 1e-5)),
      // ONNX says how much of the old statistics is kept, PyTorch how much of the new is taken.
      momentum: pythonNumber(Number((1 - operator.float("momentum", 0.9)).toPrecision(6))),
    });
    return `${operator.layer(make, weights)}(${operator.input(0)})`;
  },

  PRelu: (operator) => {
    const tensor = operator.weight(1, "slopes");
    const count = elementCount(tensor.dims);
    const layer = operator.layer(`nn.PReLU(${count})`, [{ attribute: "weight", tensor, dims: [count] }]);
    return `${layer}(${operator.input(0)})`;
  },

  LayerNormalization: (operator) => {
    const tensor = operator.weight(1, "scales");
    const dims = tensor.dims.map(Number);
    const bias: LayerWeight[] = operator.has(2)
      ? [{ attribute: "bias", tensor: operator.weight(2, "biases"), dims }]
      : [];
    if (bias.length === 0) throw operator.refusal("it has no bias, which PyTorch's layer needs");
    const make = pythonCall("nn.LayerNorm", [pythonSides(dims)], {
      eps: pythonNumber(operator.float("epsilon", 1e-5)),
    });
    return `${operator.layer(make, [{ attribute: "weight", tensor, dims }, ...bias])}(${operator.input(0)})`;
  },
};

/** @param isTransposed whether the stored weights are [inputs, outputs] */
function linear(operator: Operator, isTransposed: boolean): string {
  const tensor = operator.weight(1, "weights");
  const dims = tensor.dims.map(Number);
  const [outputs, inputs] = isTransposed ? [...dims].reverse() : dims;
  const weight: LayerWeight = {
    attribute: "weight",
    tensor,
    dims: [outputs, inputs],
    ...(isTransposed && { transposed: true }),
  };
  const make = pythonCall("nn.Linear", [inputs, outputs].map(String), {
    bias: operator.has(2) ? undefined : "False",
  });
  return `${operator.layer(make, [weight, ...biasOf(operator, 2, outputs)])}(${operator.input(0)})`;
}

function biasOf(operator: Operator, input: number, outputs: number): LayerWeight[] {
  if (!operator.has(input)) return [];
  const tensor = operator.weight(input, "biases");
  if (elementCount(tensor.dims) !== outputs)
    throw operator.refusal(`it has ${elementCount(tensor.dims)} biases for ${outputs} outputs`);
  return [{ attribute: "bias", tensor, dims: [outputs] }];
}
