import { assertNever } from "../../../shared/base/errors.ts";
import type { ProbeOrder, ProbeReport } from "../../../shared/ipc/engine-protocol.ts";

/** A child that runs a model for the first time. */
export interface ProbePort {
  post(message: unknown): void;
  kill(): void;
}

export interface ProbePortListener {
  started(pid: number): void;
  said(message: unknown): void;
  /** Exactly once. @param how as part of a sentence: `crashed` */
  ended(how: string): void;
}

export type StartProbe = (listener: ProbePortListener) => ProbePort;

/** Starts such children for one engine process and relays their messages. */
export class ProbeRelay {
  readonly #start: StartProbe;
  readonly #tell: (report: ProbeReport) => void;
  readonly #children = new Map<string, ProbePort>();

  constructor(start: StartProbe, tell: (report: ProbeReport) => void) {
    this.#start = start;
    this.#tell = tell;
  }

  obey(order: ProbeOrder): void {
    switch (order.order) {
      case "start":
        this.#launch(order.id);
        break;
      case "say":
        this.#children.get(order.id)?.post(order.message);
        break;
      case "kill":
        this.#children.get(order.id)?.kill();
        break;
      default:
        assertNever(order);
    }
  }

  /** The engine that asked is gone. */
  endAll(): void {
    for (const child of this.#children.values()) child.kill();
  }

  #launch(id: string): void {
    const child = this.#start({
      started: (pid) => this.#tell({ report: "started", id, pid }),
      said: (message) => this.#tell({ report: "said", id, message }),
      ended: (how) => {
        this.#children.delete(id);
        this.#tell({ report: "ended", id, how });
      },
    });
    this.#children.set(id, child);
  }
}
