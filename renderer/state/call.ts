import { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import type { Bridge } from "../../shared/ipc/bridge.ts";
import { type ChannelName, channels, type Request, type Response } from "../../shared/ipc/channels.ts";
import { type Event, type EventName, events, type Progress } from "../../shared/ipc/events.ts";
import { outcomeSchema, unwrap } from "../../shared/ipc/outcome.ts";

// Compiled schemas need eval, which the window's content security policy forbids.
z.config({ jitless: true });

declare global {
  interface Window {
    readonly offramp: Bridge;
  }
}

export interface CallOptions {
  /** Aborting it cancels the request. */
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

let lastCall = 0;

/**
 * Asks the main process or the engine.
 * @throws AppError what the other side said, 'cancelled' among it
 */
export async function call<Name extends ChannelName>(
  channel: Name,
  request: Request<Name>,
  { signal, onProgress }: CallOptions = {},
): Promise<Response<Name>> {
  const id = `call-${++lastCall}`;
  const cancel = () => window.offramp.cancel(id);
  const unsubscribe = onProgress
    ? on("progress", (progress) => progress.call === id && onProgress(progress))
    : () => {};
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const outcome = outcomeSchema.parse(await window.offramp.invoke(channel, id, request));
    return channels[channel].response.parse(unwrap(outcome)) as Response<Name>;
  } finally {
    signal?.removeEventListener("abort", cancel);
    unsubscribe();
  }
}

/** @returns a function that ends the subscription */
export function on<Name extends EventName>(name: Name, listener: (event: Event<Name>) => void): () => void {
  return window.offramp.on(name, (payload) => listener(events[name].parse(payload) as Event<Name>));
}

export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === "cancelled";
}
