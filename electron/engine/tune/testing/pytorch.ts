import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeNpz } from "../../base/npz.ts";
import { encodeModel } from "../../onnx/codec.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import { floatValues, openSession } from "../../onnx/runtime.ts";
import type { PythonNetwork } from "../network/write-network.ts";
import { encodeWeights } from "../network-weights.ts";
import { feedOf } from "../observe-tensors.ts";
import { torchPython } from "./find-torch.ts";

/** A module and the graph that it has to compute the same as. */
export interface Compared {
  readonly proto: GraphModel;
  readonly python: PythonNetwork;
  /** Names of the graph's tensors that the module returns. */
  readonly outputs: readonly string[];
  /** Other weights than the module was written with, as training gives them. */
  readonly weights?: Uint8Array;
  /** Images as the graph reads them. */
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/**
 * For tests: by name how far a module's outputs are off what ONNX Runtime gives, as a part of the largest number; in words
 * why it can't be said.
 */
export async function compareInPytorch(
  networks: ReadonlyMap<string, Compared>,
): Promise<Readonly<Record<string, number | string>>> {
  const root = mkdtempSync(join(tmpdir(), "offramp-pytorch-"));
  try {
    const folders = [...networks.keys()].map((name) => join(root, name));
    for (const [name, network] of networks) await writeCase(join(root, name), network);
    const script = fileURLToPath(new URL("compare-networks.py", import.meta.url));
    const run = spawnSync(torchPython!, [script, ...folders], {
      encoding: "utf8",
      env: { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Record<string, number | string>;
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function writeCase(folder: string, network: Compared): Promise<void> {
  const { proto, python, outputs, values, dims, weights = encodeWeights(python.weights) } = network;
  mkdirSync(folder);
  writeFileSync(join(folder, "network.py"), python.source);
  writeFileSync(join(folder, "weights.npz"), weights);
  const session = await openSession(encodeModel(proto), { threads: 1 });
  try {
    const results = await session.run(feedOf(proto, { values, dims }));
    const expected = outputs.map((name, index) => {
      const { dims: shape } = results[name];
      return [`output-${index}`, { shape, data: Float32Array.from(floatValues(results[name])) }] as const;
    });
    const image = { shape: dims, data: values };
    writeFileSync(join(folder, "expected.npz"), encodeNpz({ image, ...Object.fromEntries(expected) }));
  } finally {
    await session.release();
  }
}
