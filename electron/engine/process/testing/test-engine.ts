import type { z } from "zod";
import { type Channels, channels } from "../../../../shared/ipc/channels.ts";
import { fromEngineSchema, type ToEngine } from "../../../../shared/ipc/engine-protocol.ts";
import type { Progress } from "../../../../shared/ipc/events.ts";
import { type Outcome, unwrap } from "../../../../shared/ipc/outcome.ts";
import { StageCache } from "../../base/cache.ts";
import type { EngineChannel } from "../handler.ts";
import { createHandlers } from "../handlers/index.ts";
import { type EnginePort, serveEngine } from "../serve-engine.ts";

/** A call under way, as the main process sees it. */
export interface TestCall<Name extends EngineChannel> {
  /** Progress so far. */
  readonly progress: readonly Progress[];
  /** The response, parsed. @throws AppError of the outcome */
  readonly response: Promise<z.output<Channels[Name]["response"]>>;
  cancel(): void;
}

export interface TestEngine {
  start<Name extends EngineChannel>(
    channel: Name,
    request: z.input<Channels[Name]["request"]>,
    watch?: (progress: Progress) => void,
  ): TestCall<Name>;
  /** Sends a request and waits for its response. */
  call<Name extends EngineChannel>(
    channel: Name,
    request: z.input<Channels[Name]["request"]>,
  ): Promise<z.output<Channels[Name]["response"]>>;
  /** Sends anything. @returns the outcome of the call named `raw`, if it is one */
  raw(message: unknown): Promise<Outcome>;
  readonly logged: readonly string[];
}

/** For tests: the engine behind a port that copies messages as processes do. */
export function startTestEngine(cacheFolder: string): TestEngine {
  const outcomes = new Map<string, (outcome: Outcome) => void>();
  const watchers = new Map<string, (progress: Progress) => void>();
  const logged: string[] = [];
  let listener: (event: { data: unknown }) => void = () => {};
  let calls = 0;
  const port: EnginePort = {
    on: (_event, heard) => {
      listener = heard;
    },
    postMessage: (sent) => {
      const message = fromEngineSchema.parse(structuredClone(sent));
      if (message.kind === "progress") watchers.get(message.progress.call)?.(message.progress);
      if (message.kind === "outcome") outcomes.get(message.call)?.(message.outcome);
    },
  };
  serveEngine(port, {
    loadHandlers: async () => createHandlers(new StageCache(cacheFolder)),
    probe: () => {},
    log: (text) => logged.push(text),
  });
  const send = (message: unknown) => listener({ data: structuredClone(message) });
  const outcomeOf = (call: string) => new Promise<Outcome>((resolve) => outcomes.set(call, resolve));

  function start<Name extends EngineChannel>(
    channel: Name,
    request: z.input<Channels[Name]["request"]>,
    watch: (progress: Progress) => void = () => {},
  ): TestCall<Name> {
    const call = `call-${++calls}`;
    const progress: Progress[] = [];
    watchers.set(call, (step) => {
      progress.push(step);
      watch(step);
    });
    const response = outcomeOf(call).then((outcome) => {
      watchers.delete(call);
      return channels[channel].response.parse(unwrap(outcome)) as z.output<Channels[Name]["response"]>;
    });
    send({ kind: "call", call, channel, request } satisfies ToEngine);
    return { progress, response, cancel: () => send({ kind: "cancel", call } satisfies ToEngine) };
  }

  return {
    start,
    call: (channel, request) => start(channel, request).response,
    raw: (message) => {
      const outcome = outcomeOf("raw");
      send(message);
      return outcome;
    },
    logged,
  };
}
