import { AppError, assertNever } from "../../../shared/base/errors.ts";
import { cancelledError } from "../../../shared/base/job.ts";
import { type FromEngine, fromEngineSchema } from "../../../shared/ipc/engine-protocol.ts";
import type { EngineState, Progress } from "../../../shared/ipc/events.ts";
import { type Outcome, unwrap } from "../../../shared/ipc/outcome.ts";
import type { EnginePort, StartEngine } from "./engine-port.ts";

/** It may restart this often within this time. */
const maxCrashes = 3;
const crashWindowMs = 5 * 60_000;
/** A process that hasn't reported ready by then never will. */
const readyLimitMs = 60_000;
/** A cancelled request that hasn't come back by then is stuck in code that can't be stopped. */
const cancelLimitMs = 5_000;

export interface EngineCallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Omit<Progress, "call">) => void;
}

/** Sends a request to the engine. @returns its value, unparsed */
export type EngineCall = (channel: string, request: unknown, options?: EngineCallOptions) => Promise<unknown>;

export interface SupervisorParts {
  readonly start: StartEngine;
  readonly state: (state: EngineState) => void;
  /** Brings a fresh engine to where the last one was, before any other request reaches it. */
  readonly restore: (call: EngineCall) => Promise<void>;
  readonly unexpected: (error: unknown) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

interface Call {
  readonly channel: string;
  readonly request: unknown;
  readonly progress?: EngineCallOptions["progress"];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  sent: boolean;
  /** Set once the person cancelled it. */
  overdue?: NodeJS.Timeout;
}

/**
 * Keeps one engine process running: requests wait until it is ready and fail in plain words when it dies; then it
 * starts again, unless it died too often. If a request ignores its cancellation, the process is ended.
 */
export class EngineSupervisor {
  readonly #parts: SupervisorParts;
  readonly #calls = new Map<string, Call>();
  #port: EnginePort | undefined;
  #state: EngineState = { state: "starting", reason: null };
  #crashes: number[] = [];
  #lastCall = 0;
  #readyTimer: NodeJS.Timeout | undefined;
  #isFirst = true;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  get state(): EngineState {
    return this.#state;
  }

  start(): void {
    this.#launch({ state: "starting", reason: null });
  }

  /** Starts it again after it stopped, or in place of one that runs. */
  restart(): void {
    this.#crashes = [];
    this.#replace("a person asked for it");
  }

  /** For good: the app ends. */
  stop(): void {
    this.#discard("Offramp was closed");
    this.#state = { state: "stopped", reason: null };
  }

  readonly call: EngineCall = (channel, request, options = {}) => this.#call(channel, request, options);

  async #call(
    channel: string,
    request: unknown,
    { signal, progress }: EngineCallOptions,
    atOnce = false,
  ): Promise<unknown> {
    if (this.#state.state === "stopped") throw crashed(this.#state.reason ?? "it was stopped");
    if (signal?.aborted) throw cancelledError();
    const id = String(++this.#lastCall);
    const cancel = () => this.#cancel(id);
    signal?.addEventListener("abort", cancel);
    try {
      return await new Promise((resolve, reject) => {
        const call: Call = { channel, request, progress, resolve, reject, sent: false };
        this.#calls.set(id, call);
        if (atOnce || this.#state.state === "ready") this.#send(id, call);
      });
    } finally {
      clearTimeout(this.#calls.get(id)?.overdue);
      this.#calls.delete(id);
      signal?.removeEventListener("abort", cancel);
    }
  }

  #send(id: string, call: Call): void {
    call.sent = true;
    this.#port?.post({ kind: "call", call: id, channel: call.channel, request: call.request });
  }

  #cancel(id: string): void {
    const call = this.#calls.get(id);
    if (!call || call.overdue) return;
    if (!call.sent) {
      call.reject(cancelledError());
      return;
    }
    this.#port?.post({ kind: "cancel", call: id });
    call.overdue = setTimeout(() => {
      call.reject(cancelledError());
      this.#replace(`it did not stop within ${cancelLimitMs / 1000} s when it was asked to`);
    }, cancelLimitMs);
  }

  #launch(state: EngineState): void {
    this.#tell(state);
    // Listens to this process only: a late message from one that was replaced must not count.
    let port: EnginePort | undefined;
    const isCurrent = () => port !== undefined && this.#port === port;
    try {
      port = this.#parts.start({
        message: (message) => {
          if (isCurrent()) this.#receive(message);
        },
        ended: (reason) => {
          if (isCurrent()) this.#died(reason);
        },
      });
    } catch (error) {
      this.#parts.unexpected(error);
      this.#tell({ state: "stopped", reason: "it could not be started" });
      return;
    }
    this.#port = port;
    this.#readyTimer = setTimeout(() => {
      port.kill();
      this.#died(`it did not start within ${readyLimitMs / 1000} s`);
    }, readyLimitMs);
  }

  #receive(message: unknown): void {
    const parsed = fromEngineSchema.safeParse(message);
    if (parsed.success) this.#act(parsed.data);
    else this.#parts.unexpected(parsed.error);
  }

  #act(message: FromEngine): void {
    switch (message.kind) {
      case "ready":
        clearTimeout(this.#readyTimer);
        void this.#becomeReady();
        break;
      case "outcome":
        this.#settle(message.call, message.outcome);
        break;
      case "progress": {
        const { call, ...progress } = message.progress;
        this.#calls.get(call)?.progress?.(progress);
        break;
      }
      case "probe":
        this.#port?.probe(message.probe);
        break;
      default:
        assertNever(message);
    }
  }

  async #becomeReady(): Promise<void> {
    const port = this.#port;
    const reason = this.#isFirst ? null : await this.#restore();
    if (this.#port !== port) return;
    this.#isFirst = false;
    this.#tell({ state: "ready", reason });
    for (const [id, call] of this.#calls) if (!call.sent) this.#send(id, call);
  }

  /** @returns why it failed, if it did */
  async #restore(): Promise<string | null> {
    try {
      await this.#parts.restore((channel, request, options = {}) =>
        this.#call(channel, request, options, true),
      );
      return null;
    } catch (error) {
      this.#parts.unexpected(error);
      return "what was open could not be opened again";
    }
  }

  #settle(id: string, outcome: Outcome): void {
    const call = this.#calls.get(id);
    try {
      call?.resolve(unwrap(outcome));
    } catch (error) {
      call?.reject(error as AppError);
    }
  }

  #died(reason: string): void {
    this.#discard(reason);
    const now = this.#parts.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashWindowMs), now];
    if (this.#crashes.length > maxCrashes) {
      this.#tell({ state: "stopped", reason });
      this.#failCalls(reason, () => true);
    } else this.#launch({ state: "restarting", reason });
  }

  /** Ends the process on purpose and starts another; that is no crash. */
  #replace(reason: string): void {
    this.#discard(reason);
    this.#launch({ state: "restarting", reason });
  }

  /** Ends the process if it runs, and with it the requests that it has. */
  #discard(reason: string): void {
    clearTimeout(this.#readyTimer);
    const port = this.#port;
    this.#port = undefined;
    port?.kill();
    this.#failCalls(reason, (call) => call.sent);
  }

  #failCalls(reason: string, affected: (call: Call) => boolean): void {
    for (const call of this.#calls.values())
      if (affected(call)) call.reject(call.overdue ? cancelledError() : crashed(reason));
  }

  #tell(state: EngineState): void {
    this.#state = state;
    this.#parts.state(state);
  }
}

function crashed(reason: string): AppError {
  return new AppError("engine-crashed", `the engine ended while it worked on this: ${reason}`, { reason });
}
