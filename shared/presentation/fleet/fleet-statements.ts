import {
  formatCount,
  formatCounted,
  formatExactFactor,
  formatPoints,
  formatRange,
} from "../../base/format-number.ts";
import type { FleetComparison, Ranking, TransferRow } from "../../fleet/compare-targets.ts";
import { describeConstraint } from "../../model/constraints.ts";
import type { Statement } from "../../model/statement.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import { correlation, formatLoss, isLossOpen, rankedText, targetLetter, transferOf } from "./fleet-table.ts";

type Speaker = (comparison: FleetComparison, titles: NetworkTitles) => Statement[];

/** What a comparison of targets comes to, in the order of reading. */
export function fleetStatements(comparison: FleetComparison, titles: NetworkTitles): Statement[] {
  return speakers.flatMap((speak) => speak(comparison, titles));
}

const speakers: readonly Speaker[] = [
  worstLoss,
  worstAccuracy,
  openLosses,
  brokenLimits,
  (comparison) => rankingOf(comparison, "plans", "Plans by latency"),
  stretchRankings,
  unprovenFronts,
  poorProfiles,
];

/** Less isn't worth a word, per cent. */
const noticedLossPct = 0.05;

function foreign({ transfers }: FleetComparison): TransferRow[] {
  return transfers.filter(({ from, to }) => from !== to);
}

function worstLoss(comparison: FleetComparison): Statement[] {
  const rows = foreign(comparison);
  const worst = rows.reduce((most, row) => (row.lostPct > most.lostPct ? row : most));
  const values = { lostPct: worst.lostPct, speedup: worst.speedup };
  if (worst.lostPct < noticedLossPct)
    return [
      {
        id: "loss",
        tone: "good",
        text: "Every target's plan is as fast on the others as the plans that were chosen for them.",
        values,
      },
    ];
  const [plan, target] = [worst.from, worst.to].map(targetLetter);
  const own = transferOf(comparison.transfers, worst.to, worst.to).speedup;
  const isOpen = isLossOpen(worst);
  return [
    {
      id: "loss",
      tone: isOpen ? "plain" : "warn",
      text:
        `The plan of ${plan} loses the most, on ${target}: ${formatLoss(worst.lostPct)} of the speed-up${intervalText(worst)}, ` +
        `${formatExactFactor(worst.speedup)} instead of ${formatExactFactor(own)}.`,
      values,
    },
  ];
}

/** Where speed alone is wanted plans are chosen by their accuracy, so that is what another target's plan loses. */
function worstAccuracy(comparison: FleetComparison): Statement[] {
  const { minAccuracy, maxDropPp } = comparison.useCase;
  if (minAccuracy !== undefined || maxDropPp !== undefined) return [];
  const worst = foreign(comparison).reduce((most, row) =>
    row.accuracyLostPp > most.accuracyLostPp ? row : most,
  );
  if (worst.accuracyLostPp <= 0) return [];
  const [plan, target] = [worst.from, worst.to].map(targetLetter);
  return [
    plain(
      "accuracy",
      `The plan of ${plan} is the furthest from what the limits allow, on ${target}: ${formatPoints(worst.accuracyLostPp)} less accurate than the plan that was chosen there.`,
      { accuracyLostPp: worst.accuracyLostPp },
    ),
  ];
}

function intervalText({ lostIntervalPct }: TransferRow): string {
  return lostIntervalPct ? ` (95 %: ${formatRange(lostIntervalPct, formatLoss)})` : "";
}

function openLosses(comparison: FleetComparison): Statement[] {
  const lost = foreign(comparison).filter(({ lostPct }) => Math.abs(lostPct) >= noticedLossPct);
  const open = lost.filter((row) => isLossOpen(row) === true);
  const unknown = lost.filter((row) => isLossOpen(row) === undefined);
  return [
    ...(open.length === 0
      ? []
      : [
          plain(
            "open",
            `${open.length} of the ${formatCounted(lost.length, "difference")} ${open.length === 1 ? "is" : "are"} within the profiles' 95 % intervals: profile longer to tell (--profile-seconds, --until good).`,
            { open: open.length, differences: lost.length },
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          plain(
            "unknown",
            `Of ${formatCounted(unknown.length, "difference")} nobody knows how sure it is, for a profile has no intervals.`,
            { unknown: unknown.length },
          ),
        ]),
  ];
}

function brokenLimits(comparison: FleetComparison): Statement[] {
  const { latency } = comparison.useCase;
  return foreign(comparison)
    .filter(({ misses, to }) => misses.length > 0 && comparison.targets[to].plan.feasible)
    .map(({ from, to, misses }) => ({
      id: "limits",
      tone: "warn",
      text: `The plan of ${targetLetter(from)} breaks ${misses.map(({ constraint, wanted }) => describeConstraint(constraint, wanted, latency)).join(" and ")} on ${targetLetter(to)}; the one chosen for ${targetLetter(to)} keeps it.`,
      values: { misses: misses.length },
    }));
}

/** The two targets on which a kind of thing is ordered least alike. */
function rankingOf(
  { rankings }: FleetComparison,
  kind: Ranking["kind"],
  what: string,
  network?: string,
): Statement[] {
  const own = rankings.filter((ranking) => ranking.kind === kind && ranking.network === network);
  if (own.length === 0) return [];
  const tau = ({ tauB }: Ranking) => tauB ?? 1;
  const least = own.reduce((lowest, ranking) => (tau(ranking) < tau(lowest) ? ranking : lowest));
  const { targets, swapped, swappedSurely, pairs, tauB } = least;
  const [one, other] = targets.map(targetLetter);
  const sure =
    swapped === 0 || swappedSurely === undefined
      ? ""
      : `, ${swappedSurely === 0 ? "none" : formatCount(swappedSurely)} of them beyond the profiles' 95 % intervals`;
  return [
    plain(
      kind,
      `${what} are ordered least alike on ${one} and ${other}: tau-b ${correlation(tauB)}, ${formatCount(swapped)} of ${formatCounted(pairs, "pair")} change places${sure}.`,
      { tauB: tauB ?? 0, swapped, pairs },
    ),
  ];
}

function stretchRankings(comparison: FleetComparison, titles: NetworkTitles): Statement[] {
  const networks = new Set(
    comparison.rankings.flatMap(({ kind, network }) =>
      kind === "stretches" && network !== undefined ? [network] : [],
    ),
  );
  return [...networks].flatMap((network) => {
    const words = rankedText({ kind: "stretches", network }, titles);
    return rankingOf(
      comparison,
      "stretches",
      words.replace(/^./, (letter) => letter.toUpperCase()),
      network,
    );
  });
}

function unprovenFronts({ targets }: FleetComparison): Statement[] {
  const letters = targets.flatMap(({ search }, index) => (search.proven ? [] : [targetLetter(index)]));
  if (letters.length === 0) return [];
  return [
    {
      id: "unproven",
      tone: "warn",
      text: `The search for ${letters.join(" and ")} isn't proven: a better plan may be missing, and a loss be larger or smaller.`,
      values: { unproven: letters.length },
    },
  ];
}

function poorProfiles({ targets }: FleetComparison): Statement[] {
  const letters = targets.flatMap(({ trust }, index) => (trust === "poor" ? [targetLetter(index)] : []));
  if (letters.length === 0) return [];
  return [
    {
      id: "poor",
      tone: "warn",
      text: `The ${letters.length === 1 ? "profile" : "profiles"} of ${letters.join(" and ")} can't be trusted: what stands here of ${letters.length === 1 ? "it" : "them"} may be the machine's other work. Profile again with --until good.`,
      values: { poor: letters.length },
    },
  ];
}

function plain(id: string, text: string, values: Statement["values"]): Statement {
  return { id, tone: "plain", text, values };
}
