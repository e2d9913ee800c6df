import type { SearchSpace } from "../../space/search-space.ts";
import { EXIT_RIGHT, LEVEL_SHIFT } from "../level-codes.ts";
import type { PlacedExit } from "../sweep.ts";

/**
 * Where an evaluator stands: how many samples are still under way after each exit of a prefix, as a stack: depth
 * d stands behind the prefix's first d exits. Walks that share a beginning share the work for it.
 */
export interface Trace {
  /** Goes to the end of the prefix, from the longest beginning that it has in common with the last one. */
  moveTo(prefix: readonly PlacedExit[]): void;
  readonly remaining: Int32Array;
  /** Samples that have left rightly, before each depth. */
  readonly right: Int32Array;
  /** Sum of h over the prefix's exits, before each depth, ms. */
  readonly headsMs: Float64Array;
}

export interface SampleTrace extends Trace {
  /** Sample indices per depth; the first `remaining[depth]` count. */
  readonly samples: readonly Int32Array[];
}

/** @param codes level codes per candidate [candidates][samples] */
export function createSampleTrace(space: SearchSpace, codes: readonly Uint16Array[]): SampleTrace {
  const samples = Array.from({ length: Math.max(1, space.maxExits) }, () => new Int32Array(space.samples));
  for (let sample = 0; sample < space.samples; sample++) samples[0][sample] = sample;

  const trace = createTrace(space, (depth, exit, count) => {
    const code = codes[exit.candidate];
    const source = samples[depth];
    const target = samples[depth + 1];
    const staying = (exit.level + 1) << LEVEL_SHIFT;
    let stayed = 0;
    let leftRight = 0;
    for (let k = 0; k < count; k++) {
      const sample = source[k];
      if (code[sample] >= staying) target[stayed++] = sample;
      else if (code[sample] & EXIT_RIGHT) leftRight++;
    }
    return { stayed, leftRight };
  });
  return { ...trace, samples };
}

/**
 * Lets the `count` samples at a depth meet an exit; those who stay are kept for the next depth.
 * @returns how many stay, and how many leave rightly
 */
export type PassExit = (
  depth: number,
  exit: PlacedExit,
  count: number,
) => { readonly stayed: number; readonly leftRight: number };

/** @param pass does the work of an exit that the last prefix hadn't in common */
export function createTrace(space: SearchSpace, pass: PassExit): Trace {
  const depths = Math.max(1, space.maxExits);
  const remaining = new Int32Array(depths);
  const right = new Int32Array(depths);
  const headsMs = new Float64Array(depths);
  const path: PlacedExit[] = [];
  remaining[0] = space.samples;

  function push(exit: PlacedExit): void {
    const depth = path.length;
    const { stayed, leftRight } = pass(depth, exit, remaining[depth]);
    remaining[depth + 1] = stayed;
    right[depth + 1] = right[depth] + leftRight;
    headsMs[depth + 1] = headsMs[depth] + space.candidates[exit.candidate].headMs;
    path.push(exit);
  }

  function moveTo(prefix: readonly PlacedExit[]): void {
    let shared = 0;
    while (shared < path.length && shared < prefix.length && sameExit(path[shared], prefix[shared])) shared++;
    path.length = shared;
    for (let k = shared; k < prefix.length; k++) push(prefix[k]);
  }

  return { moveTo, remaining, right, headsMs };
}

function sameExit(a: PlacedExit, b: PlacedExit): boolean {
  return a.candidate === b.candidate && a.level === b.level;
}

export function sameExits(a: readonly PlacedExit[], b: readonly PlacedExit[]): boolean {
  return a.length === b.length && a.every((exit, k) => sameExit(exit, b[k]));
}
