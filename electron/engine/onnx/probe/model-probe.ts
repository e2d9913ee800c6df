import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { platform } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import pidusage from "pidusage";
import { AppError, assertNever } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { speaksOfMemory } from "../../../disk/system-failure.ts";
import { encodeModel } from "../codec.ts";
import { type ModelProto, ModelProtoSchema } from "../gen/onnx_pb.ts";
import { tensorsRead } from "../graph-index.ts";
import type { GraphModel } from "../graph-model.ts";
import { allCopies } from "../subgraph-copies.ts";
import { elementCount } from "../tensors.ts";
import { valueDependence } from "../value-dependence.ts";
import { forkedProbe } from "./forked-probe.ts";
import type {
  ProbeChild,
  ProbeInput,
  ProbeLauncher,
  ProbeListener,
  ProbeMessage,
  ProbePhase,
  ProbeRequest,
  ProbeResult,
} from "./model-probe-protocol.ts";

export type { ObservedTensor, ProbeInput, ProbeResult } from "./model-probe-protocol.ts";

export interface ProbeLimits {
  /** Resident memory of the child; 60 % of the machine's, at most 6 GB, if absent. */
  readonly memoryBytes?: number;
  /** 20 s and a second per 10 MB of model if absent. */
  readonly timeMs?: number;
}

/** What a model may read at once: some 25 times an image of 1024x1024. */
const maxInputNumbers = 8e7;

/** How often the child's memory is looked at. */
const watchIntervalMs = 100;

/** The child ends itself a little above the limits, so that it is rather ended from here, in words. */
const guardMargin = 1.1;

/** The image input as the model declares it, with its dims at batch 1, further ones, and what to look at on two images. */
export type DeclaredInput = ProbeInput &
  Pick<ProbeRequest, "dynamicBatch"> &
  Partial<Pick<ProbeRequest, "further" | "shapeTensors" | "shapedTensors" | "provider">>;

/**
 * Runs a checked model in a process of its own, which may die: once unoptimised with every tensor observed, once
 * optimised as it will run later, and once on two images if it says that it takes several.
 * @param where the file's name, for messages
 * @returns type and shape of every tensor at batch 1, the small outputs' values on two random images, and whether
 *   the batch really is open
 * @throws AppError 'model-unsupported' if ONNX Runtime refuses it, or input or outputs are too large, 'model-crashed' if the process dies or goes
 *   over a limit, 'cancelled'
 */
export async function probeModel(
  model: GraphModel,
  input: DeclaredInput,
  where: string,
  job: Job,
  limits: ProbeLimits = {},
): Promise<ProbeResult> {
  const { outcome, phase } = await probeOutcome(model, input, where, job, limits);
  return settle(outcome, phase, where);
}

/**
 * The same, with whatever becomes of the child as a result.
 * @throws AppError 'model-unsupported' if the inputs are too large, 'model-crashed' if it goes over a limit, 'cancelled'
 */
export async function probeOutcome(
  model: GraphModel,
  { dynamicBatch, further = [], shapeTensors = [], shapedTensors = [], provider, ...input }: DeclaredInput,
  where: string,
  job: Job,
  limits: ProbeLimits = {},
): Promise<Ended> {
  for (const { dims } of [input, ...further])
    if (!(elementCount(dims) <= maxInputNumbers))
      throw new AppError(
        "model-unsupported",
        `${where} reads [${dims.join(", ")}] at once, expected at most ${maxInputNumbers} numbers`,
      );
  const bytes = encodeModel(model);
  const observers = encodeModel(observersOf(model));
  const copies = encodeModel(copiesOf(model));
  const { memoryBytes = Math.min(0.6 * totalmem(), 6e9), timeMs = 20_000 + bytes.length / 1e4 } = limits;
  const request: ProbeRequest = {
    input,
    further,
    dynamicBatch,
    provider,
    modelBytes: bytes.length,
    observedBytes: bytes.length + observers.length,
    mustSeeBranches: valueDependence(model.graph).choosesBranches,
    outputs: model.graph.output.map((output) => output.name),
    shapeTensors,
    shapedTensors,
    seeds: [1, 2],
    limits: { memoryBytes: guardMargin * memoryBytes, timeMs: guardMargin * timeMs },
  };
  return runChild([bytes, observers, copies], request, where, job, { memoryBytes, timeMs });
}

let launch: ProbeLauncher = forkedProbe;

/** Has children started another way from now on: a packaged app can't fork its own binary. */
export function useProbeLauncher(launcher: ProbeLauncher): void {
  launch = launcher;
}

async function runChild(
  model: readonly Uint8Array[],
  request: ProbeRequest,
  where: string,
  job: Job,
  limits: Required<ProbeLimits>,
): Promise<Ended> {
  const { watched, listener } = follow();
  const child = await launch(model, listener);
  try {
    child.send(request);
    return await watch(child, watched, where, job, limits);
  } finally {
    await child.end();
  }
}

/**
 * A model that holds only the outputs that the given one lacks, without types, for ONNX Runtime infers them.
 * Protobuf messages merge when their bytes are joined, so the two need not be encoded as one.
 */
function observersOf({ graph }: GraphModel): ModelProto {
  const known = new Set([...graph.input, ...graph.output].map((value) => value.name));
  const read = new Set(graph.node.flatMap(tensorsRead));
  const names = graph.node
    .flatMap((node) => node.output)
    .filter((name) => read.has(name) && !known.has(name));
  return create(ModelProtoSchema, { graph: { output: names.map((name) => ({ name })) } });
}

/** What is in branches and loops, once more as nodes beside them with their results as outputs; as above. */
function copiesOf(model: GraphModel): ModelProto {
  const copies = allCopies(model.graph.node);
  const node = copies.flatMap(({ nodes }) => nodes);
  const initializer = copies.flatMap(({ initializers }) => initializers);
  const output = node.flatMap((item) => item.output.filter((name) => name !== "").map((name) => ({ name })));
  return create(ModelProtoSchema, { graph: { node, initializer, output } });
}

/** How a child ended by itself, and what it was doing. */
export interface Ended {
  readonly outcome: Outcome;
  readonly phase: ProbePhase;
}

/** Follows the child until it has a result, fails, dies, or has to be stopped. */
async function watch(
  child: ProbeChild,
  watched: Watched,
  where: string,
  job: Job,
  limits: Required<ProbeLimits>,
): Promise<Ended> {
  const deadline = performance.now() + limits.timeMs;
  for (;;) {
    const { outcome, phase } = watched;
    const isLate = performance.now() > deadline;
    // Killed where not by us: by its own guard, or by the system, which is out of memory.
    const isKilled = outcome?.kind === "died" && outcome.how.startsWith("was killed");
    if (outcome && !isKilled) return { outcome, phase };
    if (isLate)
      throw crashed(
        where,
        `took more than ${Math.round(limits.timeMs / 1000)} s`,
        phase,
        "try a smaller input or model",
      );
    if (isKilled || (await residentBytes(child)) > limits.memoryBytes)
      throw crashed(
        where,
        `needed more than ${gigabytes(limits.memoryBytes)} GB of memory${isKilled ? ", or than the machine has" : ""}`,
        phase,
        "it can't be used on this machine",
      );
    await job.pause();
    await Promise.race([watched.ended, delay(watchIntervalMs)]);
  }
}

type Outcome = Exclude<ProbeMessage, { kind: "phase" }> | { readonly kind: "died"; readonly how: string };

interface Watched {
  phase: ProbePhase;
  outcome?: Outcome;
  readonly ended: Promise<void>;
}

/** Keeps what the child last said; `ended` resolves once there is an outcome. */
function follow(): { readonly watched: Watched; readonly listener: ProbeListener } {
  let finish = () => {};
  const watched: Watched = {
    phase: "reading the model",
    ended: new Promise((resolve) => (finish = resolve)),
  };
  const settleOnce = (outcome: Outcome) => {
    watched.outcome ??= outcome;
    finish();
  };
  const listener: ProbeListener = {
    said: (message) => {
      if (message.kind === "phase") watched.phase = message.phase;
      else settleOnce(message);
    },
    died: (how) => settleOnce({ kind: "died", how }),
  };
  return { watched, listener };
}

function settle(outcome: Outcome, phase: ProbePhase, where: string): ProbeResult {
  switch (outcome.kind) {
    case "result":
      return outcome.result;
    case "died":
      throw crashed(where, outcome.how, phase, adviceAfter(phase));
    case "refused":
      throw new AppError("model-unsupported", `${where} can't be used: ${outcome.message}`);
    case "failed":
      if (speaksOfMemory(outcome.message))
        throw crashed(where, "ran out of memory", phase, "it can't be used on this machine");
      throw new AppError(
        "model-unsupported",
        `${where}: ONNX Runtime failed while ${phase}: ${outcome.message}`,
      );
    default:
      return assertNever(outcome);
  }
}

/** What to do about a process that ended: until it has read the model, the model has no part in it. */
function adviceAfter(phase: ProbePhase): string {
  return phase === "reading the model"
    ? "close other programs and try again, or install Offramp again"
    : "the file may be damaged";
}

function crashed(where: string, how: string, phase: ProbePhase, advice: string): AppError {
  return new AppError("model-crashed", `${where}: ONNX Runtime's process ${how} while ${phase}; ${advice}`, {
    phase,
  });
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** 0 once the process is gone. On Linux pidusage would start a shell, and complain aloud where it can't. */
async function residentBytes({ pid }: ProbeChild): Promise<number> {
  if (pid === undefined) return 0;
  const bytes =
    platform === "linux"
      ? readFile(`/proc/${pid}/status`, "latin1").then(residentIn)
      : pidusage(pid).then(({ memory }) => memory);
  return bytes.catch(() => 0);
}

function residentIn(status: string): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
