import type { SearchSpace } from "../../space/search-space.ts";
import { LEVEL_SHIFT } from "../level-codes.ts";
import { createTrace, type Trace } from "../reference/sample-trace.ts";
import type { KernelLayout } from "./kernel-memory.ts";
import type { KernelExports } from "./kernel-module.ts";

/** The samples at each depth of a trace, in the kernel's memory. */
export interface KernelSamples {
  readonly trace: Trace;
  /** Changes whenever other samples are at a depth. */
  visitOf(depth: number): number;
  /** Address of a candidate's codes for the samples at a depth: gathered once, for whoever first asks for them. */
  codesAt(depth: number, candidate: number): number;
}

export function createKernelSamples(
  space: SearchSpace,
  at: KernelLayout["at"],
  exports: KernelExports,
): KernelSamples {
  const visits = new Int32Array(at.codes.length);
  const gatheredAt = at.codes.map((row) => new Int32Array(row.length).fill(-1));

  function codesAt(depth: number, candidate: number): number {
    const target = at.codes[depth][candidate];
    if (depth === 0 || gatheredAt[depth][candidate] === visits[depth]) return target;
    exports.gather(at.codes[0][candidate], at.samples[depth], trace.remaining[depth], target);
    gatheredAt[depth][candidate] = visits[depth];
    return target;
  }

  const trace = createTrace(space, (depth, exit, count) => {
    const staying = (exit.level + 1) << LEVEL_SHIFT;
    const arriving = codesAt(depth, exit.candidate);
    const both = exports.listStayers(at.samples[depth], arriving, count, staying, at.samples[depth + 1]);
    visits[depth + 1]++;
    return { stayed: Number(both & 0xffffffffn), leftRight: Number(both >> 32n) };
  });

  return { trace, visitOf: (depth) => visits[depth], codesAt };
}
