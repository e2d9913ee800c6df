import { describe, expect, it } from "vitest";
import { mixture, type Snapshot } from "./outputs.ts";

function snapshotOf(files: Readonly<Record<string, readonly [inode: number, sha256: string]>>): Snapshot {
  return new Map(Object.entries(files).map(([name, [inode, sha256]]) => [name, { inode, sha256 }]));
}

const old = snapshotOf({ "model.onnx": [1, "a"], "summary.json": [2, "b"] });
const names = ["model.onnx", "summary.json"];

describe("what a killed job left", () => {
  it.each([
    ["all old", { "model.onnx": [1, "a"], "summary.json": [2, "b"] }],
    ["all old, elsewhere on the disk", { "model.onnx": [7, "a"], "summary.json": [8, "b"] }],
    ["all new", { "model.onnx": [3, "c"], "summary.json": [4, "b"] }],
  ] as const)("is sound where it is %s", (_, files) => {
    expect(mixture(snapshotOf(files), old, names)).toBeUndefined();
  });

  it("is a mixture where one file is old and another new", () => {
    const now = snapshotOf({ "model.onnx": [3, "c"], "summary.json": [2, "b"] });
    expect(mixture(now, old, names)).toBe("summary.json are old, the others new");
  });

  it("is incomplete where a file is missing, old or new", () => {
    expect(mixture(snapshotOf({ "model.onnx": [1, "a"] }), old, names)).toBe(
      "model.onnx are old, the others new",
    );
    expect(mixture(snapshotOf({ "model.onnx": [3, "c"] }), old, names)).toBe("summary.json are missing");
    expect(mixture(snapshotOf({}), old, names)).toBe("model.onnx, summary.json are missing");
  });
});
