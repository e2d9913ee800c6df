import { create } from "@bufbuild/protobuf";
import { encodeModel } from "../../../electron/engine/onnx/codec.ts";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  type NodeProto,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from "../../../electron/engine/onnx/gen/onnx_pb.ts";
import { graph, node, opset, value } from "../../../electron/engine/onnx/graph-builder.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import { intTensor } from "../../../electron/engine/onnx/tensors.ts";
import { endless, hungry } from "../../../electron/engine/onnx/testing/hostile-models.ts";
import { residualNet, TestGraph } from "../../../electron/engine/onnx/testing/test-graphs.ts";
import { type FuzzCase, modelCase } from "../fuzz-case.ts";
import { joinBytes, wireKey, wireMessage } from "../wire/wire-fields.ts";

function file(id: string, proto: GraphModel): FuzzCase {
  return modelCase(encodeModel(proto), [id]);
}

/** A residual network that was changed. */
function changed(id: string, change: (proto: GraphModel) => void): FuzzCase {
  const proto = residualNet(2);
  change(proto);
  return file(id, proto);
}

function weight(proto: GraphModel, number: number): void {
  const [tensor] = proto.graph.initializer;
  new DataView(tensor.rawData.buffer, tensor.rawData.byteOffset).setFloat32(0, number, true);
}

function rename(proto: GraphModel, name: (old: string) => string): void {
  const { graph: main } = proto;
  for (const each of main.node) {
    each.name = name(each.name);
    each.input = each.input.map(name);
    each.output = each.output.map(name);
  }
  for (const named of [...main.initializer, ...main.input, ...main.output]) named.name = name(named.name);
}

function external(id: string, location: string): FuzzCase {
  const made = changed(id, ({ graph: { initializer } }) => {
    initializer[0].rawData = new Uint8Array();
    initializer[0].dataLocation = TensorProto_DataLocation.EXTERNAL;
    initializer[0].externalData = [
      create(StringStringEntryProtoSchema, { key: "location", value: location }),
    ];
  });
  made.tree.set("fifo", { kind: "fifo" });
  made.tree.set("out", { kind: "link", target: "../canary.bin" });
  return made;
}

/** So many scores of so many classes beside the scores. */
function manyOutputs(id: string, count: number, repeats: number): FuzzCase {
  return changed(id, ({ graph: main }) => {
    const [scores] = main.output.map(({ name }) => name);
    main.initializer.push(intTensor("repeats", [1, repeats]));
    for (let at = 0; at < count; at++) {
      main.node.push(node("Tile", [scores, "repeats"], [`more${at}`]));
      main.output.push(value(`more${at}`, "float32"));
    }
  });
}

function own(name: string, from: string, to: string): NodeProto {
  return Object.assign(node(name, [from], [to]), { domain: "own" });
}

/** Functions whose attribute's default holds graphs that call the next one. @param fan calls in each */
function defaults(id: string, depth: number, fan: number): FuzzCase {
  return changed(id, (proto) => {
    const [first] = proto.graph.node;
    const made = Array.from({ length: depth }, (_, level) => {
      const next = `f${(level + 1) % depth}`;
      const isLast = depth > 1 && level === depth - 1;
      const nodes = Array.from({ length: fan }, (_, at) =>
        isLast ? node("Relu", ["x"], [`b${at}`]) : own(next, "x", `b${at}`),
      );
      const body = graph("body", { nodes, initializers: [] }, [], [value("b0", "float32")]);
      const choose = node("If", ["yes"], ["y"], { then_branch: body, else_branch: body });
      for (const each of choose.attribute) Object.assign(each, { refAttrName: "body", g: undefined });
      return create(FunctionProtoSchema, {
        name: `f${level}`,
        domain: "own",
        input: ["x"],
        output: ["y"],
        opsetImport: [opset(13), opset(1, "own")],
        node: [
          node("Constant", [], ["one"], { value_int: 1 }),
          node("Equal", ["one", "one"], ["yes"]),
          choose,
        ],
        attributeProto: [
          create(AttributeProtoSchema, { name: "body", type: AttributeProto_AttributeType.GRAPH, g: body }),
        ],
      });
    });
    proto.opsetImport.push(opset(1, "own"));
    proto.functions.push(...made);
    const [to] = first.output;
    first.output = ["before"];
    proto.graph.node.splice(1, 0, own("f0", "before", to));
  });
}

/** Functions that all name their inner tensors alike, each called once. */
function sameNames(id: string, count: number): FuzzCase {
  return changed(id, (proto) => {
    const inner = create(FunctionProtoSchema, {
      name: "same",
      domain: "own",
      input: ["x"],
      output: ["y"],
      opsetImport: [opset(13)],
      node: [node("Relu", ["x"], ["t"]), node("Relu", ["t"], ["y"])],
    });
    proto.opsetImport.push(opset(1, "own"));
    proto.functions.push(inner);
    const [first, ...rest] = proto.graph.node;
    const [to] = first.output;
    first.output = ["c0"];
    const calls = Array.from({ length: count }, (_, at) =>
      own("same", `c${at}`, at === count - 1 ? to : `c${at + 1}`),
    );
    for (const call of calls) call.name = "call";
    proto.graph.node = [first, ...calls, ...rest];
  });
}

/** Elements of so many zeros made by an operator, of which one number is kept. */
function expanded(elements: number): GraphModel {
  const net = new TestGraph();
  const flat = net.add("Flatten", [net.add("GlobalAveragePool", [net.convRelu("image", 3, 4)])]);
  const wide = net.add("Expand", [net.weights([1, 1]), net.constant(intTensor("wide", [1, elements]))]);
  const one = net.add("ReduceMax", [wide]);
  return net.model([net.add("Gemm", [net.add("Add", [flat, one]), net.weights([4, 5])])]);
}

const forgedLine = "\u001b[2K\r\nofframp: all is well \u202e";

/** Models that did harm, small and made here. */
export const knownModels: Readonly<Record<string, () => FuzzCase>> = {
  "endless-loop": () => file("endless-loop", endless()),
  "zeros-of-40-gb": () => file("zeros-of-40-gb", hungry(1e10)),
  "expand-to-20-gb": () => file("expand-to-20-gb", expanded(5e9)),
  "default-calls-itself": () => defaults("default-calls-itself", 1, 1),
  "defaults-7-deep-12-wide": () => defaults("defaults-7-deep-12-wide", 7, 12),
  "same-names-5000": () => sameNames("same-names-5000", 5000),
  "outputs-1000-large": () => manyOutputs("outputs-1000-large", 1000, 20_000),
  "outputs-1500": () => manyOutputs("outputs-1500", 1500, 1),
  "inputs-300000": () =>
    changed("inputs-300000", ({ graph: main }) => {
      for (let at = 0; at < 300_000; at++) main.input.push(value(`spare${at}`, "float32", [1]));
    }),
  "weight-is-nan": () => changed("weight-is-nan", (proto) => weight(proto, Number.NaN)),
  "weight-is-infinite": () =>
    changed("weight-is-infinite", (proto) => weight(proto, Number.POSITIVE_INFINITY)),
  "names-forge-lines": () =>
    changed("names-forge-lines", (proto) =>
      rename(proto, (name) => (name === "" ? "" : `${forgedLine}${name}`)),
    ),
  "operator-forges-line": () =>
    changed("operator-forges-line", ({ graph: { node: nodes } }) => {
      nodes[1].opType = forgedLine;
    }),
  "names-of-100000": () =>
    changed("names-of-100000", ({ graph: { node: nodes } }) => {
      nodes[1].opType = "n".repeat(100_000);
    }),
  "weights-outside": () => external("weights-outside", "../canary.bin"),
  "weights-in-working-folder": () => external("weights-in-working-folder", "canary.bin"),
  "weights-behind-link": () => external("weights-behind-link", "out"),
  "weights-in-pipe": () => external("weights-in-pipe", "fifo"),
  "weights-from-device": () => external("weights-from-device", "/dev/zero"),
  "empty-nodes-1000000": () => {
    const bytes = encodeModel(residualNet(1));
    const empty = wireMessage(1, new Uint8Array());
    const nodes = joinBytes(Array.from({ length: 1_000_000 }, () => empty));
    return modelCase(joinBytes([bytes, wireMessage(7, nodes)]), ["empty-nodes-1000000"]);
  },
  "numbers-20000000": () => {
    const tensor = wireMessage(7, new Uint8Array(20_000_000));
    return modelCase(joinBytes([encodeModel(residualNet(1)), wireMessage(7, wireMessage(5, tensor))]), [
      "numbers-20000000",
    ]);
  },
  "groups-30000-deep": () => {
    const groups = [3, 4].map((type) => joinBytes(Array.from({ length: 30_000 }, () => wireKey(99, type))));
    return modelCase(joinBytes([encodeModel(residualNet(1)), ...groups]), ["groups-30000-deep"]);
  },
};
