import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { GraphModel } from "../graph-model.ts";
import { type ProbeInput, type ProbeLimits, type ProbeResult, probeModel } from "../probe/model-probe.ts";
import { checkModel } from "./reading/check-model.ts";

/** A model from a file that a session may be opened on in this process. */
export interface AdmittedModel {
  /** As we read it; a session gets what `encodeModel` makes of this. */
  readonly proto: GraphModel;
  /** Of its one input. */
  readonly input: string;
  /** What was seen when it ran, whatever the file says. */
  readonly seen: ProbeResult;
}

/**
 * The door that a model from a file passes before it is run in this process: it is checked by our own reading, has no
 * data elsewhere, and has had its first run in a process of its own. A classifier that is to be worked with passes by
 * `importModel`, which does the same and finds its image by itself.
 * @param proto what `decodeModel` made of the file
 * @param where the file's name, for messages
 * @param input what its one input is run on: one image, or what a stage before hands on
 * @throws AppError 'model-invalid', 'model-unsupported', 'model-crashed', 'cancelled'
 */
export async function admitModel(
  proto: GraphModel,
  where: string,
  input: Omit<ProbeInput, "name">,
  job: Job,
  limits?: ProbeLimits,
): Promise<AdmittedModel> {
  checkModel(proto, where);
  await job.pause();
  const name = onlyInput(proto, where);
  const seen = await probeModel(proto, { name, dynamicBatch: false, ...input }, where, job, limits);
  return { proto, input: name, seen };
}

/** @throws AppError 'model-unsupported' if there is none, or more than one */
function onlyInput({ graph }: GraphModel, where: string): string {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  if (inputs.length === 1) return inputs[0].name;
  throw new AppError("model-unsupported", `${where} has ${inputs.length} inputs, expected one`);
}
