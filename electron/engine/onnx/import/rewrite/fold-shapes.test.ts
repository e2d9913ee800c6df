import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../../../shared/base/random.ts";
import type { Backbone } from "../../backbone.ts";
import { encodeModel } from "../../codec.ts";
import { backbonePart } from "../../compose.ts";
import { graph, model, value } from "../../graph-builder.ts";
import { indexGraph } from "../../graph-index.ts";
import type { GraphModel } from "../../graph-model.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../../runtime.ts";
import { floatTensor, intTensor, tensorNumbers } from "../../tensors.ts";
import { importProto, noiseImages } from "../../testing/test-backbone.ts";
import { TestGraph } from "../../testing/test-graphs.ts";

const open = ["N", 3, 8, 8];

/** Two blocks, and a last row whose batch comes from the shape of the image; `late` puts more before the classifier. */
function viewNet(late = (_: TestGraph, features: string) => features, shape: (string | number)[] = open) {
  const net = new TestGraph();
  const stem = net.convRelu("image", 3, 4);
  const first = net.residualBlock(stem, 4);
  const second = late(net, net.residualBlock(first, 4));
  const batch = net.add("Gather", [net.add("Shape", ["image"]), net.constant(intTensor("zero", [0]))], {
    axis: 0,
  });
  const target = net.add("Concat", [batch, net.constant(intTensor("rest", [-1]))], { axis: 0 });
  const row = net.add("Reshape", [net.add("GlobalAveragePool", [second]), target]);
  const logits = net.add("Gemm", [row, net.weights([4, 5])]);
  return { proto: net.model([logits], { shape }), stem, first, logits };
}

function operatorsOf({ proto }: Backbone): string[] {
  return proto.graph.node.map(({ opType }) => opType);
}

async function run(proto: GraphModel, input: string, data: Float32Array, dims: readonly number[]) {
  const session = await openSession(encodeModel(proto));
  const results = await session.run({ [input]: runtimeTensor("float32", data, dims) });
  await session.release();
  return results[session.outputNames[0]];
}

/** Logits of three images, by the whole network as given, and through every cut point of the imported one. */
async function inTwoParts(given: GraphModel) {
  const backbone = await importProto(given);
  const { summary, proto } = backbone;
  const images = Float32Array.from(noiseImages(backbone, 3, seededRandom(1)).flatMap((image) => [...image]));
  const whole = await run(given, "image", images, [3, 3, 8, 8]);
  const index = indexGraph(proto.graph);
  const parted = [];
  for (const cut of summary.cutPoints) {
    const between = value(cut.boundary, "float32", ["batch", ...cut.shape.slice(1)]);
    const end = summary.output.name;
    const prefix = graph(
      "prefix",
      backbonePart(index, summary, undefined, [cut.boundary]),
      [value("image", "float32", open)],
      [between],
    );
    const suffix = graph(
      "suffix",
      backbonePart(index, summary, cut, [end]),
      [between],
      [value(end, "float32")],
    );
    const features = await run(model(prefix, proto), "image", images, [3, 3, 8, 8]);
    parted.push(await run(model(suffix, proto), cut.boundary, features.data as Float32Array, features.dims));
  }
  return { backbone, whole, parted };
}

/** Equal but for rounding: a network in one piece is fused in other ways. */
function expectAlike(parted: readonly RuntimeTensor[], { dims, data }: RuntimeTensor): void {
  for (const logits of parted) {
    expect(logits.dims).toEqual(dims);
    (logits.data as Float32Array).forEach((value, at) => {
      expect(value).toBeCloseTo((data as Float32Array)[at], 5);
    });
  }
}

describe("the batch for the last row from the image's shape", () => {
  test("is no path around the cut points", async () => {
    const { proto, stem, first } = viewNet();
    const { backbone, whole, parted } = await inTwoParts(proto);
    expect(backbone.summary.cutPoints.map(({ tensor }) => tensor)).toEqual([stem, first]);
    expect(backbone.summary.input.dynamicBatch).toBe(true);
    expect(whole.dims).toEqual([3, 5]);
    expectAlike(parted, whole);
  });

  test("leaves a Reshape to [-1, 4], and nothing that reads a shape", async () => {
    const backbone = await importProto(viewNet().proto);
    expect(operatorsOf(backbone)).not.toContain("Shape");
    const reshape = backbone.proto.graph.node.find(({ opType }) => opType === "Reshape")!;
    const shape = backbone.proto.graph.initializer.find(({ name }) => name === reshape.input[1])!;
    expect([...tensorNumbers(shape)]).toEqual([-1, 4]);
  });

  test("is a constant where the batch is fixed", async () => {
    const backbone = await importProto(viewNet(undefined, [1, 3, 8, 8]).proto);
    const reshape = backbone.proto.graph.node.find(({ opType }) => opType === "Reshape")!;
    const shape = backbone.proto.graph.initializer.find(({ name }) => name === reshape.input[1])!;
    expect([...tensorNumbers(shape)]).toEqual([1, -1]);
    expect(backbone.summary.cutPoints).toHaveLength(2);
  });
});

describe("what else is computed from shapes", () => {
  test("height and width of an earlier tensor become constants", async () => {
    const net = new TestGraph();
    const stem = net.convRelu("image", 3, 4);
    const small = net.maxPool(net.residualBlock(stem, 4));
    const size = net.add("Slice", [
      net.add("Shape", [stem]),
      net.constant(intTensor("from", [2])),
      net.constant(intTensor("to", [4])),
    ]);
    const target = net.add("Concat", [net.constant(intTensor("front", [1, 4])), size], { axis: 0 });
    const spread = net.add("Expand", [net.add("GlobalAveragePool", [small]), target]);
    const last = net.residualBlock(spread, 4);
    const { backbone, whole, parted } = await inTwoParts(
      net.model([net.classifier(last, 4, 5)], { shape: open }),
    );
    expect(operatorsOf(backbone)).not.toContain("Shape");
    expect(backbone.summary.cutPoints.map(({ tensor }) => tensor)).toEqual([stem, small]);
    expectAlike(parted, whole);
  });

  test("a target with the batch in it follows the batch of each part", async () => {
    const late = (net: TestGraph, features: string) => {
      const filled = net.add("Expand", [net.weights([1, 4, 1, 1]), net.add("Shape", [features])]);
      return net.residualBlock(net.add("Add", [features, filled]), 4);
    };
    const { backbone, whole, parted } = await inTwoParts(viewNet(late).proto);
    expect(operatorsOf(backbone).filter((operator) => operator === "Shape")).toHaveLength(1);
    expect(parted).toHaveLength(3);
    expectAlike(parted, whole);
  });

  test("a float that follows the number of elements is the same for any batch", async () => {
    const late = (net: TestGraph, features: string) => {
      const size = net.add("Cast", [net.add("Size", [features])], { to: 1 });
      const images = net.add(
        "Cast",
        [
          net.add("Gather", [net.add("Shape", [features]), net.constant(intTensor("first", [0], []))], {
            axis: 0,
          }),
        ],
        { to: 1 },
      );
      // 256 values an image: 1/256 of them, less the batch, is 0, whatever the batch.
      const counted = net.add("Mul", [size, net.constant(floatTensor("share", [1 / 256], []))]);
      return net.residualBlock(net.add("Add", [features, net.add("Sub", [counted, images])]), 4);
    };
    const { whole, parted } = await inTwoParts(viewNet(late).proto);
    expectAlike(parted, whole);
  });

  test("what we wrote ourselves folds again when it is opened again", async () => {
    const late = (net: TestGraph, features: string) =>
      net.residualBlock(
        net.add("Add", [
          features,
          net.add("Expand", [net.weights([1, 4, 1, 1]), net.add("Shape", [features])]),
        ]),
        4,
      );
    const once = await importProto(viewNet(late).proto);
    const { whole, parted } = await inTwoParts(once.proto);
    expect(parted).toHaveLength(3);
    expectAlike(parted, whole);
  });

  test("noise whose shape alone comes from the image stays noise", async () => {
    const noisy = (net: TestGraph, features: string) => {
      const zeros = net.add("ConstantOfShape", [net.add("Shape", [features])]);
      const noise = net.add("RandomUniformLike", [zeros], { dtype: 1 });
      return net.convRelu(net.add("Add", [features, net.add("Mul", [noise, noise])]), 4, 4);
    };
    const backbone = await importProto(viewNet(noisy, [1, 3, 8, 8]).proto);
    expect(operatorsOf(backbone)).toContain("RandomUniformLike");
    expect(backbone.summary.warnings.map(({ code }) => code)).toContain("training-mode");
  });
});
