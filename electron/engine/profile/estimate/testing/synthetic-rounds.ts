import { type Random, randomInteger, randomNormal } from "../../../../../shared/base/random.ts";
import type { ExitTimings, GroupTimings } from "../fit-latencies.ts";
import type { Timing } from "../timing.ts";

/** What a machine does to a run: from what the run needs and when it starts to what it takes, ms. */
export type Disturbance = (needsMs: number, atMs: number, random: Random) => number;

/** A network of which all is known. */
export interface KnownNetwork {
  readonly backboneMs: number;
  readonly finalMs: number;
  readonly emptyMs: number;
  /** What passing an exit adds to its head. */
  readonly branchMs: number;
  readonly prefixMs: readonly number[];
  /** Of the heads alone. */
  readonly headMs: readonly number[];
}

/** Ten cut points at even distances, and heads of 0.5 % to 2 % of the backbone. */
export const tenCuts: KnownNetwork = {
  backboneMs: 2,
  finalMs: 2.02,
  emptyMs: 0.006,
  branchMs: 0.02,
  prefixMs: Array.from({ length: 10 }, (_, cut) => 0.19 * (cut + 1)),
  headMs: Array.from({ length: 10 }, (_, cut) => 0.04 - 0.003 * cut),
};

/** Steady up to two per cent, as a machine that does nothing else. */
export const calm: Disturbance = (needs, _at, random) => needs * (1 + 0.02 * Math.abs(randomNormal(random)));

/** Measures it as a profile does, by a clock that the disturbed runs move. */
export function measureKnown(
  network: KnownNetwork,
  rounds: number,
  random: Random,
  disturb: Disturbance = calm,
): GroupTimings {
  const { backboneMs, finalMs, emptyMs, branchMs, prefixMs, headMs } = network;
  let clock = 0;
  const subject = (needs: number, every = 1) => ({ needs, every, timings: [] as Timing[] });
  const exits = prefixMs.map((prefix, cut) => {
    const whole = headMs[cut] + branchMs;
    return {
      leave: subject(prefix + whole),
      pass: subject(finalMs + whole, 4),
      head: subject(headMs[cut] + emptyMs),
    };
  });
  const [backbone, final, empty, decision] = [backboneMs, finalMs, emptyMs, emptyMs + 0.002].map((needs) =>
    subject(needs),
  );
  const all = [
    backbone,
    final,
    empty,
    decision,
    ...exits.flatMap(({ leave, pass, head }) => [leave, pass, head]),
  ];
  for (let round = 0; round < rounds; round++) {
    const first = randomInteger(random, all.length);
    for (let offset = 0; offset < all.length; offset++) {
      const { needs, every, timings } = all[(first + offset) % all.length];
      for (let time = 0; round % every === 0 && time < 2; time++) {
        const ms = disturb(needs, clock, random);
        timings.push({ ms, wallMs: ms, atMs: clock, round });
        clock += 2 * ms;
      }
    }
  }
  return {
    rounds,
    backbone: backbone.timings,
    final: final.timings,
    empty: empty.timings,
    decisions: [decision.timings],
    exits: exits.map(
      ({ leave, pass, head }, cut): ExitTimings => ({
        cut,
        kind: "head",
        work: [1, 1000 - 70 * cut, 10],
        leave: leave.timings,
        pass: pass.timings,
        head: head.timings,
      }),
    ),
  };
}
