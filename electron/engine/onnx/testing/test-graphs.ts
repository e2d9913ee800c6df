import { seededRandom } from "../../../../shared/base/random.ts";
import type { NodeProto, TensorProto } from "../gen/onnx_pb.ts";
import { type AttributeValue, graph, model, node, value } from "../graph-builder.ts";
import type { GraphModel } from "../graph-model.ts";
import { floatTensor } from "../tensors.ts";

/** Small networks for tests, written down layer by layer; each layer returns the name of its result. */
export class TestGraph {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #random = seededRandom(7);
  #count = 0;

  /** Any operator with one result. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const output = `${operator.toLowerCase()}${this.#count++}`;
    this.nodes.push(node(operator, inputs, [output], attributes));
    return output;
  }

  /** A constant of small random numbers. */
  weights(dims: readonly number[]): string {
    const name = `weights${this.#count++}`;
    const count = dims.reduce((product, dim) => product * dim, 1);
    this.constant(
      floatTensor(
        name,
        Float32Array.from({ length: count }, () => this.#random() - 0.5),
        dims,
      ),
    );
    return name;
  }

  constant(tensor: TensorProto): string {
    this.initializers.push(tensor);
    return tensor.name;
  }

  /** A convolution of odd kernel size that keeps height and width, or divides them by `stride`. */
  conv(from: string, inputs: number, outputs: number, { kernel = 3, stride = 1, group = 1 } = {}): string {
    const pad = (kernel - 1) / 2;
    return this.add("Conv", [from, this.weights([outputs, inputs / group, kernel, kernel])], {
      group,
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
    });
  }

  convRelu(from: string, inputs: number, outputs: number, options = {}): string {
    return this.add("Relu", [this.conv(from, inputs, outputs, options)]);
  }

  /** relu(x + conv(relu(conv(x)))) */
  residualBlock(from: string, channels: number): string {
    const branch = this.conv(this.convRelu(from, channels, channels), channels, channels);
    return this.add("Relu", [this.add("Add", [from, branch])]);
  }

  maxPool(from: string): string {
    return this.add("MaxPool", [from], { kernel_shape: [2, 2], strides: [2, 2] });
  }

  /** Global pooling and one fully connected layer. */
  classifier(from: string, channels: number, classes: number): string {
    const flat = this.add("Flatten", [this.add("GlobalAveragePool", [from])]);
    return this.add("Gemm", [flat, this.weights([channels, classes])]);
  }

  /** The model from `image` to the given results; `outputs` of type float32. */
  model(outputs: readonly string[], { shape = [1, 3, 8, 8], type = "float32" }: ImageShape = {}): GraphModel {
    return model(
      graph(
        "test",
        this,
        [value("image", type, shape)],
        outputs.map((name) => value(name, "float32")),
      ),
    );
  }
}

interface ImageShape {
  readonly shape?: readonly (number | string)[];
  readonly type?: string;
}

/** A stem of 4 channels, residual blocks, a classifier of 5 classes; image 3x8x8. */
export function residualNet(blocks: number, shape?: readonly (number | string)[]): GraphModel {
  const net = new TestGraph();
  let features = net.convRelu("image", 3, 4);
  for (let block = 0; block < blocks; block++) features = net.residualBlock(features, 4);
  return net.model([net.classifier(features, 4, 5)], { shape });
}
