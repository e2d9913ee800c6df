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
import {
  correlation,
  formatLoss,
  isLossOpen,
  rankedText,
  serverText,
  targetLetter,
  transferOf,
} from "./fleet-table.ts";

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
  serverUse,
  (comparison) => rankingOf(comparison, "plans", "Plans by latency"),
  stretchRankings,
  unprovenFronts,
  poorProfiles,
];

/** Of more a person reads how many there are. */
const mostNamed = 3;
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
  const { useCase, targets } = comparison;
  const rows = foreign(comparison);
  const breaking = rows.filter(({ misses, to }) => misses.length > 0 && targets[to].plan.feasible);
  const limits = ({ misses }: TransferRow) =>
    misses
      .map(({ constraint, wanted }) => describeConstraint(constraint, wanted, useCase.latency))
      .join(" and ");
  const texts =
    breaking.length > mostNamed
      ? [
          `${formatCount(breaking.length)} of ${formatCounted(rows.length, "plan")} on other targets break a limit that the plan chosen there keeps.`,
        ]
      : breaking.map((row) => {
          const [plan, target] = [row.from, row.to].map(targetLetter);
          return `The plan of ${plan} breaks ${limits(row)} on ${target}; the one chosen for ${target} keeps it.`;
        });
  return texts.map((text) => ({ id: "limits", tone: "warn", text, values: { plans: breaking.length } }));
}

function serverUse({ server, targets }: FleetComparison): Statement[] {
  if (!server) return [];
  const parted = targets.flatMap(({ plan }, index) => (plan.cut === undefined ? [] : [targetLetter(index)]));
  const whose =
    parted.length === 0
      ? "no target's plan does"
      : `the ${parted.length === 1 ? "plan" : "plans"} of ${inWords(parted)} ${parted.length === 1 ? "does" : "do"}`;
  return [
    plain("server", `Plans may continue on a server (${serverText(server)}): ${whose}.`, {
      partitioned: parted.length,
    }),
  ];
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
  if (own.every((ranking) => ranking.swapped === 0))
    return [plain(kind, `${what} are ordered alike on all targets.`, { tauB: tauB ?? 1, swapped, pairs })];
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
      text: `The search for ${inWords(letters)} isn't proven: a better plan may be missing, and a loss be larger or smaller.`,
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
      text: `The ${letters.length === 1 ? "profile" : "profiles"} of ${inWords(letters)} can't be trusted: what stands here of ${letters.length === 1 ? "it" : "them"} may be the machine's other work. Profile again with --until good.`,
      values: { poor: letters.length },
    },
  ];
}

/** "A", "A and B", "A, B, C and 47 others". */
function inWords(letters: readonly string[]): string {
  const named = letters.length > mostNamed + 1 ? letters.slice(0, mostNamed) : letters.slice(0, -1);
  const rest = letters.length - named.length;
  const last = rest > 1 ? `${rest} others` : (letters.at(-1) ?? "");
  return named.length > 0 ? `${named.join(", ")} and ${last}` : last;
}

function plain(id: string, text: string, values: Statement["values"]): Statement {
  return { id, tone: "plain", text, values };
}
