import { mkdirSync, rmSync } from "node:fs";
import { app, type Details, type UtilityProcess, utilityProcess } from "electron";
import { keptEnvironment } from "../../disk/kept-environment.ts";
import type { RotatingLog } from "../rotating-log.ts";
import type { StartEngine } from "./engine-port.ts";
import { exitReason } from "./exit-reason.ts";
import { ProbeRelay, type StartProbe } from "./probe-relay.ts";

/** Electron tells why a process went slightly before or after its exit. */
const reasonDelayMs = 200;

export interface EngineEntries {
  /** Names under which Electron and the system's task list know the processes: each engine has its own. */
  readonly names: { readonly engine: string; readonly probe: string };
  /** The built engine process. */
  readonly engine: string;
  /** The built child that runs a model for the first time. */
  readonly probe: string;
  /** Folder for this engine's temporary files, emptied at each start: a process that is killed leaves some. */
  readonly scratch: string;
}

/** @returns starts an engine as a utility process of Electron, what it prints going to the log */
export function engineStarter(entries: EngineEntries, log: RotatingLog): StartEngine {
  const { names } = entries;
  return (listener) => {
    rmSync(entries.scratch, { recursive: true, force: true });
    mkdirSync(entries.scratch, { recursive: true, mode: 0o700 });
    const child = utilityProcess.fork(entries.engine, [], {
      env: { ...process.env, TMPDIR: entries.scratch, TEMP: entries.scratch, TMP: entries.scratch },
      stdio: ["ignore", "pipe", "pipe"],
      serviceName: names.engine,
    });
    const probes = new ProbeRelay(
      probeStarter(entries, () => [process.pid, child.pid!]),
      (probe) => child.postMessage({ kind: "probe", probe }),
    );
    child.stdout?.on("data", (chunk: Buffer) => log.write(chunk));
    child.stderr?.on("data", (chunk: Buffer) => log.write(chunk));
    child.on("message", (message) => listener.message(message));
    onExit(child, names.engine, (reason) => {
      probes.endAll();
      log.note(`${names.engine} ${reason}`);
      listener.ended(`it ${reason}`);
    });
    return {
      post: (message) => child.postMessage(message),
      probe: (order) => probes.obey(order),
      kill: () => end(child),
    };
  };
}

/** @param guardians pids of the processes that a child serves; it ends itself when one of them is gone */
function probeStarter({ probe, names }: EngineEntries, guardians: () => readonly number[]): StartProbe {
  return (listener) => {
    const child = utilityProcess.fork(probe, guardians().map(String), {
      env: keptEnvironment(process.env),
      stdio: "ignore",
      serviceName: names.probe,
    });
    child.on("spawn", () => listener.started(child.pid!));
    child.on("message", (message) => listener.said(message));
    onExit(child, names.probe, (reason) => listener.ended(reason));
    return {
      post: (message) => child.postMessage(message),
      kill: () => end(child),
    };
  };
}

/** Electron's own kill sends SIGTERM, which a process that hangs ignores. */
function end(child: UtilityProcess): void {
  try {
    if (child.pid === undefined) child.once("spawn", () => end(child));
    else process.kill(child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** @param ended told why, as part of a sentence */
function onExit(child: UtilityProcess, name: string, ended: (reason: string) => void): void {
  let gone: Details | undefined;
  let fatal: string | undefined;
  const watch = (_: unknown, details: Details) => {
    if (details.name === name) gone = details;
  };
  app.on("child-process-gone", watch);
  // Newer Electron only: what V8 said before it gave up.
  child.on("error", (_, location) => {
    fatal = location;
  });
  child.on("exit", (code) => {
    setTimeout(() => {
      app.off("child-process-gone", watch);
      ended(exitReason(code, gone?.reason, fatal));
    }, reasonDelayMs);
  });
}
