import { spawnSync } from "node:child_process";
import { makerName } from "../maker.ts";

/** For tests: the name of a process on this machine that has ended. */
export function deadMaker(): string {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const [, started, place] = makerName().split("-");
  return [pid, started, place].join("-");
}
