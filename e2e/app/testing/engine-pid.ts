import { execFileSync } from "node:child_process";

/** The first process of the app that runs our engine. */
export function enginePid(app: number): number {
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  const below = new Set([app]);
  for (const line of lines) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (below.has(parent)) below.add(pid);
  }
  const engine = lines.find(
    (line) => /node\.mojom\.NodeService/.test(line) && below.has(Number.parseInt(line, 10)),
  );
  if (!engine) throw new Error("the app has no engine process");
  return Number.parseInt(engine, 10);
}
