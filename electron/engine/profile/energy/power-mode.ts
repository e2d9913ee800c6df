import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sensorRoot } from "./open-meter.ts";

/**
 * The name of the power mode that a Jetson board is in, which says how many cores it has and how fast they are.
 * @returns undefined where there is no nvpmodel
 */
export function powerMode(root = sensorRoot()): string | undefined {
  const id = /pmode:0*(\d+)/.exec(textOf(root, "var/lib/nvpmodel/status"))?.[1];
  if (id === undefined) return undefined;
  const modes = textOf(root, "etc/nvpmodel.conf");
  const name = new RegExp(`<\\s*POWER_MODEL\\s+ID=${id}\\s+NAME=(\\S+?)\\s*>`).exec(modes)?.[1];
  return name ?? `mode ${id}`;
}

function textOf(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return "";
  }
}
