import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../shared/base/errors.ts";
import type { EnergyMeter, EnergySource } from "./energy-meter.ts";
import { readSensorNumber, readSensorText } from "./read-sensor-text.ts";

/** A counter that begins again at nothing when it has reached its range, µJ. */
interface Domain {
  readonly name: string;
  readonly counter: string;
  readonly range: number;
}

/**
 * The processor's own counters, of Intel and of AMD. Those of packages are added up, and of memory, which no package holds;
 * others are parts of these (cores, graphics), or hold them (the platform), or count the same by another way (mmio).
 * @see https://docs.kernel.org/power/powercap/powercap.html
 */
export const rapl: EnergySource = {
  id: "rapl",
  description: "RAPL, the processor's own counters, under /sys/class/powercap",
  async open(root) {
    const domains = await countedDomains(join(root, "sys/class/powercap"));
    if (domains.length === 0) return undefined;
    return raplMeter(domains);
  },
};

async function countedDomains(folder: string): Promise<Domain[]> {
  const entries = (await readdir(folder).catch(() => [])).filter((entry) =>
    /^intel-rapl:\d+(:\d+)?$/.test(entry),
  );
  const domains: Domain[] = [];
  for (const entry of entries.sort()) {
    const name = await readSensorText(join(folder, entry, "name")).catch(() => "");
    const [, number, part] = entry.split(":");
    const isCounted = part === undefined ? name.startsWith("package") : name === "dram";
    if (!isCounted) continue;
    const range = await readSensorNumber(join(folder, entry, "max_energy_range_uj"));
    domains.push({
      name: part === undefined ? name : `${name}-${number}`,
      counter: join(folder, entry, "energy_uj"),
      range: range ?? 2 ** 32,
    });
  }
  return domains;
}

async function raplMeter(domains: readonly Domain[]): Promise<EnergyMeter> {
  const readAll = () => Promise.all(domains.map(({ counter }) => readCounter(counter)));
  let last = await readAll();
  let microjoules = 0;
  return {
    name: `RAPL ${domains.map(({ name }) => name).join(", ")}`,
    async read() {
      const now = await readAll();
      for (const [index, { range }] of domains.entries()) {
        const risen = now[index] - last[index];
        microjoules += risen < 0 ? risen + range : risen;
      }
      last = now;
      return microjoules / 1000;
    },
  };
}

/** Since 2020 the kernel lets none but root read them, as they tell what others compute. */
async function readCounter(path: string): Promise<number> {
  const value = Number(
    await readSensorText(path).catch((cause) => {
      throw new AppError(
        "usage",
        `${cause instanceof Error ? cause.message : path}; the processor counts its energy there: run Offramp as root, or let everybody read the file`,
        {},
        { cause },
      );
    }),
  );
  if (Number.isFinite(value) && value >= 0) return value;
  throw new AppError(
    "usage",
    `${path} holds no number, expected the microjoules that the processor has taken`,
  );
}
