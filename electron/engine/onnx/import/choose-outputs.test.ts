import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import type { BackboneSummary } from "../../../../shared/model/backbone.ts";
import { ValueInfoProtoSchema } from "../gen/onnx_pb.ts";
import { graph, model, node, opset, value } from "../graph-builder.ts";
import { floatTensor, intTensor } from "../tensors.ts";
import { importProto } from "../testing/test-backbone.ts";
import { TestGraph } from "../testing/test-graphs.ts";

/** A stem of 4 channels and a residual block, pooled to [1, 4]. */
class Network extends TestGraph {
  readonly stem = this.convRelu("image", 3, 4);
  readonly block = this.residualBlock(this.stem, 4);
  readonly pooled = this.add("Flatten", [this.add("GlobalAveragePool", [this.block])]);

  dense(from: string, inputs: number, outputs: number): string {
    return this.add("Gemm", [from, this.weights([inputs, outputs])]);
  }

  softmax(from: string): string {
    return this.add("Softmax", [from], { axis: 1 });
  }

  /** The `count` largest and where they stand. */
  topK(from: string, count: number): [values: string, indices: string] {
    const amount = this.constant(intTensor(`count/${from}`, [count]));
    const [values, indices] = [`best/${from}`, `places/${from}`];
    this.nodes.push(node("TopK", [from, amount], [values, indices], { axis: 1 }));
    return [values, indices];
  }

  proto(outputs: readonly (readonly [name: string, type: string])[]) {
    const values = outputs.map(([name, type]) => value(name, type));
    return model(graph("test", this, [value("image", "float32", ["N", 3, 8, 8])], values));
  }

  /** As import sees it with these outputs; float32 where no type is given. */
  async summary(
    outputs: readonly (string | readonly [string, string])[],
    asked?: string,
  ): Promise<BackboneSummary> {
    const typed = outputs.map((output) =>
      typeof output === "string" ? ([output, "float32"] as const) : output,
    );
    return (await importProto(this.proto(typed), { output: asked })).summary;
  }
}

function refusal(message: RegExp, details: object = {}) {
  return expect.objectContaining({
    code: "model-unsupported",
    message: expect.stringMatching(message),
    details: expect.objectContaining(details),
  });
}

describe("the class scores are found", () => {
  test("among the classifiers that they are the mean of, which spare nothing and are no exits", async () => {
    const net = new Network();
    const parts = [net.dense(net.pooled, 4, 5), net.dense(net.pooled, 4, 5)];
    const mean = net.add("Mul", [net.add("Add", parts), net.constant(floatTensor("half", [0.5], []))]);
    const { output, readyExits, cutPoints } = await net.summary([mean, ...parts]);
    expect(output.name).toBe(mean);
    expect(readyExits).toEqual([]);
    expect(cutPoints.map(({ tensor }) => tensor)).toContain(net.stem);
  });

  test("on several images beside what has no row for each", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 5);
    const perClass = net.add("Transpose", [logits], { perm: [1, 0] });
    const classes = net.add("Identity", [net.weights([5, 4])]);
    const { output, input } = await net.summary([logits, perClass, classes]);
    expect(output.name).toBe(logits);
    expect(input.dynamicBatch).toBe(true);
  });

  test("beside a label and how sure it is, and the graph keeps nothing else", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 5);
    const probabilities = net.softmax(logits);
    const label = net.add("ArgMax", [probabilities], { axis: 1, keepdims: 0 });
    const sureness = net.add("ReduceMax", [probabilities], { axes: [1], keepdims: 0 });
    const proto = net.proto([
      [label, "int64"],
      [sureness, "float32"],
      [probabilities, "float32"],
    ]);
    const { summary, proto: pruned } = await importProto(proto);
    expect(summary.output).toMatchObject({
      name: probabilities,
      kind: "probabilities",
      logitsTensor: logits,
    });
    expect(pruned.graph.output.map(({ name }) => name)).toEqual([probabilities]);
    expect(pruned.graph.node.map(({ opType }) => opType)).not.toContain("ArgMax");
    expect(summary.nodes.some(({ operator }) => operator === "ReduceMax")).toBe(false);
    expect(summary.input.dynamicBatch).toBe(true);
  });

  test("as logits rather than probabilities of the same, whichever comes first", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 5);
    const softmax = net.softmax(logits);
    for (const outputs of [
      [softmax, logits],
      [logits, softmax],
    ]) {
      const { output, readyExits } = await net.summary(outputs);
      expect(output).toMatchObject({ name: logits, kind: "logits" });
      expect(readyExits).toEqual([]);
    }
  });

  test("beside embeddings, whether the classifier reads them or what they are made of, and feature maps", async () => {
    const net = new Network();
    const embedding = net.dense(net.pooled, 4, 6);
    const length = net.add("ReduceL2", [embedding], { axes: [1], keepdims: 1 });
    const normed = net.add("Div", [embedding, length]);
    const logits = net.dense(embedding, 6, 5);
    for (const other of [embedding, normed, net.pooled, net.block])
      expect((await net.summary([other, logits])).output).toMatchObject({ name: logits, classes: 5 });
  });

  test("beside the best five of them", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 8);
    const [values, indices] = net.topK(logits, 3);
    const { output, otherOutputs } = await net.summary([values, [indices, "int64"], logits]);
    expect(output).toMatchObject({ name: logits, classes: 8 });
    expect(otherOutputs).toEqual([]);
  });

  test("as the only ones with a Softmax", async () => {
    const net = new Network();
    const age = net.dense(net.pooled, 4, 3);
    const softmax = net.softmax(net.dense(net.pooled, 4, 5));
    const { output, otherOutputs } = await net.summary([age, softmax]);
    expect(output.name).toBe(softmax);
    expect(otherOutputs).toEqual([{ name: age, type: "float32", shape: [1, 3] }]);
    expect((await net.summary([age, softmax], age)).otherOutputs.map(({ name }) => name)).toEqual([softmax]);
  });

  test("behind a ZipMap, which goes with its sequence of maps", async () => {
    const net = new Network();
    const softmax = net.softmax(net.dense(net.pooled, 4, 2));
    const zip = node("ZipMap", [softmax], ["named"], { classlabels_int64s: [0, 1] });
    net.nodes.push({ ...zip, domain: "ai.onnx.ml" });
    const tensorType = { elemType: 1 };
    const map = { keyType: 7, valueType: { value: { case: "tensorType" as const, value: tensorType } } };
    const named = create(ValueInfoProtoSchema, {
      name: "named",
      type: {
        value: {
          case: "sequenceType",
          value: { elemType: { value: { case: "mapType", value: map } } },
        },
      },
    });
    const plain = net.proto([]);
    const proto = {
      ...plain,
      opsetImport: [opset(13), opset(1, "ai.onnx.ml")],
      graph: { ...plain.graph, output: [named] },
    };
    const { summary, proto: opened } = await importProto(proto);
    expect(summary.output).toMatchObject({ name: softmax, classes: 2, shape: [1, 2] });
    expect(opened.graph.node.at(-1)!.opType).toBe("Softmax");
    // The map is the same scores, so naming it is no other choice.
    const asked = await importProto(proto, { output: "named" });
    expect(asked.summary.sha256).toBe(summary.sha256);
  });

  test.each([
    [
      "[K]",
      (net: Network, logits: string) => net.add("Reshape", [logits, net.constant(intTensor("s", [-1]))]),
      [5],
    ],
    [
      "[1, 1, K]",
      (net: Network, logits: string) => net.add("Unsqueeze", [logits, net.constant(intTensor("s", [1]))]),
      [1, 1, 5],
    ],
    ["float64", (net: Network, logits: string) => net.add("Cast", [logits], { to: 11 }), [1, 5]],
  ] as const)("in the form %s", async (form, end, shape) => {
    const net = new Network();
    const output = end(net, net.dense(net.pooled, 4, 5));
    const type = form === "float64" ? "float64" : "float32";
    const summary = await net.summary([[output, type]]);
    expect(summary.output).toMatchObject({ name: output, classes: 5, kind: "logits", type, shape });
  });

  test("and an exit whose scores the last ones add to stays an exit", async () => {
    const net = new Network();
    const early = net.dense(net.add("Flatten", [net.add("GlobalAveragePool", [net.stem])]), 4, 5);
    const sum = net.add("Add", [net.dense(net.pooled, 4, 5), early]);
    const { output, readyExits } = await net.summary([early, sum]);
    expect(output.name).toBe(sum);
    expect(readyExits.map((exit) => exit.output)).toEqual([early]);
  });
});

describe("a person is asked", () => {
  test("which of two heads it is; the answer is another backbone, a needless one is not", async () => {
    const net = new Network();
    const [one, other] = [net.dense(net.pooled, 4, 5), net.dense(net.pooled, 4, 3)];
    await expect(net.summary([one, other])).rejects.toEqual(
      refusal(/has 2 outputs that may be its class scores \(.*float32 \[1, 5\], .*float32 \[1, 3\]\)$/, {
        missing: "output",
        candidates: [
          { name: one, type: "float32", shape: [1, 5] },
          { name: other, type: "float32", shape: [1, 3] },
        ],
      }),
    );
    const first = await net.summary([one, other], one);
    const second = await net.summary([one, other], other);
    expect([first.output.classes, second.output.classes]).toEqual([5, 3]);
    expect(first.sha256).not.toBe(second.sha256);
    expect((await net.summary([one], one)).sha256).toBe((await net.summary([one])).sha256);
  });

  test("which of two heads as deep as each other it is, of equally many classes", async () => {
    const net = new Network();
    const heads = [net.dense(net.pooled, 4, 5), net.dense(net.pooled, 4, 5)];
    await expect(net.summary(heads)).rejects.toEqual(refusal(/2 outputs that may be/, { missing: "output" }));
    expect((await net.summary(heads, heads[1])).readyExits).toEqual([]);
  });

  test("whether a lone score or the logits beside it are meant", async () => {
    const net = new Network();
    const doubt = net.add("Sigmoid", [net.dense(net.pooled, 4, 1)]);
    await expect(net.summary([net.dense(net.pooled, 4, 5), doubt])).rejects.toEqual(
      refusal(/2 outputs/, { missing: "output" }),
    );
  });

  test("for the scores that a label is read off, and they are taken from inside", async () => {
    const net = new Network();
    const softmax = net.softmax(net.dense(net.pooled, 4, 5));
    const label = net.add("ArgMax", [softmax], { axis: 1 });
    const outputs = [[label, "int64"]] as const;
    await expect(net.summary(outputs)).rejects.toEqual(
      refusal(
        /gives only its answer \(.*int64 \[1, 1\]\), and exits need the class scores, which it has inside/,
        {
          missing: "output",
          inside: true,
          candidates: [{ name: softmax, type: "float32", shape: [1, 5] }],
        },
      ),
    );
    const { output, input } = await net.summary(outputs, softmax);
    expect(output).toMatchObject({ name: softmax, kind: "probabilities" });
    expect(input.dynamicBatch).toBe(true);
  });

  test("for the scores behind a list of the best, or a yes and no", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 8);
    const [values, indices] = net.topK(logits, 3);
    const candidates = [{ name: logits, type: "float32", shape: [1, 8] }];
    await expect(net.summary([values, [indices, "int64"]])).rejects.toEqual(
      refusal(/only its answer/, { candidates }),
    );
    const score = net.dense(net.pooled, 4, 1);
    const yes = net.add("Greater", [score, net.constant(floatTensor("zero", [0], []))]);
    await expect(net.summary([[yes, "bool"]])).rejects.toEqual(
      refusal(/only its answer/, { candidates: [{ name: score, type: "float32", shape: [1, 1] }] }),
    );
  });

  test("but not for what isn't there or holds no scores", async () => {
    const net = new Network();
    const logits = net.dense(net.pooled, 4, 5);
    await expect(net.summary([logits], "nothing")).rejects.toMatchObject({
      code: "usage",
      message: `net.onnx makes no tensor 'nothing'; its outputs are ${logits}`,
    });
    await expect(net.summary([logits], net.block)).rejects.toEqual(
      refusal(/has no class scores in .*float32 \[1, 4, 8, 8\]; expected float \[1, classes\]/),
    );
  });
});

describe("another task is named", () => {
  const boxes = (net: Network) =>
    net.add("Reshape", [net.conv(net.block, 4, 4), net.constant(intTensor("boxes", [1, 64, 4]))]);

  test.each([
    [
      "boxes, even beside a row of scores",
      "object detection",
      (net: Network) => [boxes(net), net.dense(net.pooled, 4, 64)],
    ],
    [
      "one table of candidates",
      "object detection",
      (net: Network) => [
        net.add("Reshape", [net.conv(net.block, 4, 9), net.constant(intTensor("all", [1, 9, 64]))]),
      ],
    ],
    ["a map of scores", "segmentation", (net: Network) => [net.conv(net.block, 4, 7)]],
  ] as const)("%s", async (_, task, ends) => {
    const net = new Network();
    await expect(net.summary(ends(net))).rejects.toEqual(
      refusal(
        new RegExp(
          `no image classifier: its outputs are .*, which looks like ${task}; expected class scores`,
        ),
      ),
    );
  });

  test("overlapping boxes that are dropped inside", async () => {
    const net = new Network();
    const scores = net.dense(net.pooled, 4, 5);
    const flat = net.add("Unsqueeze", [scores, net.constant(intTensor("axis", [1]))]);
    const corners = net.constant(floatTensor("corners", new Float32Array(20), [1, 5, 4]));
    const kept = net.add("NonMaxSuppression", [corners, flat, net.constant(intTensor("most", [3]))]);
    await expect(net.summary([scores, [kept, "int64"]])).rejects.toEqual(refusal(/object detection/));
  });
});

describe("many outputs", () => {
  test("of as many classes, each from weights of its own, are no exits that anybody made", async () => {
    const net = new Network();
    const heads = Array.from({ length: 103 }, () => net.dense(net.pooled, 4, 5));
    const deep = net.dense(
      net.add("Flatten", [net.add("GlobalAveragePool", [net.residualBlock(net.block, 4)])]),
      4,
      5,
    );
    await expect(net.summary([...heads, deep])).rejects.toEqual(
      refusal(
        /has 103 outputs that look like exits of its own \(gemm\d+, .* and 95 more\), expected up to 100/,
      ),
    );
  });

  test("of many lengths are listed in short", async () => {
    const net = new Network();
    const rows = Array.from({ length: 12 }, (_, at) => net.dense(net.pooled, 4, 5 + at));
    await expect(net.summary(rows)).rejects.toEqual(
      refusal(/has 12 outputs that may be its class scores \(.* and 4 more\)/, { missing: "output" }),
    );
  });
});
