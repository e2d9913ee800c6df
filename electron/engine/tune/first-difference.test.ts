import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { assetPath } from "../base/assets.ts";
import { node } from "../onnx/graph-builder.ts";
import { intTensor } from "../onnx/tensors.ts";
import { noise, noiseTensor, type SmallGraph, writeSmall } from "./network/testing/written.ts";
import type { PythonNetwork } from "./network/write-network.ts";
import { encodeWeights } from "./network-weights.ts";
import { encodeReference } from "./reference.ts";
import { noTorch, torchPython } from "./testing/find-torch.ts";

const conv = (name: string, from: string, to: string) =>
  node("Conv", [from, `${name}.weight`, `${name}.bias`], [to], { pads: [1, 1, 1, 1] });

/** Three convolutions in a row; a branch of half the channels between them. */
const small: SmallGraph = {
  nodes: [
    conv("first", "image", "a"),
    node("Relu", ["a"], ["b"]),
    node("Slice", ["b", "from", "to", "axes"], ["half"]),
    conv("second", "half", "c"),
    node("Concat", ["c", "half"], ["d"], { axis: 1 }),
    conv("third", "d", "e"),
    node("GlobalAveragePool", ["e"], ["f"]),
    node("Flatten", ["f"], ["out"]),
  ],
  constants: [
    ...["first", "second", "third"].flatMap((name, at) => [
      noiseTensor(
        `${name}.weight`,
        [
          [4, 4, 3, 3],
          [2, 2, 3, 3],
          [4, 4, 3, 3],
        ][at],
        at + 1,
      ),
      noiseTensor(`${name}.bias`, [[4], [2], [4]][at], at + 7),
    ]),
    intTensor("from", [0]),
    intTensor("to", [2]),
    intTensor("axes", [1]),
  ],
};

/** What train.py says before it trains, when one number of each tensor in turn is wrong, and once when none is. */
const script = `
import json, sys, torch, compare, folder
torch.set_num_threads(1)
said = {}
for wrong in ["", *json.loads(sys.argv[1])]:
    network = folder.load(compare.Network(), "weights.npz")
    if wrong:
        with torch.no_grad():
            network.state_dict()[wrong].view(-1)[-1] += 1
    try:
        compare.compare(network)
        said[wrong] = "same"
    except folder.Refused as refusal:
        said[wrong] = str(refusal)
print(json.dumps(said))
`;

let root: string;
let python: PythonNetwork;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "offramp-difference-"));
  const written = await writeSmall(small);
  python = written.python;
  const [count, dims] = [3, [1, 4, 6, 6]];
  const inputs = noise(count * 144);
  const images = { count, stored: { shape: [count, ...dims.slice(1)], data: inputs }, inputs, dims };
  const network = { ...written, outputs: [{ tensor: "out", name: "out" }] };
  for (const name of ["compare.py", "data.py", "folder.py"])
    copyFileSync(assetPath("tune", name), join(root, name));
  writeFileSync(join(root, "reference.npz"), await encodeReference(network, images, silentJob));
  writeFileSync(join(root, "weights.npz"), encodeWeights(python.weights));
  writeFileSync(join(root, "lines.json"), JSON.stringify(python.lines));
  const recipe = { layout: "NCHW", scale: 1, mean: [0], standardDeviation: [1] };
  writeFileSync(join(root, "recipe.json"), JSON.stringify(recipe));
});

afterAll(() => rmSync(root, { recursive: true }));

function compared(source: string, weights: readonly string[]): Record<string, string> {
  writeFileSync(join(root, "network.py"), source);
  const run = spawnSync(torchPython!, ["-c", script, JSON.stringify(weights)], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

/** The line of network.py that makes a tensor. */
function lineOf(tensor: string): number {
  return python.lines.find((line) => line.tensor === tensor)!.line;
}

test("the layer that a wrong weight belongs to is named, with its line", (context) => {
  context.skip(torchPython === undefined, noTorch);
  const said = compared(
    python.source,
    python.weights.map(({ key }) => key),
  );
  expect(said[""]).toBe("same");
  // The last filter of the first convolution is in the half that nothing reads, so its weight makes no difference.
  expect(said["first.weight"]).toBe("same");
  for (const [key, tensor] of Object.entries({
    "second.weight": "c",
    "second.bias": "c",
    "third.weight": "e",
    "third.bias": "e",
  }))
    expect(said[key]).toMatch(
      new RegExp(
        `^output 1 is \\S+ off the original's, .*layer that differs is ${tensor} \\(network.py, line ${lineOf(tensor)}\\)$`,
      ),
    );
});

test("so is a line that computes something else", (context) => {
  context.skip(torchPython === undefined, noTorch);
  const changes = [
    ["F.relu(x)", "F.elu(x)", "b"],
    ["[:, :2]", "[:, 1:3]", "half"],
    ["padding=1)\n\n", "padding=1, padding_mode='circular')\n\n", "e"],
  ];
  for (const [from, to, tensor] of changes) {
    const source = python.source.replace(from, to);
    expect(source).not.toBe(python.source);
    expect(compared(source, [])[""]).toContain(
      `the first layer that differs is ${tensor} (network.py, line ${lineOf(tensor)})`,
    );
  }
});
