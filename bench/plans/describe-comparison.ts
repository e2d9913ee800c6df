import { factor, percent, points, spread, table } from "../../electron/cli/format.ts";
import { networkNames } from "../../electron/engine/index.ts";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import type { BenchedProject } from "./benched-project.ts";
import type { Choice, Comparison, SearchEnd, Wishes } from "./compare-kinds.ts";
import type { Outcome } from "./run-outcomes.ts";
import type { VerifiedFigures } from "./verified-choice.ts";

interface Described extends BenchedProject {
  readonly machine: string;
  readonly wishes: Wishes;
}

/** What was compared, and how, as people read it in a terminal. */
export function describeComparison(
  { project, profile, data, machine, wishes }: Described,
  { samples, backboneAccuracy, kinds: compared, best }: Comparison,
  outcomes: readonly Outcome[],
): string {
  const { dropsPp, exits, bestExits } = wishes;
  const speedups = (choices: readonly Choice[]) =>
    choices.map(({ chosen }) => (chosen ? factor(chosen.speedup) : "none"));
  const kinds = Object.keys(compared);
  const fronts = kinds.map((kind) => {
    const { hypervolume, plans, choices, unbeaten, ...end } = compared[kind];
    return [
      kind,
      hypervolume.toFixed(4),
      ...speedups(choices),
      String(plans),
      String(unbeaten),
      ...endOf(end),
    ];
  });
  const bestRows = best.map((found) => [`${found.wishPp}`, ...speedups([found]), ...endOf(found)]);
  const lines = [
    `machine   ${machine}`,
    `networks  ${networkNames(project)
      .map(({ name }) => name)
      .join(", ")}`,
    `samples   ${samples} to choose on, the backbone is right on ${percent(backboneAccuracy, 2)}; ${data.splits.test.indices.length} to verify on`,
    `profile   ${describeQuality(profile.quality)}`,
    "",
    `speed-up on the calibration split at a drop of at most (pp); plans of up to ${exits} exits; unbeaten: plans that none of ${kinds[kinds.length - 1]} is as good as`,
    ...table(
      ["plans", "hypervolume", ...dropsPp.map(String), "front", "unbeaten", "proven", "in", "evaluated"],
      fronts,
    ),
    "",
    `the best of ${kinds[kinds.length - 1]}, of up to ${bestExits} exits`,
    ...table(["drop, pp", "speed-up", "proven", "in", "evaluated"], bestRows),
    ...verifiedLines(outcomes),
  ];
  return lines.join("\n");
}

/** Nothing where no file was run. */
function verifiedLines(outcomes: readonly Outcome[]): string[] {
  const rows = verifiedRows(outcomes);
  if (rows.length === 0) return [];
  return [
    "",
    "exported files on the test split; the wish is kept, or lies in the drop's 95 % interval, or is missed",
    ...table(
      [
        "wish, pp",
        "drop, pp",
        "wish",
        "speed-up",
        "predicted",
        "decisions agree",
        "exits",
        "through",
        "best of",
      ],
      rows,
    ),
  ];
}

/** A line per wish and plan, with the kinds whose best it is. */
function verifiedRows(outcomes: readonly Outcome[]): string[][] {
  const rows = new Map<
    string,
    { readonly kinds: string[]; readonly wishPp: number; readonly cells: string[] }
  >();
  for (const { kind, wishPp, chosen, goesThrough = "", verified: found } of outcomes) {
    if (!chosen || !found) continue;
    const key = JSON.stringify([wishPp, chosen.plan]);
    const cells = [
      points(found.dropPp, found.dropHalfWidthPp),
      wishWord(wishPp, found),
      `${factor(found.speedup)}${spread(found.speedupInterval)}`,
      `${factor(found.predictedSpeedup)}${found.isSpeedupWithin === false ? ", outside" : ""}`,
      percent(found.decisionAgreement, 2),
      String(chosen.plan.exits.length),
      goesThrough,
    ];
    const row = rows.get(key) ?? { kinds: [], wishPp, cells };
    row.kinds.push(kind);
    rows.set(key, row);
  }
  return [...rows.values()]
    .sort((one, other) => one.wishPp - other.wishPp)
    .map(({ wishPp, cells, kinds: bestOf }) => [String(wishPp), ...cells, bestOf.join(", ")]);
}

function wishWord(wishPp: number, { dropPp, dropHalfWidthPp }: VerifiedFigures): string {
  if (dropPp <= wishPp) return "kept";
  return dropPp - dropHalfWidthPp <= wishPp ? "within" : "missed";
}

function endOf({ proven, gap, seconds: took, evaluations }: SearchEnd): string[] {
  const end = proven ? "yes" : gap === undefined ? "no" : `gap ${percent(gap, 2)}`;
  return [end, `${took.toFixed(1)} s`, `${(evaluations / 1e6).toFixed(1)} M`];
}
