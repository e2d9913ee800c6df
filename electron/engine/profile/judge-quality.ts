import { formatPercent } from "../../../shared/base/format-number.ts";
import type { ProfileQuality } from "../../../shared/model/profile.ts";
import type { Timing } from "./estimate/timing.ts";
import type { MachineState } from "./machine/machine-watch.ts";
import { rules } from "./measurement-rules.ts";
import { quantile } from "./statistics.ts";

/** What a measurement's quality follows from. */
export interface Circumstances {
  readonly machine: MachineState;
  readonly backbone: readonly Timing[];
  /** Of the pace, see `Fit.drift`. */
  readonly drift: number;
  /** Half width of the widest prefix's interval, over the backbone's latency; undefined without prefixes. */
  readonly halfWidth?: number;
}

type Trust = ProfileQuality["trust"];
type Finding = { readonly trust: Exclude<Trust, "good">; readonly reason: string };

/**
 * A word on how far latencies can be trusted: good unless something speaks against it. Poor is only what can be far off: where
 * others took more than half of the processor, so that caches and memory were theirs, or a third of the runs' own time, or
 * where an interval is wide beside the backbone. A machine that is idle, whose clock drifts, is fair at worst.
 */
export function judgeQuality({ machine, backbone, drift, halfWidth }: Circumstances): ProfileQuality {
  const { load, clockMhz } = machine;
  const lost = lostShare(backbone);
  const clockRange = clockMhz && clockMhz[1] / clockMhz[0] - 1;
  const findings = [
    finding(rules.load, load, (share) => `other work took ${formatPercent(share, 0)} of the processor`),
    finding(rules.lost, lost, (share) => `other work took ${formatPercent(share, 0)} of the runs' own time`),
    finding(rules.halfWidth, halfWidth, (share) =>
      Number.isFinite(share)
        ? `the latency of a prefix is known to ± ${formatPercent(share)} of the backbone's only`
        : "the rounds were too few to say how well a latency is known",
    ),
    finding(rules.drift, drift, (share) => `the machine's pace changed by ${formatPercent(share, 0)}`),
    finding(
      rules.clock,
      clockRange,
      (share) => `the processor's clock changed by ${formatPercent(share, 0)}`,
    ),
  ].filter((one) => one !== undefined);
  const trust: Trust = findings.some((one) => one.trust === "poor")
    ? "poor"
    : findings.length > 0
      ? "fair"
      : "good";
  return {
    ...(load !== undefined && { load }),
    lost,
    spread: spreadOf(backbone.map(({ ms }) => ms)),
    drift,
    ...(clockMhz && { clockMhz }),
    ...(halfWidth !== undefined && Number.isFinite(halfWidth) && { halfWidth }),
    trust,
    reasons: findings.sort((a, b) => rank(a) - rank(b)).map(({ reason }) => reason),
  };
}

/** The weightier reasons first. */
function rank({ trust }: Finding): number {
  return trust === "poor" ? 0 : 1;
}

function finding(
  { fair, poor = Number.POSITIVE_INFINITY }: { readonly fair: number; readonly poor?: number },
  value: number | undefined,
  reason: (value: number) => string,
): Finding | undefined {
  if (value === undefined || value < fair) return undefined;
  return { trust: value < poor ? "fair" : "poor", reason: reason(value) };
}

/** How much of the clock's time went to others while the backbone ran; nothing where only the clock can be read. */
function lostShare(backbone: readonly Timing[]): number {
  const wall = backbone.reduce((sum, { wallMs }) => sum + wallMs, 0);
  const own = backbone.reduce((sum, { ms }) => sum + ms, 0);
  return wall > 0 ? Math.max(0, 1 - own / wall) : 0;
}

function spreadOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = quantile(sorted, 0.5);
  return middle > 0 ? (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / middle : 0;
}
