/**
 * The search in figures: the kernel against its reference and against bit tables, exact search, hypervolume
 * over time of every algorithm, how the time to a proof grows, how often plans break their bound with a guarantee and
 * without, and exact search over chains of networks.
 *
 *     npm run bench:search -- [kernel] [exact] [hypervolume] [growth] [guarantee] [chains] [--json]
 *         [--quick] [--seeds N] [--svg FILE]
 *
 * Without names all of them. With --json one object, and nothing else, goes to standard output. The hypervolume is
 * noted up to 10 s, with 60 cut points up to 60 s, or with --quick up to 3 s; --seeds gives medians of so many searches.
 * --svg draws growth or hypervolume, whichever is named.
 */
import os from "node:os";
import { parseArgs } from "node:util";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { benchChains } from "./chains.ts";
import { benchExact } from "./exact.ts";
import { benchGrowth } from "./growth.ts";
import { benchGuarantee } from "./guarantee.ts";
import { benchHypervolume } from "./hypervolume.ts";
import { benchKernel } from "./kernel.ts";

const seed = 1;

const parts: Record<string, (options: BenchOptions) => Promise<BenchReport>> = {
  kernel: benchKernel,
  exact: benchExact,
  hypervolume: benchHypervolume,
  growth: benchGrowth,
  guarantee: benchGuarantee,
  chains: benchChains,
};

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    seeds: { type: "string", default: "1" },
    svg: { type: "string" },
  },
});
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}; choose from ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const print = flags.json ? () => {} : console.log;
const machine = `${os.cpus()[0].model}, ${os.availableParallelism()} cores, node ${process.version}`;
const load = os.loadavg()[0];
print(`machine  ${machine}, load ${load.toFixed(1)}`);
print(`seed     ${seed}`);
let figures: Record<string, unknown> = { machine, load, seed };
for (const [name, bench] of Object.entries(parts)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const report = await bench({ ...flags, seed, seeds: Number(flags.seeds) });
  figures = { ...figures, ...report.figures };
  print(["", name, ...report.lines].join("\n"));
}
if (flags.json) console.log(JSON.stringify(figures));
