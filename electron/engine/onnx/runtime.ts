import type { InferenceSession } from "onnxruntime-node";
import * as ort from "onnxruntime-node";
import { AppError } from "../../../shared/base/errors.ts";
import { systemFailure } from "../../disk/system-failure.ts";
import { threadsHere } from "../base/threads.ts";
import { halfValue } from "./half-float.ts";

/**
 * The one module that touches ONNX Runtime. Sessions are made from bytes, so the runtime never follows a path
 * that a model names.
 */
export type { InferenceSession } from "onnxruntime-node";
export type RuntimeTensor = ort.Tensor;

// ONNX Runtime's own builds report models and machine to their maker, and leave a file per process among the temporary
// ones, unless told otherwise before the first session (onnxruntime 27379). What people open here is nobody's business.
process.env.ORT_DISABLE_TELEMETRY = "1";

settleHalfFloats();

/**
 * Newer Node has a Float16Array, which onnxruntime-node 1.30 makes of half floats and then can't hand to its own native part
 * ("not enough space: expected 2, got 0"). It looks for one when the first tensor is made; where it finds none, half
 * floats are the bits in a Uint16Array, everywhere alike.
 */
function settleHalfFloats(): void {
  const found = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  if (!found) return;
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    new ort.Tensor("float32", Float32Array.of(0), [1]);
  } finally {
    Object.defineProperty(globalThis, "Float16Array", found);
  }
}

export interface SessionOptions {
  /** Intra-operator threads; all cores if absent. */
  readonly threads?: number;
  /** Execution provider, by ONNX Runtime's short name; 'cpu' if absent. */
  readonly provider?: string;
  /** If off, every tensor of the file stays observable. */
  readonly optimise?: boolean;
  /** Writes ONNX Runtime's own operator timings to files with this prefix. */
  readonly profilePrefix?: string;
}

/** ONNX Runtime in this process. */
export const runtimeName = `onnxruntime-node ${ort.env.versions.node ?? ort.env.versions.common}`;

/** Clocks that stand still but for what they count, ms. */
export interface RunClock {
  wallMs(): number;
  /** What the processor spent. */
  processorMs(): number;
}

/** ONNX Runtime in another program, which has providers that Node's lacks. */
export interface FarRuntime {
  readonly name: string;
  readonly providers: readonly string[];
  /** Of its runs alone: the way there and back is no part of a run. */
  readonly clock: RunClock;
  /** What the processor has spent on it in all. */
  allProcessorMs(): number;
  open(bytes: Uint8Array, options: SessionOptions): Promise<InferenceSession>;
}

let far: FarRuntime | undefined;
/** What counts as run though nothing was run here, ms: another program's clock stood still meanwhile. */
let awayMs = 0;

/** From now on another program runs what is opened for a target; all else, such as a model's first run, runs as before. */
export function measureBy(runtime: FarRuntime | undefined): void {
  far = runtime;
}

/** What runs networks that are opened for a target. */
export function measuringRuntime(): Pick<FarRuntime, "name" | "providers"> {
  return far ?? { name: runtimeName, providers: ort.listSupportedBackends().map(({ name }) => name) };
}

const ownClock: RunClock = {
  wallMs: () => performance.now(),
  processorMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** The clock by which runs of networks for a target are timed. */
export function runClock(): RunClock {
  if (!far) return ownClock;
  const { clock } = far;
  return { wallMs: () => clock.wallMs() + awayMs, processorMs: () => clock.processorMs() };
}

/** Waits for what belongs to a run and is done elsewhere, such as another machine's part of it: its time counts as the run's. */
export async function countedAway<Result>(work: Promise<Result>): Promise<Result> {
  const started = performance.now();
  try {
    return await work;
  } finally {
    awayMs += performance.now() - started;
  }
}

/** What the processor has spent on this process and on what runs networks for it, ms. */
export function processorMs(): number {
  return ownClock.processorMs() + (far?.allProcessorMs() ?? 0);
}

/**
 * Opens a model, which runs in this process from then on: whoever made it can stop this process, or fill its memory. So a
 * model that came from a file has passed the door before (`import/admit-model.ts`; `importModel` for a classifier), and
 * `bytes` are what `encodeModel` made of our own reading, never the file's.
 * @throws AppError 'model-unsupported' if ONNX Runtime can't load it, 'out-of-memory'; and so does the session's `run`, for
 *   that a model took one image doesn't mean that it takes the next
 */
export async function openSession(
  bytes: Uint8Array,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  const session = await createSession(bytes, options).catch((cause) => {
    throw runtimeFailure(cause, "loading");
  });
  const run = session.run.bind(session) as (...given: unknown[]) => ReturnType<InferenceSession["run"]>;
  session.run = async (...given: unknown[]) => {
    try {
      return await run(...given);
    } catch (cause) {
      throw runtimeFailure(cause, "running");
    }
  };
  return session;
}

function runtimeFailure(cause: unknown, phase: "loading" | "running"): AppError {
  const { message } = cause as Error;
  if (cause instanceof AppError) return cause;
  return (
    systemFailure(cause) ??
    new AppError(
      "model-unsupported",
      `ONNX Runtime failed while ${phase} the network${phase === "running" ? " on an image" : ""}: ${message}`,
      {},
      { cause },
    )
  );
}

/** Opens a model; what ONNX Runtime says of a failure, then or in a run, is in its own words. */
export async function createSession(
  bytes: Uint8Array,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  if (far && options.provider !== undefined) return far.open(bytes, options);
  return ort.InferenceSession.create(bytes, {
    executionProviders: [options.provider ?? "cpu"],
    intraOpNumThreads: options.threads ?? threadsHere(),
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: options.optimise === false ? "disabled" : "all",
    enableProfiling: options.profilePrefix !== undefined,
    profileFilePrefix: options.profilePrefix,
    logSeverityLevel: 4,
  });
}

/** The numbers of a float tensor; half floats come as bits. */
export function floatValues({ data, type }: ort.Tensor): ArrayLike<number> {
  return type === "float16" ? Float32Array.from(data as Uint16Array, halfValue) : (data as Float32Array);
}

/** A tensor over the caller's own memory, not a copy. */
export function runtimeTensor(
  type: ort.Tensor.Type,
  data: ort.Tensor.DataType,
  dims: readonly number[],
): ort.Tensor {
  return new ort.Tensor(type, data, dims);
}
