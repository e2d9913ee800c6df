/**
 * The search in figures: the kernel against its reference and against bit tables, exact search, hypervolume
 * over time of every algorithm, how the time to a proof grows, and how often plans break their bound with a guarantee and without.
 *
 *     npm run bench:search -- [kernel] [exact] [hypervolume] [growth] [guarantee] [--json]
 *
 * Without names all of them. With --json one object, and nothing else, goes to standard output.
 */
import os from "node:os";
import { benchExact } from "./exact.ts";
import { benchGrowth } from "./growth.ts";
import { benchGuarantee } from "./guarantee.ts";
import { benchHypervolume } from "./hypervolume.ts";
import { benchKernel } from "./kernel.ts";

export const seed = 1;

/** What a part says: figures for the JSON object, and lines for people. */
export interface BenchReport {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

const parts: Record<string, (seed: number) => Promise<BenchReport>> = {
  kernel: benchKernel,
  exact: benchExact,
  hypervolume: benchHypervolume,
  growth: benchGrowth,
  guarantee: benchGuarantee,
};

const names = process.argv.slice(2).filter((argument) => argument !== "--json");
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}; choose from ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const print = process.argv.includes("--json") ? () => {} : console.log;
const machine = `${os.cpus()[0].model}, ${os.availableParallelism()} cores, node ${process.version}`;
const load = os.loadavg()[0];
print(`machine  ${machine}, load ${load.toFixed(1)}`);
print(`seed     ${seed}`);
let figures: Record<string, unknown> = { machine, load, seed };
for (const [name, bench] of Object.entries(parts)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const report = await bench(seed);
  figures = { ...figures, ...report.figures };
  print(["", name, ...report.lines].join("\n"));
}
if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
