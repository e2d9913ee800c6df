import asc from "assemblyscript/asc";
import { silentJob } from "../../shared/base/job.ts";
import { createKernelEvaluator } from "../../shared/evaluate/kernel/kernel-evaluator.ts";
import {
  createSweepEvaluator,
  type SweepEvaluator,
} from "../../shared/evaluate/reference/sweep-evaluator.ts";
import { lastExitSweep, type Sweep } from "../../shared/evaluate/sweep.ts";
import { runSearch } from "../../shared/search/engine/run-search.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import type { BenchOptions, BenchReport } from "./bench-part.ts";
import { table } from "./tables.ts";

const ROUNDS = 7;

/**
 * Plans per second of one thread, by its own CPU time so that other programs don't count: all plans of three
 * exits of some prefixes, as the exact search asks for them, against the curve of a front of two exits; and those of
 * four, as it asks for them at a price.
 */
export async function benchKernel({ seed }: BenchOptions): Promise<BenchReport> {
  const space = table(seed, 18, 4);
  const settings = { useCase: { latency: "mean" as const }, budget: Number.POSITIVE_INFINITY, seed };
  const known = await runSearch(
    { space: { ...space, maxExits: 2 }, algorithm: exact, ...settings },
    silentJob,
  );
  const kernel = createKernelEvaluator(space, "mean")!;
  const reference = createSweepEvaluator(space, "mean");
  kernel.curve.forEach((_, right) => {
    const better = known.front.filter(({ accuracy }) => accuracy * space.samples >= right);
    kernel.curve[right] = Math.min(...better.map(({ latencyMs }) => latencyMs));
  });
  const sweeps = sweepsOf(kernel);
  const pricedSweeps = pricedSweepsOf(kernel);
  const bits = await bitTables();
  // Interleaved, so that whatever else the machine does meets all alike.
  const rates = {
    kernel: [] as number[],
    priced: [] as number[],
    reference: [] as number[],
    bits: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round++) {
    rates.kernel.push(plansPerSecond(kernel, sweeps));
    rates.priced.push(plansPerSecond(kernel, pricedSweeps));
    rates.reference.push(plansPerSecond(reference, sweeps));
    rates.bits.push(bits.plansPerSecond());
  }
  const [own, priced, plain, bit] = [rates.kernel, rates.priced, rates.reference, rates.bits].map(
    (all) => median(all) / 1e6,
  );
  return {
    figures: {
      kernelMillionPerSecond: own,
      pricedMillionPerSecond: priced,
      referenceMillionPerSecond: plain,
      bitTableMillionPerSecond: bit,
    },
    lines: [
      `kernel          ${own.toFixed(1)} million plans/s of CPU time`,
      `at a price      ${priced.toFixed(0)} million plans/s, the least of all`,
      `reference       ${plain.toFixed(1)} million plans/s; the kernel is ${(own / plain).toFixed(1)} times as fast`,
      `bit tables      ${bit.toFixed(1)} million plans/s; the kernel is ${(own / bit).toFixed(1)} times as fast`,
      `popcount limit  ${(bits.popcountLimit() / 1e6).toFixed(1)} million plans/s, from registers`,
      `loading limit   ${(bits.loadLimit() / 1e6).toFixed(1)} million plans/s, from the nearest cache`,
    ],
  };
}

function sweepsOf({ grid }: SweepEvaluator): Sweep[] {
  const sweeps: Sweep[] = [];
  for (const level of [6, 9, 12, 15, 18, 21])
    for (let candidate = 3; candidate < grid.length; candidate++)
      for (let nextCandidate = candidate + 1; nextCandidate < grid.length; nextCandidate++)
        sweeps.push({
          ...lastExitSweep([{ candidate: 2, level }], candidate, grid),
          kind: "two-exits",
          nextCandidate,
        });
  return sweeps;
}

function pricedSweepsOf({ grid }: SweepEvaluator): Sweep[] {
  const sweeps: Sweep[] = [];
  for (const level of [6, 9, 12, 15, 18, 21])
    for (let candidate = 3; candidate < grid.length; candidate++)
      for (let nextCandidate = candidate + 1; nextCandidate + 1 < grid.length; nextCandidate++)
        sweeps.push({
          ...lastExitSweep([{ candidate: 2, level }], candidate, grid),
          kind: "priced",
          nextCandidate,
          lastCandidate: nextCandidate + 1,
          priceMs: 8,
        });
  return sweeps;
}

function plansPerSecond(evaluator: SweepEvaluator, sweeps: readonly Sweep[]): number {
  let plans = 0;
  const seconds = cpuSeconds(() => {
    for (const sweep of sweeps) {
      const { rows, columns } = evaluator.evaluate(sweep);
      plans += rows * columns;
    }
  });
  return plans / seconds;
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Seconds per call, once the engine has optimised what is called. */
function inShortCalls(call: () => void): number {
  const calls = 20_000;
  for (let k = 0; k < calls; k++) call();
  return (
    cpuSeconds(() => {
      for (let k = 0; k < calls; k++) call();
    }) / calls
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

interface BitKernel {
  countRow(
    underWay: number,
    leave: number,
    right: number,
    bytes: number,
    levels: number,
    counts: number,
  ): void;
  readOnly(from: number, bytes: number, times: number): bigint;
  popcountOnly(turns: number): bigint;
}

/** Random bits of 10 000 samples, 32 levels of 16 exits: what the bits are makes no difference to the time. */
async function bitTables() {
  const source = "bench/search/assembly/bit-tables.ts";
  let binary: Uint8Array | undefined;
  const flags = ["--runtime", "stub", "--enable", "simd", "-O3", "--noAssert", "--importMemory"];
  const { error } = await asc.main([source, "--outFile", "bits.wasm", ...flags], {
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") binary = contents;
    },
  });
  if (error || !binary) throw new Error(`${source} doesn't compile: ${error}`);
  const memory = new WebAssembly.Memory({ initial: 64 });
  const module = new WebAssembly.Module(new Uint8Array(binary));
  const bits = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as BitKernel;
  const [bytes, levels, exits] = [1264, 32, 16];
  const [underWay, counts, tables] = [1024, 4096, 8192];
  const tableBytes = bytes * levels;
  const words = new Uint32Array(memory.buffer);
  for (let word = underWay / 4; word < words.length; word++) words[word] = Math.imul(word, 0x9e3779b1);
  return {
    plansPerSecond() {
      const rows = 64;
      const seconds = cpuSeconds(() => {
        for (let row = 0; row < rows; row++)
          for (let exit = 0; exit < exits; exit++) {
            const leave = tables + 2 * exit * tableBytes;
            bits.countRow(underWay, leave, leave + tableBytes, bytes, levels, counts);
          }
      });
      return (rows * exits * levels) / seconds;
    },
    /** Two popcounts of every byte of a plan's two masks, nothing loaded. */
    popcountLimit() {
      const seconds = inShortCalls(() => bits.popcountOnly(1000));
      return (1000 * 4 * 16) / (2 * bytes) / seconds;
    },
    /** Two tables of a plan read once from the first-level cache. */
    loadLimit() {
      return 10 / inShortCalls(() => bits.readOnly(tables, 2 * bytes, 10));
    },
  };
}
