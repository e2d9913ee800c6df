import { describe, expect, test } from "vitest";
import { graph, node, opset, value } from "../graph-builder.ts";
import type { GraphModel } from "../graph-model.ts";
import { floatTensor, intTensor } from "../tensors.ts";
import { importProto } from "../testing/test-backbone.ts";
import { TestGraph } from "../testing/test-graphs.ts";
import { trainingModeNodes } from "./analysis/training-mode.ts";

/** Two convolutions and a classifier of 5 classes, with `end` behind it. */
function network(end: (net: TestGraph, logits: string) => string = (_, logits) => logits): GraphModel {
  const net = new TestGraph();
  const features = net.convRelu(net.convRelu("image", 3, 4), 4, 4);
  return net.model([end(net, net.classifier(features, 4, 5))]);
}

async function warningsOf(proto: GraphModel): Promise<string[]> {
  return (await importProto(proto)).summary.warnings.map(({ code }) => code);
}

test("a plain network gives no cause for any", async () => {
  expect(await warningsOf(network())).toEqual([]);
});

test("several labels at once", async () => {
  const { summary } = await importProto(network((net, logits) => net.add("Sigmoid", [logits])));
  expect(summary.output.kind).toBe("probabilities");
  expect(summary.warnings).toEqual([
    {
      code: "multi-label",
      text: expect.stringMatching(/^the 5 probabilities of .* don't exclude each other/),
    },
  ]);
  // One score for two classes is no list of labels.
  const net = new TestGraph();
  const score = net.classifier(net.convRelu(net.convRelu("image", 3, 4), 4, 4), 4, 1);
  expect(await warningsOf(net.model([net.add("Sigmoid", [score])]))).toEqual([]);
});

test("names in warnings are made plain, and shortened", async () => {
  const proto = network();
  proto.graph.input.push(value(`\u001b[2J\u202e${"x".repeat(1000)}`, "int64", [1]));
  const [{ text }] = (await importProto(proto)).summary.warnings;
  expect(text).toMatch(/^besides the image the model has the input .*␛\[2J\\u202ex+…x+/);
  expect(text).toMatch(/it is held at zero here/);
  expect(text.length).toBeLessThanOrEqual(300);
});

test("scores that are the same whatever the image", async () => {
  const same = network((net, logits) => net.add("Mul", [logits, net.constant(floatTensor("zero", [0], []))]));
  expect(await warningsOf(same)).toEqual(["constant-scores"]);
});

test("noise that was meant for training", async () => {
  const noisy = network((net, logits) => net.add("Add", [logits, net.add("RandomNormalLike", [logits])]));
  expect(await warningsOf(noisy)).toEqual(["training-mode"]);
});

describe("scores that are no numbers are refused", () => {
  test.each([
    ["NaN", /gives NaN in .* for plain images; export it again in float32$/, [0, 0]],
    ["infinity", /gives infinite scores in .* for plain images; export it again in float32$/, [1, 0]],
  ] as const)("%s", async (_, message, [over, under]) => {
    const broken = network((net, logits) => {
      const zero = net.add("Mul", [logits, net.constant(floatTensor("none", [0], []))]);
      const above = net.add("Add", [zero, net.constant(floatTensor("over", [over], []))]);
      return net.add("Div", [above, net.add("Mul", [zero, net.constant(floatTensor("under", [under], []))])]);
    });
    await expect(importProto(broken)).rejects.toMatchObject({
      code: "model-unsupported",
      message: expect.stringMatching(message),
    });
  });

  test("with the weight that is to blame", async () => {
    const broken = network((net, logits) =>
      net.add("Add", [logits, net.constant(floatTensor("bias", [0, Number.POSITIVE_INFINITY, 0, 0, 0]))]),
    );
    await expect(importProto(broken)).rejects.toMatchObject({
      message: expect.stringMatching(
        /infinite scores in .*, for its weight bias holds values that are no finite/,
      ),
    });
  });
});

describe("training mode", () => {
  const statistics = ["scale", "bias", "mean", "variance"].map((name) => floatTensor(name, [1, 1, 1, 1]));
  const inputs = ["x", ...statistics.map(({ name }) => name)];

  function names(nodes: ReturnType<typeof node>[], version: number, initializers = statistics): string[] {
    const main = graph("g", { nodes, initializers }, [value("x", "float32")], [value("y", "float32")]);
    return trainingModeNodes(main, version).map(({ name }) => name);
  }

  test("of a batch norm is told by its attribute, before opset 14 by its outputs", () => {
    const training = node("BatchNormalization", inputs, ["y", "m", "v"], { training_mode: 1 });
    const plain = node("BatchNormalization", inputs, ["y"], { training_mode: 0 });
    expect(names([training], 14)).toEqual([training.name]);
    expect(names([plain], 14)).toEqual([]);
    const before = node("BatchNormalization", inputs, ["y", "m", "v", "sm", "sv"]);
    expect(names([before], 9)).toEqual([before.name]);
    expect(names([node("BatchNormalization", inputs, ["y", "", "", "", ""])], 9)).toEqual([]);
  });

  test("of a dropout is told by its third input, constant from wherever", () => {
    const truth = (value: number) => ({
      ...intTensor("train", [], []),
      dataType: 9,
      rawData: Uint8Array.of(value),
    });
    const dropout = node("Dropout", ["x", "", "train"], ["y"]);
    expect(names([dropout], 13, [truth(1)])).toEqual([dropout.name]);
    expect(names([dropout], 13, [truth(0)])).toEqual([]);
    const dropping = node("Dropout", ["x", "share", "train"], ["y"]);
    expect(names([dropping], 13, [truth(1), floatTensor("share", [0], [])])).toEqual([]);
    expect(names([dropping], 13, [truth(1), floatTensor("share", [0.1], [])])).toEqual([dropping.name]);
    expect(names([node("Constant", [], ["train"], { value: truth(1) }), dropout], 13)).toEqual([
      dropout.name,
    ]);
    expect(names([node("Dropout", ["x"], ["y"])], 13)).toEqual([]);
    const branch = graph("then", { nodes: [dropout], initializers: [] }, [], [value("y", "float32")]);
    const choice = node("If", ["c"], ["z"], { then_branch: branch, else_branch: branch });
    expect(names([choice], 13, [truth(1)])).toHaveLength(2);
  });

  test("is warned of, with a way out", async () => {
    const net = new TestGraph();
    const ones = ["scale", "shift", "mean", "variance"].map((name) =>
      net.constant(floatTensor(name, [1, 1, 1, 1])),
    );
    const features = net.convRelu("image", 3, 4);
    net.nodes.push(
      node("BatchNormalization", [features, ...ones], ["normed", "m", "v"], { training_mode: 1 }),
    );
    const proto = net.model([net.classifier(net.convRelu("normed", 4, 4), 4, 5)]);
    const { summary } = await importProto({ ...proto, opsetImport: [opset(14)] });
    expect(summary.warnings).toEqual([
      {
        code: "training-mode",
        text: expect.stringMatching(
          /acts as in training \(BatchNormalization .*normed\).*; export after model\.eval/,
        ),
      },
    ]);
  });
});
