import { AppError } from "../../../../shared/base/errors.ts";
import { silentJob } from "../../../../shared/base/job.ts";
import { encodeModel } from "../codec.ts";
import { graph, model, node, value } from "../graph-builder.ts";
import type { GraphModel } from "../graph-model.ts";
import { measuringRuntime, openSession, runtimeName } from "../runtime.ts";
import { probeOutcome } from "./model-probe.ts";

const found = new Map<string, Promise<string | undefined>>();

/**
 * Why nothing runs with an execution provider on this machine, as a clause; undefined if it works. ONNX Runtime lists providers whose
 * libraries or drivers are missing, too, and a driver may take its process with it: so a nearly empty model runs in a process of its
 * own, once for each provider.
 */
export function providerObstacle(provider: string): Promise<string | undefined> {
  // Everything stands on this one, so nothing would run without.
  if (provider === "cpu") return Promise.resolve(undefined);
  const known = found.get(provider) ?? tryProvider(provider);
  found.set(provider, known);
  return known;
}

/** A driver that is loaded the first time compiles its kernels. */
const timeMs = 60_000;

async function tryProvider(provider: string): Promise<string | undefined> {
  const copy = { nodes: [node("Relu", ["in"], ["out"])], initializers: [] };
  const tiny = model(
    graph("tiny", copy, [value("in", "float32", [1, 4])], [value("out", "float32", [1, 4])]),
  );
  if (measuringRuntime().name !== runtimeName) return tryElsewhere(tiny, provider);
  const input = { name: "in", type: "float32", dims: [1, 4], dynamicBatch: false, provider } as const;
  try {
    const { outcome } = await probeOutcome(tiny, input, provider, silentJob, { timeMs });
    if (outcome.kind === "result") return undefined;
    return outcome.kind === "died" ? `its process ${outcome.how}` : providerReason(outcome.message);
  } catch (error) {
    if (error instanceof AppError && error.code === "model-crashed") return error.message;
    throw error;
  }
}

/** Of a runtime in another program, which a driver can't take with it. */
async function tryElsewhere(tiny: GraphModel, provider: string): Promise<string | undefined> {
  try {
    await (await openSession(encodeModel(tiny), { provider })).release();
    return undefined;
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error;
    return providerReason(message);
  }
}

/** The reason in what ONNX Runtime says of a provider that can't start: behind the place in its source, for people. */
export function providerReason(message: string): string {
  if (message.includes("Failed to load shared library"))
    return "its library isn't among ONNX Runtime's files";
  const [last] = message
    .trim()
    .split(/\n|\. /)
    .slice(-1);
  return last.replace(/^\w+: /, "");
}
