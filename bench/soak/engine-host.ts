import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "zod";
import type { EnginePort, StartEngine } from "../../electron/main/engine/engine-port.ts";
import { EngineSupervisor } from "../../electron/main/engine/engine-supervisor.ts";
import { ProbeRelay, type StartProbe } from "../../electron/main/engine/probe-relay.ts";
import { AppError } from "../../shared/base/errors.ts";
import { type Channels, channels, type Opened } from "../../shared/ipc/channels.ts";
import { type MemoryAnswer, memoryQuestion } from "./engine-child.ts";
import { kill } from "./killer.ts";

export interface HostPlaces {
  /** Script whose `--engine` is the engine process. */
  readonly entry: string;
  readonly cache: string;
  /** For temporary files, emptied at each start of the engine as the app does. */
  readonly scratch: string;
}

/** An engine process with its supervisor as the app has them, in plain Node. */
export class EngineHost {
  readonly #places: HostPlaces;
  readonly #supervisor: EngineSupervisor;
  #child: ChildProcess | undefined;
  #starts = 0;
  /** Where what is open is kept; reopened after a crash. */
  journal: string | undefined;
  /** What the engine opened again after it was started again, until it is taken. */
  #restored: Opened | undefined;

  constructor(places: HostPlaces) {
    this.#places = places;
    this.#supervisor = new EngineSupervisor({
      start: this.#start,
      state: () => {},
      restore: async (call) => {
        if (this.journal === undefined) return;
        const opened = await call("project.open", { path: this.journal });
        this.#restored = channels["project.open"].response.parse(opened);
      },
      unexpected: (error) => {
        if (!(error instanceof AppError) || error.code !== "engine-crashed")
          console.error("the supervisor met", error);
      },
      // Kills come faster here than crashes may in the app before it gives up.
      now: () => 3600e3 * this.#starts,
    });
    this.#supervisor.start();
  }

  get pid(): number | undefined {
    const child = this.#child;
    return child && child.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  get starts(): number {
    return this.#starts;
  }

  async call<Name extends keyof Channels>(
    channel: Name,
    request: z.input<Channels[Name]["request"]>,
  ): Promise<z.output<Channels[Name]["response"]>> {
    const response = await this.#supervisor.call(channel, request);
    return channels[channel].response.parse(response) as z.output<Channels[Name]["response"]>;
  }

  /** What was opened again since this was last asked; waits until the engine is ready. */
  async restored(): Promise<Opened | undefined> {
    await this.call("engine.describe", {});
    const restored = this.#restored;
    this.#restored = undefined;
    return restored;
  }

  async memory(): Promise<MemoryAnswer> {
    const child = this.#child!;
    const answer = new Promise<MemoryAnswer>((found) => {
      const listen = (message: MemoryAnswer) => {
        if (message.kind !== "memory") return;
        child.off("message", listen);
        found(message);
      };
      child.on("message", listen);
    });
    child.send(memoryQuestion);
    return answer;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    const gone = child && this.pid !== undefined ? once(child, "exit") : undefined;
    this.#supervisor.stop();
    await gone;
  }

  readonly #start: StartEngine = (listener): EnginePort => {
    const { entry, scratch, cache } = this.#places;
    this.#starts++;
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    const child = fork(entry, ["--engine"], {
      env: { ...process.env, TMPDIR: scratch, OFFRAMP_CACHE: cache },
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    });
    this.#child = child;
    const say = sender(child);
    const probes = new ProbeRelay(startProbe(scratch), (probe) => say({ kind: "probe", probe }));
    child.on("message", (message: { kind: string }) => {
      if (message.kind !== "memory") listener.message(message);
    });
    child.once("exit", (code, signal) => {
      probes.endAll();
      listener.ended(`it ended with ${signal ?? code}`);
    });
    return {
      post: say,
      probe: (order) => probes.obey(order),
      kill: () => void (child.pid && kill(child.pid)),
    };
  };
}

/** The app's main process starts these for the engine. */
function startProbe(scratch: string): StartProbe {
  return (listener) => {
    const child = fork(resolve("dist/engine/model-probe-child.js"), [], {
      env: { PATH: process.env.PATH, TMPDIR: scratch },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    });
    child.once("spawn", () => listener.started(child.pid!));
    child.on("message", (message) => listener.said(message));
    child.once("exit", (code, signal) =>
      listener.ended(signal ? `died of ${signal}` : `ended with code ${code}`),
    );
    return { post: sender(child), kill: () => void (child.pid && kill(child.pid)) };
  };
}

/** What is sent to a process that was just killed is lost, as it would be in the app. */
function sender(child: ChildProcess): (message: unknown) => void {
  return (message) => {
    if (child.connected) child.send(message as object, () => {});
  };
}
