import type { SearchSpace } from "../search/search-space.ts";
import { EXIT_RIGHT, LEVEL_SHIFT } from "./level-codes.ts";
import type { PlacedExit } from "./sweep.ts";

/**
 * The samples that are still under way after each exit of a prefix, as a stack: depth d stands behind the
 * prefix's first d exits. Walks that share a beginning share the work for it.
 */
export interface Travellers {
  /** Goes to the end of the prefix, from the longest beginning that it has in common with the last one. */
  moveTo(prefix: readonly PlacedExit[]): void;
  /** Sample indices per depth; the first `remaining[depth]` count. */
  readonly samples: readonly Int32Array[];
  readonly remaining: Int32Array;
  /** Samples that have left rightly, before each depth. */
  readonly right: Int32Array;
  /** Sum of h over the prefix's exits, before each depth, ms. */
  readonly headsMs: Float64Array;
}

/** @param codes level codes per candidate [candidates][samples] */
export function createTravellers(space: SearchSpace, codes: readonly Uint16Array[]): Travellers {
  const depths = Math.max(1, space.maxExits);
  const samples = Array.from({ length: depths }, () => new Int32Array(space.samples));
  const remaining = new Int32Array(depths);
  const right = new Int32Array(depths);
  const headsMs = new Float64Array(depths);
  const path: PlacedExit[] = [];
  for (let sample = 0; sample < space.samples; sample++) samples[0][sample] = sample;
  remaining[0] = space.samples;

  function push(exit: PlacedExit): void {
    const depth = path.length;
    const code = codes[exit.candidate];
    const source = samples[depth];
    const target = samples[depth + 1];
    const staying = (exit.level + 1) << LEVEL_SHIFT;
    const count = remaining[depth];
    let stayed = 0;
    let leftRight = 0;
    for (let k = 0; k < count; k++) {
      const sample = source[k];
      if (code[sample] >= staying) target[stayed++] = sample;
      else if (code[sample] & EXIT_RIGHT) leftRight++;
    }
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

  return { moveTo, samples, remaining, right, headsMs };
}

function sameExit(a: PlacedExit, b: PlacedExit): boolean {
  return a.candidate === b.candidate && a.level === b.level;
}
