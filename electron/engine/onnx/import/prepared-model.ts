import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { BackboneSummary } from "../../../../shared/model/backbone.ts";
import { defaultOpset } from "../backbone.ts";
import { indexGraph, nodesBehind } from "../graph-index.ts";
import type { GraphModel } from "../graph-model.ts";
import type { ModelIdentity } from "../model-identity.ts";
import { type ProbeLimits, type ProbeResult, probeModel } from "../probe/model-probe.ts";
import { nodeCosts } from "./analysis/costs.ts";
import { type DeclaredImage, describeImage, findImageInput } from "./analysis/image-input.ts";
import { chooseOutputs } from "./choose-outputs.ts";
import { describeBackbone } from "./describe-backbone.ts";
import { answersOf, observedTensors } from "./import-model.ts";
import { checkFinite, derivedWarnings } from "./import-warnings.ts";
import { dequantisedMaps, roundsByBatch } from "./rewrite/quantised-maps.ts";
import { imageAmong } from "./rewrite/spare-inputs.ts";

/** What only the file knows that a prepared model was imported from. */
export type ModelOrigin = Pick<
  BackboneSummary,
  "name" | "fileSha256" | "irVersion" | "otherOutputs" | "warnings"
>;

/** A graph in the form that import gives, see `importModel`, which has not been run yet. */
export interface PreparedModel {
  readonly proto: GraphModel;
  readonly where: string;
  readonly image: DeclaredImage;
}

/**
 * Takes a checked graph for one that import has prepared.
 * @param where the file's name, for messages
 * @throws AppError 'model-unsupported' if import gives no such graphs
 */
export function asPrepared(proto: GraphModel, where: string): PreparedModel {
  const { graph } = proto;
  const image = findImageInput(imageAmong(graph, where), indexGraph(graph), where);
  if (graph.input.length > 1 || image.isSizeOpen || (image.batch ?? 1) > 1)
    throw new AppError(
      "model-unsupported",
      `${where} is no model as Offramp keeps it: expected one image of fixed size as its only input; open the ` +
        "model that it was made from",
    );
  return { proto, where, image };
}

/** Runs it for the first time, as `probeModel` does. */
export function probePrepared(
  { proto, where, image }: PreparedModel,
  job: Job,
  limits?: ProbeLimits,
): Promise<ProbeResult> {
  const { name, type, dims, batch } = image;
  return probeModel(proto, { name, type, dims, dynamicBatch: batch !== 1 }, where, job, limits);
}

/**
 * What there is to know of a prepared model, worked out from its graph and from what was observed when it ran, by the
 * same functions as at import; so a summary that was saved beside it need not be believed.
 * @throws AppError 'model-unsupported' if it is no classifier that import would give, 'cancelled'
 */
export async function describePrepared(
  { proto, where, image }: PreparedModel,
  probe: ProbeResult,
  origin: ModelOrigin,
  job: Job,
): Promise<Omit<BackboneSummary, keyof ModelIdentity>> {
  const { graph } = proto;
  const index = indexGraph(graph);
  const seen = new Map([...probe.tensors, ...dequantisedMaps(graph, probe.tensors)]);
  const observed = observedTensors(index, image, seen);
  const costs = nodeCosts(index, observed);
  const run = { index, tensors: observed, costs, opset: defaultOpset(proto), where };
  const given = graph.output.map(({ name }) => name);
  const scores = await chooseOutputs(run, { given, asked: deepestOutput(run, given) }, job);
  if (scores.exits.length + 1 !== given.length)
    throw new AppError(
      "model-unsupported",
      `${where} is no model as Offramp keeps it: of its ${given.length} outputs ${scores.exits.length + 1} hold the ` +
        "scores of its classes; open the model that it was made from",
    );
  for (const name of given) checkFinite(graph, name, answersOf(probe, name, where), where);
  const takesSeveral = image.batch !== 1 && given.every((name) => probe.batchedOutputs.includes(name));
  const dynamicBatch = takesSeveral && !roundsByBatch(graph);
  const input = { ...describeImage(image, index, observed, where), dynamicBatch };
  const { name, fileSha256, irVersion, otherOutputs } = origin;
  const model = { name, where, proto, irVersion };
  const warnings = origin.warnings.filter(({ code }) => !derivedWarnings.includes(code));
  const described = describeBackbone(
    { model, fileSha256, input, scores, tensors: observed, warnings },
    probe,
  );
  return { ...described, otherOutputs };
}

/** Ready exits have less of the network behind them than the backbone's own scores. */
function deepestOutput(
  { index, costs }: Pick<Parameters<typeof chooseOutputs>[0], "index" | "costs">,
  given: readonly string[],
): string {
  const macs = given.map((name) =>
    nodesBehind(index, name).reduce((sum, number) => sum + costs[number].macs, 0),
  );
  return given[macs.reduce((best, own, at) => (own > macs[best] ? at : best), 0)];
}
