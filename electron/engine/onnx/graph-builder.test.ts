import { expect, it } from "vitest";
import { encodeModel } from "./codec.ts";
import { clampNodes, graph, model, opset, reduceNodes, value } from "./graph-builder.ts";
import { openSession, runtimeTensor } from "./runtime.ts";

async function run(
  fragment: Parameters<typeof graph>[1],
  version: number,
  values: readonly number[],
  dims: readonly number[],
) {
  const made = model(graph("own", fragment, [value("x", "float32", dims)], [value("y", "float32")]));
  const session = await openSession(encodeModel({ ...made, opsetImport: [opset(version)] }), { threads: 1 });
  const { y } = await session.run({ x: runtimeTensor("float32", Float32Array.from(values), dims) });
  await session.release();
  return { values: Array.from(y.data as Float32Array), dims: y.dims };
}

const versions = [7, 8, 10, 11, 12, 13, 17, 18, 21];

it.each(versions)("clamps between two bounds at opset %i", async (version) => {
  const rows = [-3, -1, 0, 0.5, 1, 70];
  const held = await run(clampNodes("x", "y", [-1, 0.5], version), version, rows, [2, 3]);
  expect(held).toEqual({ values: [-1, -1, 0, 0.5, 0.5, 0.5], dims: [2, 3] });
});

it.each(versions)("reduces each row at opset %i", async (version) => {
  const rows = [1, 5, 3, -2, -4, -6];
  const max = await run(reduceNodes("ReduceMax", "x", "y", version), version, rows, [2, 3]);
  expect(max).toEqual({ values: [5, -2], dims: [2] });
  const mean = await run(reduceNodes("ReduceMean", "x", "y", version), version, rows, [2, 3]);
  expect(mean).toEqual({ values: [3, -4], dims: [2] });
});
