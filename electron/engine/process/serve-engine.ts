import { AppError, assertNever } from "../../../shared/base/errors.ts";
import { channels } from "../../../shared/ipc/channels.ts";
import {
  type FromEngine,
  type ProbeReport,
  type ToEngine,
  toEngineSchema,
} from "../../../shared/ipc/engine-protocol.ts";
import { failure, type Outcome } from "../../../shared/ipc/outcome.ts";
import { parseRequest } from "../../../shared/ipc/parse-request.ts";
import { systemFailure } from "../../disk/system-failure.ts";
import { type Call, type RunningCall, startCall } from "./call.ts";
import type { EngineChannel, Handlers } from "./handler.ts";

/** The part of Electron's `process.parentPort` that the engine speaks through. Messages are copied. */
export interface EnginePort {
  postMessage(message: FromEngine): void;
  on(event: "message", listener: (event: { readonly data: unknown }) => void): unknown;
}

export interface EngineParts {
  /** Called at the first call: what it loads takes longer than the process may take to start. */
  loadHandlers(): Promise<Handlers>;
  /** Told what the main process reports of a child that it runs for us. */
  probe(report: ProbeReport): void;
  /** Told of faults, one text each. */
  log(text: string): void;
}

/** Answers calls from now on, several at a time, and says that it is ready. */
export function serveEngine(port: EnginePort, { loadHandlers, probe, log }: EngineParts): void {
  const running = new Map<string, RunningCall>();
  let handlers: Promise<Handlers> | undefined;

  async function answer({ call, channel, request }: Extract<ToEngine, { kind: "call" }>): Promise<void> {
    const own = startCall(call, (progress) => port.postMessage({ kind: "progress", progress }));
    running.set(call, own);
    const outcome = await outcomeOf(() => handle(channel, request, own), channel);
    own.finish();
    running.delete(call);
    port.postMessage({ kind: "outcome", call, outcome });
  }

  async function handle(channel: string, request: unknown, call: Call): Promise<unknown> {
    const known = Object.hasOwn(channels, channel) ? channels[channel as EngineChannel] : undefined;
    if (known?.by !== "engine") throw new AppError("usage", `the engine has no channel '${channel}'`);
    const parsed = parseRequest(channel, known, request);
    handlers ??= loadHandlers();
    const handler = (await handlers)[channel as EngineChannel];
    return (handler as (request: unknown, call: Call) => Promise<unknown>)(parsed, call);
  }

  async function outcomeOf(work: () => Promise<unknown>, channel: string): Promise<Outcome> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return failure(systemFailure(error) ?? error, (unknown) =>
        log(`${channel} failed: ${described(unknown)}`),
      );
    }
  }

  port.on("message", ({ data }) => {
    const parsed = toEngineSchema.safeParse(data);
    if (!parsed.success) return log(`a message that can't be read: ${parsed.error.issues[0].message}`);
    const message = parsed.data;
    switch (message.kind) {
      case "call":
        void answer(message);
        return;
      case "cancel":
        running.get(message.call)?.cancel();
        return;
      case "probe":
        probe(message.probe);
        return;
      default:
        assertNever(message);
    }
  });
  port.postMessage({ kind: "ready" });
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
