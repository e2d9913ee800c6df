import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import type { NodeProto, TensorProto } from "../../onnx/gen/onnx_pb.ts";
import { graph, model, node, value } from "../../onnx/graph-builder.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { floatTensor } from "../../onnx/tensors.ts";

const side = 4;

/** For tests: red, green and blue of a pixel, 0 to 255. */
export type Colour = readonly [number, number, number];

/** For tests: how a classifier answers from the mean red, green and blue of an image. */
export interface ColourClassifier {
  /** [3 x classes], row by colour. */
  readonly weights: readonly number[];
  readonly biases: readonly number[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Height and width of its images; 4 if absent. */
  readonly side?: number;
}

/** For tests: answers the strongest of red, green and blue. */
export const strongestColour: ColourClassifier = { weights: [1, 0, 0, 0, 1, 0, 0, 0, 1], biases: [0, 0, 0] };

/** For tests: answers 1 if the mean of all values is above 1/2, else 0. */
export const brightness: ColourClassifier = { weights: [-1, 1, -1, 1, -1, 1], biases: [1.5, -1.5] };

/** For tests: tells red from green, and takes blue for red. */
export const blindToBlue: ColourClassifier = {
  weights: [1, 0, 0, 0, 1, 0, 0, 0, 0],
  biases: [0.01, 0, 0],
  side: 2,
};

/** For tests: a network of small images that passes colours on through two convolutions and judges their means. */
export function colourNetwork({
  weights,
  biases,
  metadata = {},
  side: size = side,
}: ColourClassifier): GraphModel {
  const classes = biases.length;
  const same = Float32Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? 1 : 0));
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  let from = "image";
  for (const name of ["first", "second"]) {
    initializers.push(floatTensor(`${name}/weights`, same, [3, 3, 1, 1]));
    nodes.push(
      node("Conv", [from, `${name}/weights`], [`${name}/conv`]),
      node("Relu", [`${name}/conv`], [name]),
    );
    from = name;
  }
  nodes.push(
    node("GlobalAveragePool", [from], ["pooled"]),
    node("Flatten", ["pooled"], ["means"]),
    node("Gemm", ["means", "weights", "biases"], ["scores"]),
  );
  initializers.push(floatTensor("weights", Float32Array.from(weights), [3, classes]));
  initializers.push(floatTensor("biases", Float32Array.from(biases), [classes]));
  const input = value("image", "float32", ["batch", 3, size, size]);
  const output = value("scores", "float32", ["batch", classes]);
  return model(graph("colours", { nodes, initializers }, [input], [output]), undefined, metadata);
}

/**
 * For tests: images 4x4 of one colour each.
 * @returns bytes [count x 4 x 4 x 3]
 */
export function plainImages(colours: readonly Colour[]): Uint8Array {
  return Uint8Array.from(
    colours.flatMap((colour) => Array.from({ length: side * side }, () => colour).flat()),
  );
}

const plainColours: readonly Colour[] = [
  [200, 20, 20],
  [20, 200, 20],
  [20, 20, 200],
];

/**
 * For tests: a folder whose `data` holds 30 images 4x4 of red, green and blue for training, and 100 for calibration and
 * testing; one of those is no image.
 */
export async function colourFolder(): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  for (const [part, perColour] of [
    ["train", 30],
    ["test", 100],
  ] as const)
    for (const [label, colour] of plainColours.entries())
      for (let at = 0; at < perColour; at++)
        files[`data/${part}/${["a-red", "b-green", "c-blue"][label]}/${at}.ppm`] = Buffer.concat([
          Buffer.from("P6\n4 4\n255\n"),
          plainImages([colour]),
        ]);
  files["data/test/b-green/7.ppm"] = "no image";
  return temporaryFolder(files);
}
