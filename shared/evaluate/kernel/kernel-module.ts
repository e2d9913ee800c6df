import { sweepKernelBytes } from "./gen/sweep-kernel-bytes.ts";

/** What `assembly/sweep-kernel.ts` exports; arguments named after an array are addresses in the memory. */
export interface KernelExports {
  listStayers(underWay: number, codes: number, count: number, staying: number, stayers: number): bigint;
  gather(codes: number, samples: number, count: number, target: number): void;
  countCodes(codes: number, count: number, bins: number, binCount: number): void;
  countPairs(first: number, second: number, count: number, bins: number, stride: number, rows: number): void;
  markBackbone(codes: number, count: number, exits: number, outcomes: number): void;
  markLeavers(codes: number, count: number, staying: number, exit: number, outcomes: number): void;
  countOutcomes(
    codes: number,
    outcomes: number,
    count: number,
    bins: number,
    width: number,
    binCount: number,
  ): void;
  addRowsUp(bins: number, rows: number, stride: number): void;
  writeHitsTo(plans: number, right: number, latency: number, passingBoth: number): void;
  meanHits(
    bins: number,
    stride: number,
    fromRow: number,
    toRow: number,
    columns: number,
    remaining: number,
    passing: number,
    rightBase: number,
    prefixSum: number,
    firstMs: number,
    secondMs: number,
    backboneMs: number,
    samples: number,
    curve: number,
  ): number;
  percentileHits(
    bins: number,
    stride: number,
    fromRow: number,
    toRow: number,
    columns: number,
    remaining: number,
    passing: number,
    rightBase: number,
    order: number,
    counts: number,
    costs: number,
    depth: number,
    needed: number,
    curve: number,
  ): number;
  sortByLevel(
    codes: number,
    samples: number,
    count: number,
    levels: number,
    ends: number,
    sorted: number,
  ): void;
  gatherRows(codes: number, samples: number, count: number, rowBytes: number, rows: number): void;
  gatherColumns(codes: number, samples: number, count: number, columnAt: number, columns: number): void;
  carryTo(sums: number, minima: number): void;
  minOfPairs(
    rows: number,
    columns: number,
    ends: number,
    levels: number,
    rowCount: number,
    blocks: number,
    rowPrices: number,
    columnPrices: number,
    bins: number,
    minima: number,
  ): void;
}

/** The little of WebAssembly that is used here; `shared/` compiles without the types of any platform. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

export interface KernelInstance {
  readonly exports: KernelExports;
  readonly buffer: ArrayBuffer;
}

const PAGE_BYTES = 65_536;

/** What the module itself may use at the start of the memory. */
export const KERNEL_BASE = 1024;

/** Compiled once; every evaluator has an instance and a memory of its own. */
let compiled: object | undefined;

/**
 * The kernel with a memory of its own.
 * @param bytes how much memory it needs
 * @returns nothing where the platform has no WebAssembly, forbids it, or hasn't got that much memory
 */
export function instantiateKernel(bytes: number): KernelInstance | undefined {
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };
  if (!WebAssembly) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    compiled ??= new WebAssembly.Module(sweepKernelBytes);
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { exports: exports as KernelExports, buffer: memory.buffer };
  } catch {
    return undefined;
  }
}
