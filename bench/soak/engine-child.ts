import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Asked for between the engine's own messages: what is on the heap once everything unused is gone, and resident. */
export interface MemoryAnswer {
  readonly kind: "memory";
  readonly heapBytes: number;
  readonly residentBytes: number;
}

export const memoryQuestion = { kind: "memory-question" } as const;

interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: unknown }) => void): unknown;
}

/** Runs the app's built engine process in plain Node: its port is Node's channel to the parent. */
export async function runEngine(): Promise<void> {
  const listeners: ((event: { readonly data: unknown }) => void)[] = [];
  const port: Port = {
    postMessage: (message) => void process.send!(message),
    on: (_event, listener) => listeners.push(listener),
  };
  process.on("message", (data: { kind: string }) => {
    if (data.kind === memoryQuestion.kind) process.send!(memoryNow());
    else for (const listener of listeners) listener({ data });
  });
  process.on("disconnect", () => process.exit());
  Object.assign(process, { parentPort: port });
  await import(pathToFileURL(resolve("dist/engine/engine.cjs")).href);
}

function memoryNow(): MemoryAnswer {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { kind: "memory", heapBytes: heapUsed + external, residentBytes: rss };
}
