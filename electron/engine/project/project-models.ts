import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { BackboneSummary, CutPoint } from "../../../shared/model/backbone.ts";
import type { StageCache } from "../base/cache.ts";
import { type Head, headKey } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { readyHeads } from "../heads/ready-head.ts";
import { type Backbone, imageDims } from "../onnx/backbone.ts";
import { decodeModel } from "../onnx/codec.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { nodeCosts, parameterTotals, type TensorTable } from "../onnx/import/analysis/costs.ts";
import { valueDims, valueType } from "../onnx/import/analysis/image-input.ts";
import { constantTensors } from "../onnx/import/import-model.ts";
import { asPrepared, describePrepared, probePrepared } from "../onnx/import/prepared-model.ts";
import { checkModel } from "../onnx/import/reading/check-model.ts";
import type { ModelIdentity } from "../onnx/model-identity.ts";
import { type ProbeLimits, type ProbeResult, probeModel } from "../onnx/probe/model-probe.ts";
import { firstRun } from "./first-run.ts";
import type { ModelFile } from "./project.ts";
import { projectFault } from "./project-fault.ts";

/** How models out of a project are run for the first time. */
export interface FirstRuns {
  readonly job: Job;
  /** Where is kept what has run already. */
  readonly cache?: StageCache;
  readonly limits?: ProbeLimits;
  /** Of the archive, in which they are; see `memberFolder`. The backbone's if absent. */
  readonly folder?: string;
}

/**
 * A model out of a project, as far as our own reading goes. All that it is lies in the archive.
 * @param name of the entry
 * @throws AppError 'model-invalid', 'model-unsupported', 'file-invalid' if it has external data
 */
export function readProjectModel(bytes: Uint8Array, name: string): GraphModel {
  const proto = decodeModel(bytes, name);
  checkModel(proto, name);
  return proto;
}

/**
 * The backbone, described anew from its graph and its first run. Of what the file says of it only what can't be worked out
 * is taken; where the rest differs in what plans rest on, the project was not made with this model.
 * @throws AppError as `probeModel` does; 'model-unsupported', 'file-invalid'
 */
export async function openBackbone(
  proto: GraphModel,
  identity: ModelIdentity,
  claimed: ModelFile["backbone"],
  { job, cache, limits, folder = "" }: FirstRuns,
): Promise<Backbone> {
  const name = `${folder}backbone.onnx`;
  const prepared = asPrepared(proto, name);
  const run = () => probePrepared(prepared, job, limits);
  const observed = await firstRun({ backbone: identity.sha256 }, run, job, cache);
  const summary = { ...(await describePrepared(prepared, observed, claimed, job)), ...identity };
  for (const [what, of] of restedOn)
    if (of(claimed) !== of(summary))
      throw projectFault(
        `project.json says that ${name} has ${what} ${of(claimed)}, and it has ${of(summary)}`,
      );
  return { summary, proto };
}

type Described = Pick<BackboneSummary, "input" | "output" | "cutPoints">;

/** What plans rest on. */
const restedOn: readonly (readonly [string, (summary: Described) => string])[] = [
  ["an input of", ({ input }) => `${input.channels}x${input.height}x${input.width}`],
  ["classes:", ({ output }) => String(output.classes)],
  [
    "cut points",
    ({ cutPoints }) => cutPoints.map(({ tensor, shape }) => `${tensor} [${shape.slice(1)}]`).join(", "),
  ],
];

/** A head as the archive holds it. */
export interface StoredHead {
  readonly cutPoint: string;
  readonly kind: string;
  readonly model: GraphModel;
}

/**
 * Heads, attached to the backbone and run for the first time together with it, which also tells what they cost.
 * @throws AppError as `probeModel` does; 'file-invalid' naming the head that doesn't fit
 */
export async function openHeads(
  backbone: Backbone,
  stored: readonly StoredHead[],
  { job, cache, limits, folder = "" }: FirstRuns,
): Promise<Head[]> {
  if (stored.length === 0) return [];
  checkPlaces(backbone, stored, folder);
  const heads = stored.map((head) => ({ ...head, macs: 0, bytes: 0 }));
  const exits = heads.map((head, index) => ({ head, output: outputOf(index) }));
  const composite = multiExitModel(backbone, exits, ownLogits(backbone));
  const { summary } = backbone;
  const { name, type, dynamicBatch } = summary.input;
  const image = { name, type, dims: imageDims(summary, 1) as number[], dynamicBatch };
  const run = () =>
    probeModel(composite, image, allHeads(heads, folder), job, limits).catch((error) => {
      throw ofOneHead(error, folder);
    });
  const content = { backbone: summary.sha256, heads: heads.map(headKey) };
  const observed = await firstRun(content, run, job, cache);
  for (const index of heads.keys()) checkAnswers(backbone, index, observed, headEntry(folder, index));
  return withCosts(backbone, heads, composite, observed);
}

/** The name of a head's entry. */
export function headEntry(folder: string, index: number): string {
  return `${folder}heads/${index}.onnx`;
}

/** Which of them is at fault only some failures tell. */
function allHeads({ length }: readonly Head[], folder: string): string {
  const first = headEntry(folder, 0);
  return length === 1 ? first : `${first} to ${headEntry(folder, length - 1)}`;
}

const outputOf = (index: number) => `offramp/head-${index}`;

/** Runtime errors quote the tensor or node at fault, which is named after the head's output. */
function ofOneHead(error: unknown, folder: string): unknown {
  if (!(error instanceof AppError)) return error;
  const index = /offramp\/head-(\d+)\//.exec(error.message)?.[1];
  if (index === undefined) return error;
  const name = headEntry(folder, Number(index));
  return new AppError(error.code, error.message.replace(/^[^:]*/, name), error.details, { cause: error });
}

/** Heads stand at cut points, read what is there, and are of a kind that there is. */
function checkPlaces({ summary }: Backbone, heads: readonly StoredHead[], folder: string): void {
  const cuts = new Map(summary.cutPoints.map((cut) => [cut.tensor, cut]));
  const ready = new Set(summary.readyExits.map(({ output, cutPoint }) => placeKey(cutPoint, output)));
  const known = headKinds.map(({ id }) => id);
  const seen = new Set<string>();
  for (const [index, { cutPoint, kind, model }] of heads.entries()) {
    const name = headEntry(folder, index);
    const cut = cuts.get(cutPoint);
    const key = placeKey(cutPoint, kind);
    if (!cut)
      throw projectFault(`${name} stands at '${cutPoint}', which is no cut point of ${folder}backbone.onnx`);
    if (!known.includes(kind) && !ready.has(key))
      throw projectFault(`${name} is of the kind '${kind}', expected one of ${known.join(", ")}`);
    if (seen.has(key)) throw projectFault(`two heads of the kind '${kind}' stand at '${cutPoint}'`);
    seen.add(key);
    checkForm(model, cut, name);
  }
}

function placeKey(cutPoint: string, kind: string): string {
  return `${cutPoint}\n${kind}`;
}

function checkForm({ graph }: GraphModel, { type, shape }: CutPoint, name: string): void {
  const [input, ...others] = graph.input;
  const found = input && `${valueType(input)} [${valueDims(input)?.slice(1) ?? "unknown shape"}]`;
  const expected = `${type} [${shape.slice(1)}]`;
  if (others.length === 0 && found === expected && graph.output.length === 1) return;
  throw projectFault(
    `${name} reads ${found ?? "nothing"} in ${graph.input.length} inputs and gives ${graph.output.length} outputs, ` +
      `expected the ${expected} of its cut point and one output`,
  );
}

/** Every head gives each image one finite score per class, whatever stands beside it. */
function checkAnswers({ summary }: Backbone, index: number, observed: ProbeResult, name: string): void {
  const output = outputOf(index);
  const { type, dims } = observed.tensors.get(output) ?? { type: "nothing", dims: [] };
  const expected = [1, summary.output.classes];
  if (type !== "float32" || String(dims) !== String(expected))
    throw projectFault(`${name} gives ${type} [${dims}], expected float32 [${expected}]`);
  if (!observed.outputs.get(output)?.flat().every(Number.isFinite))
    throw projectFault(`${name} gives scores that are no finite numbers`);
  if (summary.input.dynamicBatch && !observed.batchedOutputs.includes(output))
    throw projectFault(`${name} mixes up the images of a batch`);
}

/** What heads cost follows from their graphs; of those that came with the model, as when it is imported. */
function withCosts(
  backbone: Backbone,
  heads: readonly Head[],
  composite: GraphModel,
  observed: ProbeResult,
): Head[] {
  const index = indexGraph(composite.graph);
  const tensors: TensorTable = new Map([...constantTensors(index), ...observed.tensors]);
  const costs = nodeCosts(index, tensors);
  const ownNodes = nodesByHead(index, heads);
  const ready = new Map(readyHeads(backbone).map((head) => [placeKey(head.cutPoint, head.kind), head]));
  return heads.map((head, number) => {
    const { macs, bytes } = ready.get(placeKey(head.cutPoint, head.kind)) ?? {
      macs: ownNodes[number].reduce((sum, at) => sum + costs[at].macs, 0),
      bytes: parameterTotals(index, tensors, ownNodes[number]).parameterBytes,
    };
    return { ...head, macs, bytes };
  });
}

/** Numbers of the nodes that make a head's tensors, per head. */
function nodesByHead({ nodes }: GraphIndex, heads: readonly Head[]): number[][] {
  const makers = new Map(
    heads.flatMap(({ model: { graph } }, head) =>
      graph.node.flatMap(({ output }) =>
        output.map((name) => {
          const own = name === graph.output[0].name ? outputOf(head) : `${outputOf(head)}/${name}`;
          return [own, head] as const;
        }),
      ),
    ),
  );
  const found: number[][] = heads.map(() => []);
  for (const [number, { output }] of nodes.entries()) {
    const head = makers.get(output[0]);
    if (head !== undefined) found[head].push(number);
  }
  return found;
}
