import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { GraphModel } from "../graph-model.ts";
import { type ProbeInput, type ProbeLimits, type ProbeResult, probeModel } from "../probe/model-probe.ts";
import { checkModel } from "./reading/check-model.ts";

/** A model from a file that a session may be opened on in this process. */
export interface AdmittedModel {
  /** As we read it; a session gets what `encodeModel` makes of this. */
  readonly proto: GraphModel;
  /** The names of its inputs, in their order. */
  readonly inputs: readonly string[];
  /** What was seen when it ran, whatever the file says. */
  readonly seen: ProbeResult;
}

/**
 * The door that a model from a file passes before it is run in this process: it is checked by our own reading, has no
 * data elsewhere, and has had its first run in a process of its own. A classifier that is to be worked with passes by
 * `importModel`, which does the same and finds its image by itself.
 * @param proto what `decodeModel` made of the file
 * @param where the file's name, for messages
 * @param inputs what each of its inputs is run on: one image, or what a stage before hands on
 * @throws AppError 'model-invalid', 'model-unsupported', 'model-crashed', 'cancelled'
 */
export async function admitModel(
  proto: GraphModel,
  where: string,
  inputs: readonly Omit<ProbeInput, "name">[],
  job: Job,
  limits?: ProbeLimits,
): Promise<AdmittedModel> {
  checkModel(proto, where);
  await job.pause();
  const names = inputNames(proto, inputs.length, where);
  const [input, ...further] = inputs.map((each, index) => ({ ...each, name: names[index] }));
  const seen = await probeModel(proto, { ...input, further, dynamicBatch: false }, where, job, limits);
  return { proto, inputs: names, seen };
}

/** @throws AppError 'model-unsupported' if there are more or fewer */
function inputNames({ graph }: GraphModel, count: number, where: string): string[] {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  if (inputs.length === count) return inputs.map(({ name }) => name);
  throw new AppError(
    "model-unsupported",
    `${where} has ${inputs.length} inputs, expected ${count === 1 ? "one" : count}`,
  );
}
