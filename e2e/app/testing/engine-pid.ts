import { execFileSync } from "node:child_process";

/** The processes of the app that run code of ours beside its main process, the engine first. */
export function nodeProcesses(app: number): number[] {
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  const below = new Set([app]);
  for (const line of lines) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (below.has(parent)) below.add(pid);
  }
  return lines
    .filter((line) => /node\.mojom\.NodeService/.test(line) && below.has(Number.parseInt(line, 10)))
    .map((line) => Number.parseInt(line, 10));
}

export function enginePid(app: number): number {
  const [engine] = nodeProcesses(app);
  if (engine === undefined) throw new Error("the app has no engine process");
  return engine;
}
