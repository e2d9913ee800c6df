import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentJob } from "../../../../../shared/base/job.ts";
import { TensorProto_DataLocation, TensorProtoSchema } from "../../gen/onnx_pb.ts";
import { graph, model, node, value } from "../../graph-builder.ts";
import type { GraphModel } from "../../graph-model.ts";
import { resolveExternalData } from "./external-data.ts";

let folder: string;
const secret = Buffer.from("secret data!");

beforeAll(async () => {
  const outside = await mkdtemp(join(tmpdir(), "offramp-test-"));
  folder = join(outside, "model");
  await mkdir(join(folder, "sub"), { recursive: true });
  await writeFile(join(outside, "secret.bin"), secret);
  await writeFile(join(folder, "weights.bin"), Buffer.from(Float32Array.of(1, 2, 3, 4).buffer));
  await writeFile(join(folder, "sub", "more.bin"), Buffer.from(Float32Array.of(5).buffer));
  await symlink(join(outside, "secret.bin"), join(folder, "link.bin"));
  await symlink(outside, join(folder, "way-out"));
});

afterAll(() => rm(join(folder, ".."), { recursive: true }));

function external(name: string, dims: readonly number[], fields: Readonly<Record<string, string>>) {
  return create(TensorProtoSchema, {
    name,
    dataType: 1,
    dims: dims.map(BigInt),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(fields).map(([key, entry]) => ({ key, value: entry })),
  });
}

/** @returns what would be hashed */
async function resolve(proto: GraphModel): Promise<Uint8Array[]> {
  const hashed: Uint8Array[] = [];
  const hash = { update: (bytes: Uint8Array) => hashed.push(bytes.slice()) };
  await resolveExternalData(proto, folder, "net.onnx", hash, silentJob);
  return hashed;
}

function holding(...initializers: ReturnType<typeof external>[]): GraphModel {
  const nodes = [node("Add", ["image", "w"], ["b"])];
  return model(
    graph("g", { nodes, initializers }, [value("image", "float32", [1])], [value("b", "float32")]),
  );
}

test("reads a range of a file beside the model, and all of one below it", async () => {
  const proto = holding(external("w", [2], { location: "weights.bin", offset: "4", length: "8" }));
  const inner = graph(
    "body",
    { nodes: [], initializers: [external("v", [1], { location: "sub/more.bin" })] },
    [],
    [],
  );
  proto.graph.node.push(node("If", ["image"], ["c"], { then_branch: inner }));
  const files = await resolve(proto);
  const [w] = proto.graph.initializer;
  expect([...new Float32Array(w.rawData.slice().buffer)]).toEqual([2, 3]);
  expect(w.dataLocation).toBe(TensorProto_DataLocation.DEFAULT);
  expect(w.externalData).toEqual([]);
  expect([...new Float32Array(inner.initializer[0].rawData.slice().buffer)]).toEqual([5]);
  expect(files.map((bytes) => bytes.length)).toEqual([4, 16]);
});

test.each([
  ["a way up", "../secret.bin", "model-invalid", /leads out of the folder/],
  ["a way up in disguise", "sub/../../secret.bin", "model-invalid", /leads out of the folder/],
  ["an absolute path", "/etc/passwd", "model-invalid", /absolute/],
  ["a Windows path", "..\\secret.bin", "model-invalid", /forbidden character/],
  ["a drive", "C:secret.bin", "model-invalid", /forbidden character/],
  ["a cut name", "weights.bin\0.txt", "model-invalid", /forbidden character/],
  ["memory of the process", "*/_ORT_MEM_ADDR_/*", "model-invalid", /forbidden character/],
  ["no path", "", "model-invalid", /no path/],
  ["a linked file", "link.bin", "model-invalid", /is a link/],
  ["a linked folder", "way-out/secret.bin", "model-invalid", /out of the model's folder through a link/],
  ["a folder", "sub", "model-invalid", /not a regular file/],
  ["a missing file", "gone.bin", "file-not-found", /gone\.bin is missing; put it beside the model/],
])("refuses %s", async (_, location, code, message) => {
  const proto = holding(external("w", [3], { location }));
  await expect(resolve(proto)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(proto.graph.initializer[0].rawData.length).toBe(0);
});

test.each([
  ["beyond the end", { offset: "8", length: "12" }, /lies at bytes 8 to 20, but the file has 16/],
  ["shorter than the shape", { length: "4" }, /has 4 bytes, but its shape needs 12/],
  ["negative", { offset: "-4" }, /offset "-4", expected a number of bytes/],
])("refuses a range that is %s", async (_, range, message) => {
  const proto = holding(external("w", [3], { location: "weights.bin", ...range }));
  await expect(resolve(proto)).rejects.toMatchObject({
    code: "model-invalid",
    message: expect.stringMatching(message),
  });
});
