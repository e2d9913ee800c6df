import type { ProbeOrder, ToEngine } from "../../../shared/ipc/engine-protocol.ts";

/** A started engine process, as its supervisor sees it. */
export interface EnginePort {
  post(message: ToEngine): void;
  /** What it asked for a model's first run. */
  probe(order: ProbeOrder): void;
  /** Ends it at once; `ended` follows. */
  kill(): void;
}

/** What an engine process reports to its supervisor. */
export interface EngineListener {
  message(message: unknown): void;
  /** Exactly once. @param reason why, in plain words: `it ran out of memory` */
  ended(reason: string): void;
}

export type StartEngine = (listener: EngineListener) => EnginePort;
