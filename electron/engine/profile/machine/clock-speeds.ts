import { readdirSync, readFileSync } from "node:fs";

const folder = "/sys/devices/system/cpu";

/** The clock of the fastest core just now, MHz; undefined where the system doesn't tell, as in most virtual machines. */
export function readClockMhz(root = folder): number | undefined {
  try {
    const speeds = readdirSync(root)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => Number(readFileSync(`${root}/${name}/cpufreq/scaling_cur_freq`, "utf8")) / 1000)
      .filter((mhz) => mhz > 0);
    return speeds.length > 0 ? Math.max(...speeds) : undefined;
  } catch {
    return undefined;
  }
}
