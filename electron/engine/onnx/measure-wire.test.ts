import { toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { decodeModel, encodeModel } from "./codec.ts";
import { AttributeProtoSchema, GraphProtoSchema, NodeProtoSchema, TensorProtoSchema } from "./gen/onnx_pb.ts";
import type { GraphModel } from "./graph-model.ts";
import { measureWire, type WireFault, type WireLimits } from "./measure-wire.ts";
import { residualNet } from "./testing/test-graphs.ts";

const unlimited: WireLimits = { decodedBytes: Number.POSITIVE_INFINITY, counts: {} };

type Schema = Parameters<typeof measureWire>[0];

function measure(schema: Schema, bytes: readonly number[], limits = unlimited) {
  return measureWire(schema, Uint8Array.from(bytes), limits, (fault) => {
    throw fault;
  });
}

function faultOf(schema: Schema, bytes: readonly number[], limits = unlimited) {
  try {
    measure(schema, bytes, limits);
  } catch (fault) {
    return (fault as WireFault).kind;
  }
  return undefined;
}

/** A record: a field's number, and bytes with their length before them. */
function record(field: number, ...bytes: readonly number[]): number[] {
  return [(field << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

test("messages are counted by their kind, and values of lists by their field, packed or not", () => {
  const node = record(1, ...record(1, 97), ...record(1, 98), ...record(2, 99));
  const { count } = measure(GraphProtoSchema, [...node, ...node]);
  expect(
    ["GraphProto", "NodeProto", "NodeProto.input", "NodeProto.output", "TensorProto"].map(count),
  ).toEqual([1, 2, 4, 2, 0]);
  // int64_data: 1, 300, 2 in one record, and 5 in one of its own
  const tensor = [...record(7, 1, 0xac, 0x02, 2), 7 << 3, 5];
  expect(measure(TensorProtoSchema, tensor).count("TensorProto.int64_data")).toBe(4);
  // float_data: two numbers of four bytes
  const floats = record(4, 0, 0, 128, 63, 0, 0, 0, 64);
  expect(measure(TensorProtoSchema, floats).count("TensorProto.float_data")).toBe(2);
});

test("memory is worked out by what is made of the bytes", () => {
  // 88 and 8 for each of 8 fields and 24 for each of 3 lists
  expect(measure(NodeProtoSchema, []).decodedBytes).toBe(88 + 64 + 72);
  // 64 and two a byte, its length among them
  expect(measure(NodeProtoSchema, record(1, 97, 98)).decodedBytes).toBe(224 + 64 + 2 * 3);
  const empty = measure(AttributeProtoSchema, []).decodedBytes;
  expect(measure(AttributeProtoSchema, record(8, 1, 2, 3)).decodedBytes).toBe(empty + 3 * 48);
});

const faults: [name: string, schema: Schema, bytes: readonly number[]][] = [
  ["text where a message stands", GraphProtoSchema, record(1, 97, 98)],
  ["a message that leads out of the one around it", GraphProtoSchema, [...record(1, 0x0a, 5), 1, 2, 3, 4, 5]],
  ["a length beyond the end", GraphProtoSchema, [0x0a, 9, 0x0a]],
  ["a length of four gigabytes", GraphProtoSchema, [0x0a, 255, 255, 255, 255, 15]],
  ["a number for a name", NodeProtoSchema, [3 << 3, 1]],
  ["a group", GraphProtoSchema, [(1 << 3) | 3, (1 << 3) | 4]],
  ["an unknown group", GraphProtoSchema, [0x9b, 6, 0x9c, 6]],
  ["a field without number", GraphProtoSchema, [2, 0]],
  ["a number of eleven bytes", TensorProtoSchema, [2 << 3, ...Array(10).fill(128), 1]],
  ["a number that doesn't end", TensorProtoSchema, record(7, 1, 128)],
  ["half a float", TensorProtoSchema, record(4, 0, 0, 128, 63, 0, 0)],
  ["a tag without value", NodeProtoSchema, [0x0a]],
];

test.each(faults)("%s is no protobuf of ours", (_, schema, bytes) => {
  expect(faultOf(schema, bytes)).toBe("malformed");
});

test("unknown fields pass in any form but groups", () => {
  const tag = (wireType: number) => varint((100 << 3) | wireType);
  const values = [
    ...tag(0),
    255,
    1,
    ...tag(1),
    ...Array(8).fill(7),
    ...tag(2),
    2,
    1,
    2,
    ...tag(5),
    1,
    2,
    3,
    4,
  ];
  expect(measure(GraphProtoSchema, values).decodedBytes).toBe(
    measure(GraphProtoSchema, []).decodedBytes + 4 * 192,
  );
});

test("what passes a limit is refused, and what reaches it isn't", () => {
  const three = [...record(1), ...record(1), ...record(1)];
  const counts = (most: number) => ({ ...unlimited, counts: { NodeProto: most } });
  expect(faultOf(GraphProtoSchema, three, counts(3))).toBeUndefined();
  expect(faultOf(GraphProtoSchema, three, counts(2))).toBe("many");
  const { decodedBytes } = measure(GraphProtoSchema, three);
  expect(faultOf(GraphProtoSchema, three, { counts: {}, decodedBytes })).toBeUndefined();
  expect(faultOf(GraphProtoSchema, three, { counts: {}, decodedBytes: decodedBytes - 1 })).toBe("large");
});

test("messages may nest a hundred deep, as deep as they are decoded", () => {
  // graph in attribute in node in graph: three more each time
  let graph: number[] = [];
  for (let depth = 1; depth + 3 <= 100; depth += 3) graph = record(1, ...record(5, ...record(6, ...graph)));
  expect(faultOf(GraphProtoSchema, graph)).toBeUndefined();
  expect(faultOf(GraphProtoSchema, record(1, ...record(5, ...record(6, ...graph))))).toBe("nested");
});

/** A model with more bytes in its graph: messages of one field are merged. */
function withGraph(...bytes: Uint8Array[]): Uint8Array {
  const inside = Buffer.concat(bytes);
  return Buffer.concat([encodeModel(residualNet(1)), Uint8Array.of(0x3a, ...varint(inside.length)), inside]);
}

test("many parts, or small ones, are refused in a line before they are made", () => {
  const refusal = (bytes: Uint8Array) => () => decodeModel(bytes, "net.onnx");
  const nodes = Buffer.from(Uint8Array.of(0x0a, 0)).toString("latin1").repeat(100_001);
  expect(refusal(withGraph(Buffer.from(nodes, "latin1")))).toThrow(
    "net.onnx can't be used: it holds more than 100000 operators",
  );
  // An initializer whose int64_data holds twenty million numbers of a byte: 960 MB where 630 may be taken.
  const numbers = 20_000_000;
  const tensor = Buffer.concat([Uint8Array.of((7 << 3) | 2, ...varint(numbers)), Buffer.alloc(numbers, 1)]);
  const initializer = Buffer.concat([Uint8Array.of((5 << 3) | 2, ...varint(tensor.length)), tensor]);
  expect(refusal(withGraph(initializer))).toThrow(
    /net\.onnx can't be used: it would take many times its size/,
  );
});

test("a model of our own is no more than it says", () => {
  const proto: GraphModel = residualNet(2);
  const bytes = encodeModel(proto);
  expect(decodeModel(bytes, "net.onnx").graph.node).toHaveLength(proto.graph.node.length);
  const { count } = measureWire(
    GraphProtoSchema,
    toBinary(GraphProtoSchema, proto.graph),
    unlimited,
    (fault) => {
      throw fault;
    },
  );
  expect(count("NodeProto")).toBe(proto.graph.node.length);
  expect(count("TensorProto")).toBe(proto.graph.initializer.length);
});
