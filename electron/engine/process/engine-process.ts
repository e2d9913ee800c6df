import { type EnginePort, serveEngine } from "./serve-engine.ts";

/** The entry of the desktop app's engine process. ONNX Runtime and all that needs it is loaded at the first call. */

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: EnginePort };
if (!parentPort) throw new Error("the engine process has to be started by the app, as its utility process");

serveEngine(parentPort, {
  loadHandlers: async () => {
    const { createHandlers } = await import("./handlers/index.ts");
    return createHandlers();
  },
  probe: () => {},
  log: (text) => process.stderr.write(`engine: ${text}\n`),
});
