// Before anything loads sharp.
import "./images-in-electron.cjs";
import { sweepScratchFolders } from "../../disk/scratch-folder.ts";
import { relayedProbes } from "./probe-launcher.ts";
import { type EnginePort, serveEngine } from "./serve-engine.ts";

/** The entry of the desktop app's engine process. ONNX Runtime and all that needs it is loaded at the first call. */

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: EnginePort };
if (!parentPort) throw new Error("the engine process has to be started by the app, as its utility process");

sweepScratchFolders();

const probes = relayedProbes((probe) => parentPort.postMessage({ kind: "probe", probe }));

serveEngine(parentPort, {
  loadHandlers: async () => {
    const [{ createHandlers }, { useProbeLauncher }] = await Promise.all([
      import("./handlers/index.ts"),
      import("../onnx/probe/model-probe.ts"),
    ]);
    useProbeLauncher(probes.launch);
    return createHandlers();
  },
  probe: probes.receive,
  log: (text) => process.stderr.write(`engine: ${text}\n`),
});
