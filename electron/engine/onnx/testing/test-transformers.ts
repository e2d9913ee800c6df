import type { GraphModel } from "../graph-model.ts";
import { floatTensor, intTensor } from "../tensors.ts";
import { TestGraph } from "./test-graphs.ts";

/** Layers of networks that keep their channels last, as exporters write them. */
export class TransformerGraph extends TestGraph {
  /** A minus one takes what is left, the batch say. */
  reshape(from: string, dims: readonly number[]): string {
    return this.add("Reshape", [from, this.constant(intTensor(this.#name("shape"), dims))]);
  }

  transpose(from: string, perm: readonly number[]): string {
    return this.add("Transpose", [from], { perm });
  }

  linear(from: string, inputs: number, outputs: number): string {
    const product = this.add("MatMul", [from, this.weights([inputs, outputs])]);
    return this.add("Add", [this.weights([outputs]), product]);
  }

  /** Decomposed, as before operator set 17. */
  layerNorm(from: string, width: number): string {
    const over = { axes: [-1] };
    const centred = this.add("Sub", [from, this.add("ReduceMean", [from], over)]);
    const variance = this.add("ReduceMean", [this.add("Pow", [centred, this.#scalar(2)])], over);
    const deviation = this.add("Sqrt", [this.add("Add", [variance, this.#scalar(1e-5)])]);
    const normal = this.add("Div", [centred, deviation]);
    return this.add("Add", [this.add("Mul", [normal, this.weights([width])]), this.weights([width])]);
  }

  /** Two heads over the tokens of [rows, tokens, width]. */
  attention(from: string, tokens: number, width: number): string {
    const head = (perm: readonly number[]) =>
      this.transpose(this.reshape(this.linear(from, width, width), [-1, tokens, 2, width / 2]), perm);
    const scores = this.add("MatMul", [head([0, 2, 1, 3]), head([0, 2, 3, 1])]);
    const mixed = this.add("MatMul", [this.add("Softmax", [scores], { axis: -1 }), head([0, 2, 1, 3])]);
    const rows = this.reshape(this.transpose(mixed, [0, 2, 1, 3]), [-1, tokens, width]);
    return this.linear(rows, width, width);
  }

  /** x + mlp(norm(x)) */
  mlpBlock(from: string, width: number): string {
    const hidden = this.add("Relu", [this.linear(this.layerNorm(from, width), width, 2 * width)]);
    return this.add("Add", [from, this.linear(hidden, 2 * width, width)]);
  }

  transformerBlock(from: string, tokens: number, width: number): string {
    const attention = this.attention(this.layerNorm(from, width), tokens, width);
    return this.mlpBlock(this.add("Add", [from, attention]), width);
  }

  /** Attention in windows of 2x2, of a map [N, side, side, width] that is rolled by `shift` first and back after. */
  windowBlock(from: string, side: number, width: number, shift = 0): string {
    const rolled = this.roll(this.layerNorm(from, width), shift, side);
    const half = side / 2;
    const parted = this.transpose(this.reshape(rolled, [-1, half, 2, half, 2, width]), [0, 1, 3, 2, 4, 5]);
    const attention = this.attention(this.reshape(parted, [-1, 4, width]), 4, width);
    const grid = this.reshape(attention, [-1, half, half, 2, 2, width]);
    const joined = this.reshape(this.transpose(grid, [0, 1, 3, 2, 4, 5]), [-1, side, side, width]);
    return this.mlpBlock(this.add("Add", [from, this.roll(joined, -shift, side)]), width);
  }

  /** Along both sides of [N, side, side, C]. */
  roll(from: string, shift: number, side: number): string {
    if (shift === 0) return from;
    const at = (shift + side) % side;
    return [1, 2].reduce((map, axis) => {
      const part = (start: number, end: number) =>
        this.add("Slice", [
          map,
          ...[start, end, axis].map((number) => this.constant(intTensor(this.#name("bound"), [number]))),
        ]);
      return this.add("Concat", [part(at, side), part(0, at)], { axis });
    }, from);
  }

  /** A convolution of a kernel as wide as its stride. */
  patches(from: string, outputs: number, side: number): string {
    return this.add("Conv", [from, this.weights([outputs, 3, side, side])], { strides: [side, side] });
  }

  /** The class token in front of `tokens`, for as many images as there are. */
  withClassToken(tokens: string, width: number): string {
    const token = this.weights([1, 1, width]);
    const batch = this.add("Slice", [
      this.add("Shape", ["image"]),
      ...[0, 1].map((bound) => this.constant(intTensor(this.#name("bound"), [bound]))),
    ]);
    const rest = this.constant(intTensor(this.#name("rest"), [1, width]));
    const spread = this.add("Expand", [token, this.add("Concat", [batch, rest], { axis: 0 })]);
    return this.add("Concat", [spread, tokens], { axis: 1 });
  }

  #scalar(value: number): string {
    return this.constant(floatTensor(this.#name("scalar"), [value], []));
  }

  #name(what: string): string {
    return `${what}-${this.initializers.length}`;
  }
}

interface TestTransformer {
  readonly proto: GraphModel;
  /** What its blocks end in, in order. */
  readonly blocks: readonly string[];
}

export const transformerClasses = 5;

/** Patches of 2x2 of an image 3x8x8, a class token that the classifier reads, blocks of 8 channels: 17 tokens. */
export function visionTransformer(blockCount: number, batch: number | string = "N"): TestTransformer {
  const net = new TransformerGraph();
  const rows = net.transpose(net.reshape(net.patches("image", 8, 2), [-1, 8, 16]), [0, 2, 1]);
  let features = net.add("Add", [net.withClassToken(rows, 8), net.weights([1, 17, 8])]);
  const blocks = Array.from({ length: blockCount }, () => {
    features = net.transformerBlock(features, 17, 8);
    return features;
  });
  const first = net.constant(intTensor("first", [0], []));
  const token = net.add("Gather", [net.layerNorm(features, 8), first], { axis: 1 });
  const logits = net.linear(token, 8, transformerClasses);
  return { proto: net.model([logits], { shape: [batch, 3, 8, 8] }), blocks };
}

/** Two blocks on 4x4 positions of 8 channels, the second with shifted windows; patches merged to 2x2 of 16; two blocks. */
export function shiftedWindows(batch: number | string = "N"): TestTransformer {
  const net = new TransformerGraph();
  const stem = net.layerNorm(net.transpose(net.patches("image", 8, 2), [0, 2, 3, 1]), 8);
  const first = net.windowBlock(stem, 4, 8);
  const second = net.windowBlock(first, 4, 8, 1);
  const quarters = net.transpose(net.reshape(second, [-1, 2, 2, 2, 2, 8]), [0, 1, 3, 2, 4, 5]);
  const merged = net.linear(net.layerNorm(net.reshape(quarters, [-1, 2, 2, 32]), 32), 32, 16);
  const third = net.windowBlock(merged, 2, 16);
  const fourth = net.windowBlock(third, 2, 16);
  const turned = net.transpose(net.layerNorm(fourth, 16), [0, 3, 1, 2]);
  const logits = net.classifier(turned, 16, transformerClasses);
  return { proto: net.model([logits], { shape: [batch, 3, 8, 8] }), blocks: [first, second, third, fourth] };
}

/** Blocks of a depthwise convolution with channels first and two linear layers with channels last. */
export function turningConvolutions(batch: number | string = "N"): TestTransformer {
  const net = new TransformerGraph();
  let features = net.patches("image", 8, 2);
  const blocks = Array.from({ length: 3 }, () => {
    const rows = net.transpose(net.conv(features, 8, 8, { group: 8 }), [0, 2, 3, 1]);
    const hidden = net.add("Relu", [net.linear(net.layerNorm(rows, 8), 8, 16)]);
    const branch = net.transpose(net.linear(hidden, 16, 8), [0, 3, 1, 2]);
    features = net.add("Add", [features, branch]);
    return features;
  });
  const logits = net.classifier(features, 8, transformerClasses);
  return { proto: net.model([logits], { shape: [batch, 3, 8, 8] }), blocks };
}

/** Blocks that work on windows [N, 4 windows, 4 tokens, 8 channels] of a map 8x4x4 and leave it so in between. */
export function standingWindows(batch: number | string = "N"): TestTransformer {
  const net = new TransformerGraph();
  const stem = net.patches("image", 8, 2);
  const parted = net.transpose(net.reshape(stem, [-1, 8, 2, 2, 2, 2]), [0, 2, 4, 3, 5, 1]);
  let features = net.reshape(parted, [-1, 4, 4, 8]);
  const blocks = Array.from({ length: 3 }, () => {
    const rows = net.reshape(net.layerNorm(features, 8), [-1, 4, 8]);
    const attention = net.reshape(net.attention(rows, 4, 8), [-1, 4, 4, 8]);
    features = net.mlpBlock(net.add("Add", [features, attention]), 8);
    return features;
  });
  const back = net.transpose(net.reshape(features, [-1, 2, 2, 2, 2, 8]), [0, 5, 1, 3, 2, 4]);
  const map = net.convRelu(net.reshape(back, [-1, 8, 4, 4]), 8, 8);
  const logits = net.classifier(map, 8, transformerClasses);
  return { proto: net.model([logits], { shape: [batch, 3, 8, 8] }), blocks };
}

/** Residual blocks of convolutions between which everything is turned to channels last, from an image with channels last. */
export function turnedBackAndForth(batch: number | string = "N"): TestTransformer {
  const net = new TransformerGraph();
  const conv = (from: string, inputs: number) => {
    const turned = net.conv(net.transpose(from, [0, 3, 1, 2]), inputs, 8);
    return net.add("Add", [net.transpose(turned, [0, 2, 3, 1]), net.weights([8])]);
  };
  let features = net.add("Relu", [conv("image", 3)]);
  const blocks = Array.from({ length: 3 }, () => {
    const branch = conv(net.add("Relu", [conv(features, 8)]), 8);
    features = net.add("Relu", [net.add("Add", [features, branch])]);
    return features;
  });
  const pooled = net.add("ReduceMean", [features], { axes: [1, 2], keepdims: 0 });
  const logits = net.linear(pooled, 8, transformerClasses);
  return { proto: net.model([logits], { shape: [batch, 6, 8, 3] }), blocks };
}
