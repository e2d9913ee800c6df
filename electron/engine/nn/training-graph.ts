import type { NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { gradient, type Layer, type Parameter, parametersOf, wireLayers } from "./layers.ts";

/** Adam's constants and decoupled weight decay (Kingma, Ba 2015; Loshchilov, Hutter 2019). */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 2e-2 };

/** The tensors that a training or evaluation graph reads per batch, beside parameters. */
interface Batch {
  readonly features: readonly string[];
  readonly classes: number;
}

/** Features arrive as float16, the form in which they are kept on disk. */
function forwardNodes(layers: readonly Layer[], features: readonly string[]): NodeProto[] {
  const cast = features.map((name) => node("Cast", [name], [`${name}/float`], { to: 1 }));
  const tensors = wireLayers(
    layers,
    features.map((name) => `${name}/float`),
    "logits",
  );
  return [...cast, ...layers.flatMap((layer, index) => layer.forward(tensors[index]))];
}

/**
 * Cross-entropy against the mixture of the label and the backbone's own softmax (distillation at temperature 1;
 * Hinton et al. 2015), whose gradient by the logits is (softmax - target) / batch.
 */
function lossNodes(): NodeProto[] {
  return [
    node("OneHot", ["labels", "classes", "one-hot-values"], ["one-hot"]),
    node("Softmax", ["teacher"], ["teacher/softmax"], { axis: 1 }),
    node("Mul", ["one-hot", "label-share"], ["one-hot/part"]),
    node("Mul", ["teacher/softmax", "teacher-share"], ["teacher/part"]),
    node("Add", ["one-hot/part", "teacher/part"], ["target"]),
    node("LogSoftmax", ["logits"], ["log-softmax"], { axis: 1 }),
    node("Mul", ["target", "log-softmax"], ["cross"]),
    node("ReduceSum", ["cross", "axis-1"], ["cross/rows"], { keepdims: 0 }),
    node("ReduceMean", ["cross/rows"], ["cross/mean"], { keepdims: 0 }),
    node("Neg", ["cross/mean"], ["loss"]),
    node("Exp", ["log-softmax"], ["softmax"]),
    node("Sub", ["softmax", "target"], ["residual"]),
    node("Mul", ["residual", "inverse-batch"], [gradient("logits")]),
  ];
}

function backwardNodes(layers: readonly Layer[], features: readonly string[]): NodeProto[] {
  const tensors = wireLayers(
    layers,
    features.map((name) => `${name}/float`),
    "logits",
  );
  const firstTrained = layers.findIndex((layer) => layer.parameters.length > 0);
  return layers
    .map((layer, index) => layer.backward(tensors[index], index > firstTrained))
    .slice(firstTrained)
    .reverse()
    .flat();
}

function adamNodes({ name }: Parameter): NodeProto[] {
  const slope = gradient(name);
  return [
    node("Mul", [`${name}/m`, "beta1"], [`${name}/m-kept`]),
    node("Mul", [slope, "1-beta1"], [`${name}/m-new`]),
    node("Add", [`${name}/m-kept`, `${name}/m-new`], [`${name}/m/next`]),
    node("Mul", [slope, slope], [`${name}/square`]),
    node("Mul", [`${name}/v`, "beta2"], [`${name}/v-kept`]),
    node("Mul", [`${name}/square`, "1-beta2"], [`${name}/v-new`]),
    node("Add", [`${name}/v-kept`, `${name}/v-new`], [`${name}/v/next`]),
    node("Sqrt", [`${name}/v/next`], [`${name}/root`]),
    node("Add", [`${name}/root`, "epsilon"], [`${name}/scale`]),
    node("Div", [`${name}/m/next`, `${name}/scale`], [`${name}/direction`]),
    node("Mul", [`${name}/direction`, "step"], [`${name}/move`]),
    node("Mul", [name, "keep"], [`${name}/decayed`]),
    node("Sub", [`${name}/decayed`, `${name}/move`], [`${name}/next`]),
  ];
}

function constants(layers: readonly Layer[], { classes }: Batch, distillation: number): TensorProto[] {
  return [
    ...layers.flatMap((layer) => layer.constants),
    intTensor("axis-0", [0]),
    intTensor("axis-1", [1]),
    intTensor("axes-01", [0, 1]),
    intTensor("shape-1", [1]),
    intTensor("classes", [classes]),
    floatTensor("one-hot-values", [0, 1]),
    floatTensor("label-share", [1 - distillation], []),
    floatTensor("teacher-share", [distillation], []),
    floatTensor("beta1", [adam.beta1], []),
    floatTensor("1-beta1", [1 - adam.beta1], []),
    floatTensor("beta2", [adam.beta2], []),
    floatTensor("1-beta2", [1 - adam.beta2], []),
    floatTensor("epsilon", [adam.epsilon], []),
  ];
}

function inputs(layers: readonly Layer[], batch: Batch) {
  return [
    ...batch.features.map((name) => value(name, "float16", ["batch", `${name}/width`])),
    value("labels", "int64", ["batch"]),
    value("teacher", "float32", ["batch", batch.classes]),
    value("inverse-batch", "float32", []),
    ...parametersOf(layers).map(({ name, dims }) => value(name, "float32", dims)),
  ];
}

/**
 * Loss and its gradients as outputs `loss` and `gradient(parameter)`.
 * @param distillation share of the backbone's softmax in the target, 0-1
 */
export function gradientModel(
  layers: readonly Layer[],
  features: readonly string[],
  classes: number,
  distillation: number,
): GraphModel {
  const batch = { features, classes };
  const nodes = [
    ...forwardNodes(layers, batch.features),
    ...lossNodes(),
    ...backwardNodes(layers, batch.features),
  ];
  const outputs = [
    value("loss", "float32", []),
    ...parametersOf(layers).map(({ name, dims }) => value(gradient(name), "float32", dims)),
  ];
  return model(
    graph(
      "gradients",
      { nodes, initializers: constants(layers, batch, distillation) },
      inputs(layers, batch),
      outputs,
    ),
  );
}

/** The scalars that steer one step of `trainingModel`. */
export function stepScalars(step: number, learningRate: number): { step: number; keep: number } {
  const correction = Math.sqrt(1 - adam.beta2 ** step) / (1 - adam.beta1 ** step);
  return { step: learningRate * correction, keep: 1 - learningRate * adam.weightDecay };
}

/**
 * One optimiser step: parameters and Adam's moments (`p`, `p/m`, `p/v`) in, the next ones (`…/next`) and `loss` out.
 * @param distillation share of the backbone's softmax in the target, 0-1
 */
export function trainingModel(
  layers: readonly Layer[],
  features: readonly string[],
  classes: number,
  distillation: number,
): GraphModel {
  const batch = { features, classes };
  const parameters = parametersOf(layers);
  const moments = parameters.flatMap(({ name, dims }) => [
    { name: `${name}/m`, dims },
    { name: `${name}/v`, dims },
  ]);
  const nodes = [
    ...forwardNodes(layers, batch.features),
    ...lossNodes(),
    ...backwardNodes(layers, batch.features),
    ...parameters.flatMap(adamNodes),
  ];
  const scalars = [value("step", "float32", []), value("keep", "float32", [])];
  return model(
    graph(
      "training-step",
      { nodes, initializers: constants(layers, batch, distillation) },
      [
        ...inputs(layers, batch),
        ...scalars,
        ...moments.map(({ name, dims }) => value(name, "float32", dims)),
      ],
      [
        value("loss", "float32", []),
        ...[...parameters, ...moments].map(({ name, dims }) => value(`${name}/next`, "float32", dims)),
      ],
    ),
  );
}

/** The same loss, and the mean accuracy, without gradients: outputs `loss` and `accuracy`. */
export function evaluationModel(
  layers: readonly Layer[],
  features: readonly string[],
  classes: number,
): GraphModel {
  const batch = { features, classes };
  const nodes = [
    ...forwardNodes(layers, batch.features),
    ...lossNodes().slice(0, -3),
    node("ArgMax", ["logits"], ["predicted"], { axis: 1, keepdims: 0 }),
    node("Equal", ["predicted", "labels"], ["right"]),
    node("Cast", ["right"], ["right/float"], { to: 1 }),
    node("ReduceMean", ["right/float"], ["accuracy"], { keepdims: 0 }),
  ];
  return model(
    graph("evaluation", { nodes, initializers: constants(layers, batch, 0) }, inputs(layers, batch), [
      value("loss", "float32", []),
      value("accuracy", "float32", []),
    ]),
  );
}
