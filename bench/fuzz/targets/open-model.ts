import { importModel } from "../../../electron/engine/index.ts";
import { encodeModel } from "../../../electron/engine/onnx/codec.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import { modelIdentity } from "../../../electron/engine/onnx/model-identity.ts";
import type { ProbeLimits } from "../../../electron/engine/onnx/probe/model-probe.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import { expectSame, expectTrue, type Nonsense, strangeNumbers } from "./nonsense.ts";

/** Short, so that a minute has many cases; a model that needs longer is refused in the same words. */
export const childLimits: ProbeLimits = { timeMs: 6000, memoryBytes: 1.5e9 };

export async function openModel(path: string, job: Job): Promise<Nonsense> {
  const { summary, proto } = await importModel(path, { limits: childLimits }, job);
  const { sha256 } = modelIdentity(proto);
  return [...modelNonsense(summary, proto), ...expectSame(sha256, summary.sha256, "the model's hash")];
}

/** What a model and its description have to agree in. */
export function modelNonsense(summary: BackboneSummary, proto: GraphModel): Nonsense {
  const { graph } = proto;
  const made = new Set([...graph.input, ...graph.initializer].map(({ name }) => name));
  for (const node of graph.node) for (const name of node.output) made.add(name);
  const nodes = new Set(summary.nodes.map(({ name }) => name));
  const shares = summary.cutPoints.map(({ macsShare }) => macsShare);
  return [
    ...strangeNumbers(summary, "summary"),
    ...summary.cutPoints.flatMap(({ tensor, boundary, node, index }, at) => [
      ...expectTrue(made.has(tensor) && made.has(boundary), `cut point ${at} is not in the graph`),
      ...expectTrue(nodes.has(node), `cut point ${at} is behind no node`),
      ...expectSame(index, at, `the number of cut point ${at}`),
    ]),
    ...expectTrue(
      shares.every((share, at) => share >= 0 && share <= 1 && share >= (shares[at - 1] ?? 0)),
      "cut points are not in order",
    ),
    ...expectTrue(summary.output.classes >= 2, `there are ${summary.output.classes} classes`),
    ...expectSame(
      graph.input.map(({ name }) => name),
      [summary.input.name],
      "the graph's input",
    ),
    ...expectTrue(made.has(summary.output.name), "the output is not in the graph"),
    ...expectTrue(encodeModel(proto).length > 0, "the graph can't be written"),
  ];
}
