import { factor, milliseconds, points, table } from "../../electron/cli/format.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import type { Difference, PolicyChoice, PolicyFigures } from "./compare-policies.ts";
import type { PlacedSplits } from "./memory-plans.ts";

/** What was compared on what. */
export interface Described {
  readonly machine: string;
  readonly plan: PartitionedPlan;
  readonly profile: Profile;
  readonly splits: PlacedSplits;
  /** What an ensemble adds at each output, ms. */
  readonly arithmeticMs: readonly number[];
}

/** The comparison as people read it in a terminal; the first policies are those without memory. */
export function describePolicies(
  { machine, plan, profile, splits, arithmeticMs }: Described,
  policies: readonly PolicyFigures[],
): string {
  const [, ...others] = policies;
  const fronts = policies.map(({ title, hypervolume, gain, plans }, index) => [
    title,
    hypervolume.toFixed(4),
    index === 0 ? "" : signed(gain, 4),
    String(plans),
  ]);
  const rows = policies.flatMap(({ title, choices }, index) =>
    choices.map((choice) => [String(choice.wishPp), title, ...cellsOf(choice, index === 0)]),
  );
  rows.sort((one, other) => Number(one[0]) - Number(other[0]));
  return [
    `machine   ${machine}`,
    `plan      ${plan.exits.map(({ cutPoint, head }) => `${head} at ${cutPoint}`).join(", ")}`,
    `samples   ${splits.choice.space.samples} to fit and choose on, ${splits.test.space.samples} to report on`,
    `profile   ${describeQuality(profile.quality)}`,
    `ensemble  adds ${arithmeticMs.map(milliseconds).join(", ")} at the outputs, the network takes ${milliseconds(profile.backbone.meanMs)}`,
    "",
    "plans that none of their kind beats where they were chosen, on the test split",
    ...table(["policy", "hypervolume", "more than without memory", "plans"], fronts),
    "",
    "the fastest plans for drops on the calibration split (pp), on the test split; the last two beside no memory for the same drop",
    ...table(["drop", "policy", "drop on test", "mean", "speed-up", "latency, %", "accuracy, pp"], rows),
    "",
    ...others.map(verdict),
  ].join("\n");
}

function cellsOf({ test }: PolicyChoice, isPlain: boolean): string[] {
  const { dropPp, meanMs, speedup, latencyPct, accuracyPp } = test;
  return [
    points(dropPp.difference, dropPp.halfWidth),
    milliseconds(meanMs),
    factor(speedup),
    ...(isPlain ? ["", ""] : [signed(latencyPct, 1), signed(accuracyPp, 2)]),
  ];
}

function signed({ difference, halfWidth }: Difference, digits: number): string {
  return `${difference < 0 ? "" : "+"}${difference.toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
}

/** What memory brings, in words: more than chance, nothing that can be told from chance, or harm. */
export function verdict({ title, gain }: PolicyFigures): string {
  const { difference, halfWidth } = gain;
  const word =
    difference > halfWidth
      ? "gains something"
      : difference < -halfWidth
        ? "loses something"
        : "gains nothing";
  return `${title} ${word}: ${signed(gain, 4)} of the hypervolume`;
}
