import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { writeSensors } from "./sensor-tree.ts";

/** Replaces the counter each millisecond as a whole, for half a number would be a smaller one. */
const ticking = `
const { renameSync, writeFileSync } = require("node:fs");
const [, path, watts] = process.argv;
const started = process.hrtime.bigint();
const tick = () => {
  const microjoules = Number(process.hrtime.bigint() - started) / 1000 * Number(watts);
  writeFileSync(path + ".next", String(Math.round(microjoules)));
  renameSync(path + ".next", path);
};
tick();
console.log("ticking");
setInterval(tick, 1);
process.stdin.on("end", () => process.exit()).resume();
`;

/** A processor's counter that rises by so many watts whatever happens, in a process of its own. */
export interface TickingSensor {
  /** To be named by OFFRAMP_SENSOR_ROOT. */
  readonly root: string;
  readonly counter: string;
  stop(): Promise<void>;
}

/** @param root an empty folder */
export async function startTickingSensor(root: string, watts: number): Promise<TickingSensor> {
  const domain = "sys/class/powercap/intel-rapl:0";
  writeSensors(root, { [`${domain}/name`]: "package-0", [`${domain}/max_energy_range_uj`]: "262143328850" });
  const counter = join(root, domain, "energy_uj");
  const child = spawn(process.execPath, ["-e", ticking, counter, String(watts)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    root,
    counter,
    async stop() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
