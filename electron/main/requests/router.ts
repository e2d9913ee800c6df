import type { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import {
  type Channel,
  type ChannelName,
  type Channels,
  type ChannelsBy,
  channels,
  type Response,
} from "../../../shared/ipc/channels.ts";
import { failure, type Outcome } from "../../../shared/ipc/outcome.ts";
import { parseRequest } from "../../../shared/ipc/parse-request.ts";
import { refuseLarge } from "../../../shared/ipc/request-size.ts";
import { systemFailure } from "../../disk/system-failure.ts";
import type { Grants } from "../files/grants.ts";
import { Admission } from "./admission.ts";

/** A request after parsing: defaults filled in. */
export type Parsed<Name extends ChannelName> = z.output<Channels[Name]["request"]>;

/** What the main process answers itself: channel to function. */
export type Handlers = {
  readonly [Name in ChannelsBy<"main">]: (request: Parsed<Name>) => Response<Name> | Promise<Response<Name>>;
};

/** A request with its answer, both parsed. */
export type Answer = {
  [Name in ChannelName]: {
    readonly channel: Name;
    readonly request: Parsed<Name>;
    readonly response: Response<Name>;
  };
}[ChannelName];

export interface RouterParts {
  readonly grants: Grants;
  readonly handlers: Handlers;
  /** Passes a request on to the engine. */
  readonly engine: <Name extends ChannelsBy<"engine">>(
    channel: Name,
    request: Parsed<Name>,
    call: { readonly id: string; readonly signal: AbortSignal },
  ) => Promise<unknown>;
  /** Told when the window begins to keep this machine busy, and when that has ended. */
  readonly worked: () => void;
  /** Told of every valid answer before the window is. */
  readonly answered: (answer: Answer) => void;
  /** Told of our own faults. */
  readonly unexpected: (error: unknown) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

interface Running {
  readonly channel: Channel;
  readonly abort: AbortController;
}

/**
 * Takes the window's requests one by one: not too many, not too large, known channel, valid request, chosen paths, answer, valid
 * answer.
 */
export class Router {
  readonly #parts: RouterParts;
  readonly #admission: Admission;
  readonly #running = new Map<string, Running>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#admission = new Admission(parts.now);
  }

  /** @returns what goes back to the window; never throws */
  async invoke(name: unknown, call: unknown, request: unknown): Promise<Outcome> {
    try {
      this.#admission.enter(this.#running.size);
      refuseLarge([name, call, request]);
      if (typeof name !== "string" || !Object.hasOwn(channels, name))
        throw new AppError(
          "usage",
          `the window asked for ${typeof name === "string" ? name : "what has no name"}, which there isn't`,
        );
      if (typeof call !== "string" || call.length > 100 || this.#running.has(call))
        throw new AppError("usage", `${name}: the request has no name of its own`);
      const value = await this.#answer(name as ChannelName, call, request);
      return { ok: true, value };
    } catch (error) {
      return failure(systemFailure(error) ?? error, this.#parts.unexpected);
    }
  }

  /** Stops a request if it still runs. */
  cancel(call: unknown): void {
    if (typeof call === "string") this.#running.get(call)?.abort.abort();
  }

  /** Whether a request runs that keeps this machine busy. */
  get isWorking(): boolean {
    return [...this.#running.values()].some(({ channel }) => channel.isWork);
  }

  /** The page that asked is gone. */
  cancelAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  async #answer(name: ChannelName, call: string, given: unknown): Promise<unknown> {
    const channel: Channel = channels[name];
    const request = parseRequest(name, channel, given);
    const { grants } = this.#parts;
    const refused =
      channel.paths?.(request).find((path) => !grants.allows(path)) ??
      channel.programs?.(request).find((path) => !grants.allowsProgram(path));
    if (refused !== undefined)
      throw new AppError("usage", `${refused} was not chosen in Offramp; open or choose it first`, {
        path: refused,
      });
    if (channel.isDialog && [...this.#running.values()].some((other) => other.channel.isDialog))
      throw new AppError("busy", `${name}: a dialog is open already; answer that first`);
    const abort = new AbortController();
    this.#running.set(call, { channel, abort });
    if (channel.isWork) this.#parts.worked();
    try {
      const answer = await (channel.by === "main"
        ? this.#handle(name as ChannelsBy<"main">, request)
        : this.#parts.engine(name as ChannelsBy<"engine">, request as never, {
            id: call,
            signal: abort.signal,
          }));
      const response = channel.response.parse(answer);
      this.#tellAnswered({ channel: name, request, response } as Answer);
      return response;
    } finally {
      this.#running.delete(call);
      if (channel.isWork) this.#parts.worked();
    }
  }

  /** A failure to act on an answer, such as a journal that can't be written, doesn't spoil the answer. */
  #tellAnswered(answer: Answer): void {
    try {
      this.#parts.answered(answer);
    } catch (error) {
      this.#parts.unexpected(error);
    }
  }

  #handle(name: ChannelsBy<"main">, request: unknown): unknown {
    // The request was parsed by the very schema that types this handler.
    const handler = this.#parts.handlers[name] as (request: unknown) => unknown;
    return handler(request);
  }
}
