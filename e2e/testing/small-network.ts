import { writeFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import type { ModelProto, NodeProto, TensorProto } from "../../electron/engine/onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../../electron/engine/onnx/graph-builder.ts";
import { floatTensor } from "../../electron/engine/onnx/tensors.ts";
import { randomNormal, seededRandom } from "../../shared/base/random.ts";
import { classNames, imageChannels, imageSize, type LabelledImages, modelInput } from "./gratings.ts";

/** Form of a small residual network; every block's sum is a cut point. */
export interface SmallNetwork {
  readonly blocks: number;
  readonly channels: number;
  /** Of the input; "batch" leaves it open. */
  readonly batch: number | string;
  readonly seed: number;
  /** Height and width of its images; those of the gratings if absent. It is fitted to these all the same. */
  readonly side?: number;
}

/** Some 40 million MACs: large enough that leaving early pays. */
export const defaultNetwork: SmallNetwork = { blocks: 6, channels: 32, batch: "batch", seed: 5 };

/** Pooled features in front of the classifier. */
const features = "features";
const logits = "logits";

interface Classifier {
  /** [channels, classes] */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** Writes a network whose convolutions are random and whose classifier is fitted to the given images. */
export async function writeSmallNetwork(
  path: string,
  images: LabelledImages,
  form: SmallNetwork = defaultNetwork,
): Promise<void> {
  const rows = await pooledFeatures({ ...form, batch: "batch", side: imageSize }, images);
  const classifier = ridgeRegression(rows, images.labels, form.channels);
  const proto = smallNetwork(form, classifier);
  proto.producerName = "test";
  await writeFile(path, encodeModel(proto));
}

/** @param classifier absent: the model ends at the pooled features */
export function smallNetwork(form: SmallNetwork, classifier?: Classifier): ModelProto {
  const { blocks, channels, batch, seed, side = imageSize } = form;
  const random = seededRandom(seed);
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const conv = (from: string, to: string, inputs: number, gain: number) => {
    const deviation = gain * Math.sqrt(2 / (9 * inputs));
    const length = channels * inputs * 9;
    const weights = Float32Array.from({ length }, () => deviation * randomNormal(random));
    initializers.push(floatTensor(`${to}/weights`, weights, [channels, inputs, 3, 3]));
    nodes.push(node("Conv", [from, `${to}/weights`], [to], { pads: [1, 1, 1, 1] }));
  };
  conv("image", "stem/conv", imageChannels, 1);
  nodes.push(node("Relu", ["stem/conv"], ["stem"]));
  let from = "stem";
  for (let block = 1; block <= blocks; block++) {
    const name = `block${block}`;
    conv(from, `${name}/first`, channels, 1);
    nodes.push(node("Relu", [`${name}/first`], [`${name}/middle`]));
    conv(`${name}/middle`, `${name}/second`, channels, 0.5);
    nodes.push(node("Add", [from, `${name}/second`], [`${name}/sum`]));
    nodes.push(node("Relu", [`${name}/sum`], [name]));
    from = name;
  }
  nodes.push(node("GlobalAveragePool", [from], ["pooled"]), node("Flatten", ["pooled"], [features]));
  if (classifier) {
    initializers.push(floatTensor("classifier/weights", classifier.weights, [channels, classNames.length]));
    initializers.push(floatTensor("classifier/biases", classifier.biases, [classNames.length]));
    nodes.push(node("Gemm", [features, "classifier/weights", "classifier/biases"], [logits]));
  }
  const input = value("image", "float32", [batch, imageChannels, side, side]);
  const output = classifier
    ? value(logits, "float32", [batch, classNames.length])
    : value(features, "float32", [batch, channels]);
  return model(graph("small", { nodes, initializers }, [input], [output]));
}

async function pooledFeatures(form: SmallNetwork, images: LabelledImages): Promise<Float32Array> {
  const session = await InferenceSession.create(encodeModel(smallNetwork(form)));
  const image = new Tensor("float32", modelInput(images), [
    images.labels.length,
    imageChannels,
    imageSize,
    imageSize,
  ]);
  const results = await session.run({ image });
  await session.release();
  return results[features].data as Float32Array;
}

/** Least squares from features and a constant to one-hot labels, scaled to logits. */
function ridgeRegression(rows: Float32Array, labels: readonly number[], width: number): Classifier {
  const size = width + 1;
  const classes = classNames.length;
  const feature = (row: number, column: number) => (column < width ? rows[row * width + column] : 1);
  const system = Array.from({ length: size }, () => new Float64Array(size + classes));
  for (const [row, label] of labels.entries())
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) system[a][b] += feature(row, a) * feature(row, b);
      system[a][size + label] += feature(row, a);
    }
  for (let a = 0; a < width; a++) system[a][a] += 1e-4 * labels.length;
  solve(system, size);
  const sharpness = 8;
  const weights = new Float32Array(width * classes);
  for (let a = 0; a < width; a++)
    for (let label = 0; label < classes; label++)
      weights[a * classes + label] = sharpness * system[a][size + label];
  const biases = Float32Array.from(
    { length: classes },
    (_, label) => sharpness * system[width][size + label],
  );
  return { weights, biases };
}

/** Gauss-Jordan elimination in place; the right-hand sides stand behind the first `size` columns. */
function solve(system: Float64Array[], size: number): void {
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(system[row][column]) > Math.abs(system[pivot][column])) pivot = row;
    [system[column], system[pivot]] = [system[pivot], system[column]];
    const lead = system[column][column];
    for (let at = column; at < system[column].length; at++) system[column][at] /= lead;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = system[row][column];
      if (factor === 0) continue;
      for (let at = column; at < system[row].length; at++) system[row][at] -= factor * system[column][at];
    }
  }
}
