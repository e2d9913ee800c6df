import type { NodeProto, TensorProto } from "../onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import {
  gradient,
  type Layer,
  next,
  ofBatch,
  type Parameter,
  type Pass,
  parametersOf,
  statisticsOf,
  wireLayers,
} from "./layers.ts";

/** Adam's constants and decoupled weight decay (Kingma, Ba 2015; Loshchilov, Hutter 2019). */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 2e-2 };

/** How far running statistics move towards those of a batch, and the input that says so. */
const leastPace = 0.1;
const statisticsPace = "statistics-pace";

/** Features that a stack begins with. */
export interface FeatureInput {
  readonly name: string;
  /** Of one image. */
  readonly dims: readonly number[];
}

/** The tensors that a training or evaluation graph reads per batch, beside parameters. */
interface Batch {
  readonly features: readonly FeatureInput[];
  readonly classes: number;
}

/** Features arrive as float16, the form in which they are kept on disk. */
function forwardNodes(layers: readonly Layer[], features: readonly FeatureInput[], pass: Pass): NodeProto[] {
  const cast = features.map(({ name }) => node("Cast", [name], [`${name}/float`], { to: 1 }));
  const tensors = wired(layers, features);
  return [...cast, ...layers.flatMap((layer, index) => layer.forward(tensors[index], pass))];
}

function wired(layers: readonly Layer[], features: readonly FeatureInput[]) {
  return wireLayers(
    layers,
    features.map(({ name }) => `${name}/float`),
    "logits",
  );
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

function backwardNodes(layers: readonly Layer[], features: readonly FeatureInput[]): NodeProto[] {
  const tensors = wired(layers, features);
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
    node("Add", [`${name}/m-kept`, `${name}/m-new`], [next(`${name}/m`)]),
    node("Mul", [slope, slope], [`${name}/square`]),
    node("Mul", [`${name}/v`, "beta2"], [`${name}/v-kept`]),
    node("Mul", [`${name}/square`, "1-beta2"], [`${name}/v-new`]),
    node("Add", [`${name}/v-kept`, `${name}/v-new`], [next(`${name}/v`)]),
    node("Sqrt", [next(`${name}/v`)], [`${name}/root`]),
    node("Add", [`${name}/root`, "epsilon"], [`${name}/scale`]),
    node("Div", [next(`${name}/m`), `${name}/scale`], [`${name}/direction`]),
    node("Mul", [`${name}/direction`, "step"], [`${name}/move`]),
    node("Mul", [name, "keep"], [`${name}/decayed`]),
    node("Sub", [`${name}/decayed`, `${name}/move`], [next(name)]),
  ];
}

/** Running statistics move towards the batch's own. */
function statisticNodes({ name }: Parameter): NodeProto[] {
  return [
    node("Sub", [ofBatch(name), name], [`${name}/change`]),
    node("Mul", [`${name}/change`, statisticsPace], [`${name}/move`]),
    node("Add", [name, `${name}/move`], [next(name)]),
  ];
}

function constants(layers: readonly Layer[], { classes }: Batch, distillation: number): TensorProto[] {
  return [
    ...layers.flatMap((layer) => layer.constants),
    intTensor("axis-0", [0]),
    intTensor("axis-1", [1]),
    intTensor("axes-01", [0, 1]),
    intTensor("axes-023", [0, 2, 3]),
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
    ...batch.features.map(({ name, dims }) => value(name, "float16", ["batch", ...dims])),
    value("labels", "int64", ["batch"]),
    value("teacher", "float32", ["batch", batch.classes]),
    value("inverse-batch", "float32", []),
    ...tensorValues(parametersOf(layers)),
  ];
}

function tensorValues(tensors: readonly Pick<Parameter, "name" | "dims">[]) {
  return tensors.map(({ name, dims }) => value(name, "float32", dims));
}

/**
 * Loss and its gradients as outputs `loss` and `gradient(parameter)`.
 * @param distillation share of the backbone's softmax in the target, 0-1
 */
export function gradientModel(
  layers: readonly Layer[],
  features: readonly FeatureInput[],
  classes: number,
  distillation: number,
): GraphModel {
  const batch = { features, classes };
  const nodes = [
    ...forwardNodes(layers, batch.features, "training"),
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

/** The scalars that steer one step of `trainingModel`, by its inputs' names; steps count from 1. */
export function stepScalars(step: number, learningRate: number) {
  const correction = Math.sqrt(1 - adam.beta2 ** step) / (1 - adam.beta1 ** step);
  return {
    step: learningRate * correction,
    keep: 1 - learningRate * adam.weightDecay,
    // A mean of all batches at first, so that what statistics start with is forgotten at once.
    [statisticsPace]: Math.max(leastPace, 1 / step),
  };
}

/**
 * One optimiser step: parameters, Adam's moments (`p`, `p/m`, `p/v`) and statistics in, the next ones (`…/next`) and
 * `loss` out.
 * @param distillation share of the backbone's softmax in the target, 0-1
 */
export function trainingModel(
  layers: readonly Layer[],
  features: readonly FeatureInput[],
  classes: number,
  distillation: number,
): GraphModel {
  const batch = { features, classes };
  const parameters = parametersOf(layers);
  const statistics = statisticsOf(layers);
  const moments = parameters.flatMap(({ name, dims }) => [
    { name: `${name}/m`, dims },
    { name: `${name}/v`, dims },
  ]);
  const nodes = [
    ...forwardNodes(layers, batch.features, "training"),
    ...lossNodes(),
    ...backwardNodes(layers, batch.features),
    ...parameters.flatMap(adamNodes),
    ...statistics.flatMap(statisticNodes),
  ];
  const scalars = Object.keys(stepScalars(1, 0)).map((name) => value(name, "float32", []));
  return model(
    graph(
      "training-step",
      { nodes, initializers: constants(layers, batch, distillation) },
      [...inputs(layers, batch), ...scalars, ...tensorValues([...moments, ...statistics])],
      [
        value("loss", "float32", []),
        ...[...parameters, ...moments, ...statistics].map(({ name, dims }) =>
          value(next(name), "float32", dims),
        ),
      ],
    ),
  );
}

/** The same loss, and the mean accuracy, without gradients: outputs `loss` and `accuracy`. */
export function evaluationModel(
  layers: readonly Layer[],
  features: readonly FeatureInput[],
  classes: number,
): GraphModel {
  const batch = { features, classes };
  const nodes = [
    ...forwardNodes(layers, batch.features, "evaluation"),
    ...lossNodes().slice(0, -3),
    node("ArgMax", ["logits"], ["predicted"], { axis: 1, keepdims: 0 }),
    node("Equal", ["predicted", "labels"], ["right"]),
    node("Cast", ["right"], ["right/float"], { to: 1 }),
    node("ReduceMean", ["right/float"], ["accuracy"], { keepdims: 0 }),
  ];
  return model(
    graph(
      "evaluation",
      { nodes, initializers: constants(layers, batch, 0) },
      [...inputs(layers, batch), ...tensorValues(statisticsOf(layers))],
      [value("loss", "float32", []), value("accuracy", "float32", [])],
    ),
  );
}
