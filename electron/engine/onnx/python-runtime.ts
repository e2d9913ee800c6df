import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { boundMessage } from "../../../shared/base/plain-text.ts";
import { assetPath } from "../base/assets.ts";
import {
  type FarRuntime,
  type InferenceSession,
  type RuntimeTensor,
  runtimeTensor,
  type SessionOptions,
} from "./runtime.ts";

/** What a Python says of its ONNX Runtime. */
const factsSchema = z.object({ name: z.string().max(200), providers: z.array(z.string().max(64)).max(64) });
const openedSchema = z.object({ inputs: z.array(z.string()), outputs: z.array(z.string()) });
const ranSchema = z.object({
  tensors: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      dims: z.array(z.number().int().nonnegative()),
      bytes: z.number().int().nonnegative(),
    }),
  ),
  wallMs: z.number().nonnegative(),
  processorMs: z.number().nonnegative(),
});
const headSchema = z.looseObject({
  error: z.string().optional(),
  allProcessorMs: z.number().nonnegative(),
  bytes: z.number().int().nonnegative(),
});

/** Arrays of the element types that NumPy and ONNX Runtime name alike; half floats are bits here. */
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** A Python that runs networks; whoever started it ends it. */
export interface PythonRuntime extends FarRuntime {
  end(): void;
}

/** How long Python and its libraries may take to load, from a slow card too. */
const startMs = 120_000;

/**
 * Starts a Python that has `onnxruntime`.
 * @param program such as python3
 * @param memoryBytes that it may take before it ends itself
 * @throws AppError 'usage' if it can't be started or lacks onnxruntime
 */
export async function startPython(program: string, memoryBytes: number): Promise<PythonRuntime> {
  const arguments_ = [assetPath("runtime", "run_models.py"), String(process.pid), String(memoryBytes)];
  const child = spawn(program, arguments_, { stdio: ["pipe", "pipe", "pipe"] });
  const line = new Line(child, program);
  const late = setTimeout(() => child.kill("SIGKILL"), startMs);
  try {
    const facts = factsSchema.parse((await line.ask({ do: "facts" })).answer);
    return runtimeOf(line, facts, child);
  } catch (cause) {
    child.kill("SIGKILL");
    throw cause instanceof AppError && cause.code === "engine-crashed"
      ? new AppError("usage", cause.message, {}, { cause })
      : cause;
  } finally {
    clearTimeout(late);
  }
}

function runtimeOf(line: Line, facts: z.infer<typeof factsSchema>, child: ChildProcess): PythonRuntime {
  const spent = { wallMs: 0, processorMs: 0 };
  let opened = 0;
  return {
    ...facts,
    clock: { wallMs: () => spent.wallMs, processorMs: () => spent.processorMs },
    allProcessorMs: () => line.allProcessorMs,
    open: async (bytes, options) => {
      const session = ++opened;
      const request = { do: "open", session, ...openRequest(options) };
      const names = openedSchema.parse((await line.ask(request, [bytes])).answer);
      return sessionOf(line, session, names, spent);
    },
    end: () => child.kill("SIGKILL"),
  };
}

function openRequest({ threads, provider, optimise, profilePrefix }: SessionOptions) {
  return { threads: threads ?? 0, provider, optimise: optimise !== false, profilePrefix };
}

/** What the engine asks of a session, done by Python. */
function sessionOf(
  line: Line,
  session: number,
  { inputs, outputs }: z.infer<typeof openedSchema>,
  spent: { wallMs: number; processorMs: number },
): InferenceSession {
  const run = async (
    feeds: Readonly<Record<string, RuntimeTensor>>,
    wanted: readonly string[] = outputs,
  ): Promise<Record<string, RuntimeTensor>> => {
    const named = Object.entries(feeds);
    const sent = named.map(([, tensor]) => bytesOf(tensor));
    const described = named.map(([name, { type, dims }], at) => ({
      ...{ name, type, dims },
      bytes: sent[at].length,
    }));
    const request = { do: "run", session, feeds: described, outputs: wanted };
    const { answer, payload } = await line.ask(request, sent);
    const { tensors, wallMs, processorMs } = ranSchema.parse(answer);
    spent.wallMs += wallMs;
    spent.processorMs += processorMs;
    let at = 0;
    return Object.fromEntries(
      tensors.map(({ name, type, dims, bytes }) => {
        at += bytes;
        return [name, tensorOf(type, dims, payload.subarray(at - bytes, at))];
      }),
    );
  };
  const own = {
    inputNames: inputs,
    outputNames: outputs,
    run,
    // Python ends it when it releases the session.
    endProfiling: () => {},
    release: async () => void (await line.ask({ do: "release", session })),
  };
  return own as unknown as InferenceSession;
}

function bytesOf({ type, data }: RuntimeTensor): Uint8Array {
  if (!(type in arrays) || !ArrayBuffer.isView(data))
    throw new Error(`a tensor of ${type} can't be given to another runtime`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function tensorOf(type: string, dims: readonly number[], bytes: Buffer): RuntimeTensor {
  if (!(type in arrays)) throw new Error(`a tensor of ${type} can't be taken of another runtime`);
  const ArrayOfType = arrays[type as keyof typeof arrays];
  const own = new Uint8Array(bytes);
  return runtimeTensor(type as RuntimeTensor["type"], new ArrayOfType(own.buffer), dims);
}

/** Questions to a Python and its answers, one after the other. */
class Line {
  allProcessorMs = 0;
  #last: Promise<unknown> = Promise.resolve();
  #said = "";
  #failure: AppError | undefined;
  #wake = () => {};

  constructor(
    private readonly child: ChildProcess,
    program: string,
  ) {
    child.stderr!.on("data", (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk}`.slice(-4000);
    });
    // It ends by itself where it is told that nobody listens any more.
    child.stdin!.on("error", () => {});
    child.stdout!.on("readable", () => this.#wake());
    const fail = (how: string) => {
      this.#failure ??= new AppError("engine-crashed", `${program} ${how}`);
      this.#wake();
    };
    child.on("error", ({ code, message }: NodeJS.ErrnoException) =>
      fail(`can't be started (${code === "ENOENT" ? "there is no such program" : message})`),
    );
    child.on("close", (code, signal) => fail(endOf(code, signal, this.#said)));
  }

  /** @throws Error in Python's own words; AppError 'engine-crashed' if it ends */
  ask(request: object, parts: readonly Uint8Array[] = []): Promise<{ answer: object; payload: Buffer }> {
    const next = this.#last.then(() => this.#ask(request, parts));
    this.#last = next.catch(() => {});
    return next;
  }

  async #ask(request: object, parts: readonly Uint8Array[]) {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const text = Buffer.from(JSON.stringify({ ...request, bytes }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    for (const part of [length, text, ...parts]) this.child.stdin!.write(part);
    const size = (await this.#read(4)).readUInt32LE();
    const answer = headSchema.parse(JSON.parse((await this.#read(size)).toString("utf8")));
    const payload = await this.#read(answer.bytes);
    this.allProcessorMs = answer.allProcessorMs;
    if (answer.error !== undefined) throw new Error(boundMessage(answer.error));
    return { answer, payload };
  }

  async #read(bytes: number): Promise<Buffer> {
    const stream = this.child.stdout as Readable;
    for (;;) {
      const found: Buffer | null = bytes === 0 ? Buffer.alloc(0) : stream.read(bytes);
      if (found?.length === bytes) return found;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function endOf(code: number | null, signal: string | null, said: string): string {
  const missing = /No module named '(onnxruntime|numpy)\b/.exec(said)?.[1];
  if (missing)
    return `has no ${missing}; install it with \`pip install onnxruntime\` or the board's own build of it`;
  const last = boundMessage(said.trim().split("\n").at(-1) ?? "");
  const words = last === "" ? "" : ` (${last})`;
  return signal ? `died of ${signal}${words}` : `ended with code ${code}${words}`;
}
