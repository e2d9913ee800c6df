import {
  formatCount,
  formatExactFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
  formatSignedPoints,
} from "../../base/format-number.ts";
import type { FleetComparison, Ranking, TransferRow } from "../../fleet/compare-targets.ts";
import { describeConstraint } from "../../model/constraints.ts";
import { describeLink } from "../words/describe-link.ts";
import { type PartedNetwork, partitionLabel } from "../words/describe-partition.ts";
import { chainLabel, namedByTensor, placeOfExit } from "../words/describe-plan.ts";
import { describeTarget } from "../words/describe-target.ts";
import type { NetworkTitles } from "../words/network-titles.ts";

/** Rows of text under their heads, for terminal and report. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was left out, a sentence; nothing where all is there. */
  readonly note?: string;
}

/** Rows that a person still reads. */
const mostRows = 24;

/** Of many rows those that matter most, in their order. @param weight the more the worse */
function worstOf<Row>(rows: readonly Row[], weight: (row: Row) => number) {
  if (rows.length <= mostRows) return { kept: rows };
  const worst = new Set([...rows].sort((a, b) => weight(b) - weight(a)).slice(0, mostRows));
  const note = `The ${mostRows} worst of ${formatCount(rows.length)} rows.`;
  return { kept: rows.filter((row) => worst.has(row)), note };
}

/** What a target is called where there is little room: A, B … Z, AA. */
export function targetLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : targetLetter(Math.floor(index / 26) - 1) + letter;
}

/** A server that plans may continue on: "rack · cpu, 1 thread, 5.00 ms one way, 100 Mbit/s". */
export function serverText({ target, link }: NonNullable<FleetComparison["server"]>): string {
  return `${describeTarget(target)}, ${describeLink(link)}`;
}

/** Who the targets are, and how fast the plan is that was chosen for each. */
export function targetsTable({ targets, transfers }: FleetComparison): TextTable {
  return {
    head: ["", "target", "profile", "backbone", "its plan", "accuracy", "search"],
    rows: targets.map((own, index) => {
      const { speedup, accuracy } = transferOf(transfers, index, index);
      return [
        targetLetter(index),
        describeTarget(own.target),
        own.trust ?? "not known",
        formatMs(own.backboneMs),
        formatExactFactor(speedup),
        formatPercent(accuracy, 2),
        own.search.proven ? "proven" : "not proven",
      ];
    }),
  };
}

/** The plans' exits, a row each. @param networks of the project, the backbone first */
export function plansTable(
  { targets, server }: FleetComparison,
  titles: NetworkTitles,
  networks: readonly PartedNetwork[],
): TextTable {
  const places = namedByTensor(titles);
  return {
    head: ["plan of", "goes through", ...(server ? ["partitioned at"] : []), "exit", "threshold"],
    rows: targets.flatMap(({ plan }, index) => {
      const partition = server ? [partitionLabel(plan, networks, titles)] : [];
      const own = [targetLetter(index), chainLabel(plan, titles), ...partition];
      if (plan.exits.length === 0) return [[...own, "none", ""]];
      return plan.exits.map((exit, place) => [
        ...(place === 0 ? own : own.map(() => "")),
        placeOfExit(exit, plan, places),
        exit.threshold.toFixed(4),
      ]);
    }),
  };
}

/** A comparison has every pair. */
export function transferOf(transfers: readonly TransferRow[], from: number, to: number): TransferRow {
  return transfers.find((row) => row.from === from && row.to === to)!;
}

/** Every target's plan on the other targets; which limits it breaks there only if one does. */
export function transfersTable({ transfers, useCase }: FleetComparison): TextTable {
  const foreign = transfers.filter(({ from, to }) => from !== to);
  const { kept, note } = worstOf(foreign, ({ lostPct }) => lostPct);
  const isBroken = kept.some(({ misses }) => misses.length > 0);
  const broken = ({ misses }: TransferRow) =>
    misses
      .map(({ constraint, wanted }) => describeConstraint(constraint, wanted, useCase.latency))
      .join(", ");
  return {
    note,
    head: [
      ...[
        "plan of",
        "runs on",
        "speed-up",
        "its own plan's",
        "lost",
        "95 %",
        "accuracy",
        "exits",
        "behind its front",
      ],
      ...(isBroken ? ["breaks"] : []),
    ],
    rows: kept.map((row) => [
      targetLetter(row.from),
      targetLetter(row.to),
      formatExactFactor(row.speedup),
      formatExactFactor(transferOf(transfers, row.to, row.to).speedup),
      formatLoss(row.lostPct),
      lossInterval(row),
      formatSignedPoints(-row.accuracyLostPp),
      exitsText[row.exits],
      frontText(row),
      ...(isBroken ? [broken(row)] : []),
    ]),
  };
}

/** Per cent of a speed-up; what is gained has its sign. */
export function formatLoss(lostPct: number): string {
  return formatPercent(lostPct / 100);
}

function lossInterval({ lostIntervalPct }: TransferRow): string {
  if (!lostIntervalPct) return "not known";
  const [low, high] = lostIntervalPct.map((bound) => formatPercent(bound / 100));
  return low === high ? low : `${low.replace(/ %$/, "")} to ${high}`;
}

/** Whether a loss or a gain is within the profile's intervals; undefined where it has none. */
export function isLossOpen({ lostIntervalPct, exits }: TransferRow): boolean | undefined {
  if (exits === "same") return false;
  return lostIntervalPct && lostIntervalPct[0] <= 0 && lostIntervalPct[1] >= 0;
}

const exitsText: Readonly<Record<TransferRow["exits"], string>> = {
  same: "the same",
  "other partition": "the same, another partition",
  "same places": "the same, other thresholds",
  other: "others",
};

function frontText({ beatenBy, front, behindPct }: TransferRow): string {
  if (beatenBy === 0) return "on it";
  return `${formatSignedPercent(behindPct)}, ${beatenBy} of ${front} beat it`;
}

/** How far the rankings of two targets agree. */
export function rankingsTable({ rankings }: FleetComparison, titles: NetworkTitles): TextTable {
  const { kept, note } = worstOf(rankings, ({ tauB }) => -(tauB ?? 1));
  return {
    note,
    head: [
      "targets",
      "ranked",
      "number",
      "tau-b",
      "Spearman",
      "change places",
      "beyond 95 %",
      "largest shift",
    ],
    rows: kept.map((ranking) => [
      ranking.targets.map(targetLetter).join(", "),
      rankedText(ranking, titles),
      String(ranking.items),
      correlation(ranking.tauB),
      correlation(ranking.spearman),
      `${formatCount(ranking.swapped)} of ${formatCount(ranking.pairs)}`,
      ranking.swappedSurely === undefined ? "not known" : String(ranking.swappedSurely),
      shiftText(ranking),
    ]),
  };
}

/** What is ranked, in words. */
export function rankedText(
  { kind, network }: Pick<Ranking, "kind" | "network">,
  titles: NetworkTitles,
): string {
  const name = titles.short(network);
  switch (kind) {
    case "prefixes":
      return `prefixes of ${name}`;
    case "stretches":
      return `stretches of ${name}`;
    case "exits":
      return "exits by cost";
    case "plans":
      return "plans by latency";
  }
}

/** A rank correlation to three digits. */
export function correlation(value: number | undefined): string {
  return value === undefined ? "none" : value.toFixed(3).replace(/^-0\.000$/, "0.000");
}

/** By how much the share differs most, in percentage points of the whole. */
function shiftText({ largestShift: { one, other, isOpen } }: Ranking): string {
  const shift = formatPoints(100 * Math.abs(one - other));
  return isOpen && one !== other ? `${shift}, within 95 %` : shift;
}
