import { app, type Details, utilityProcess } from "electron";
import type { RotatingLog } from "../rotating-log.ts";
import type { StartEngine } from "./engine-port.ts";
import { exitReason } from "./exit-reason.ts";

export const engineName = "Offramp engine";

/** The system tells why a process went slightly before or after its exit. */
const reasonDelayMs = 200;

/** @param entry the built engine process */
export function engineStarter(entry: string, log: RotatingLog): StartEngine {
  return (listener) => {
    const child = utilityProcess.fork(entry, [], {
      stdio: ["ignore", "pipe", "pipe"],
      serviceName: engineName,
    });
    let gone: Details | undefined;
    let fatal: string | undefined;
    const watch = (_: unknown, details: Details) => {
      if (details.name === engineName) gone = details;
    };
    app.on("child-process-gone", watch);
    child.stdout?.on("data", (chunk: Buffer) => log.write(chunk));
    child.stderr?.on("data", (chunk: Buffer) => log.write(chunk));
    child.on("message", (message) => listener.message(message));
    // Newer Electron only: what V8 said before it gave up.
    child.on("error", (_, location) => {
      fatal = location;
    });
    child.on("exit", (code) => {
      setTimeout(() => {
        app.off("child-process-gone", watch);
        const reason = exitReason(code, gone?.reason, fatal);
        log.note(`the engine ended: ${reason}`);
        listener.ended(reason);
      }, reasonDelayMs);
    });
    return { post: (message) => child.postMessage(message), kill: () => void child.kill() };
  };
}
