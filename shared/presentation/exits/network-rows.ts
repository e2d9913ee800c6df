import { formatBytes, formatMs, formatPercent } from "../../base/format-number.ts";
import type { BackboneSummary } from "../../model/backbone.ts";
import type { PartitionedPlan } from "../../model/plan.ts";
import { planNetworks, sharesOf } from "../../model/plan-networks.ts";
import { type MemberProfile, wholeStageMs } from "../../model/profile.ts";
import type { NetworkTitles } from "../words/network-titles.ts";

/** A network of a plan in words. */
export interface NetworkRow {
  readonly sha256: string;
  readonly name: string;
  /** Shares of all samples that reach it, and that leave in it; null while the plan's figures aren't known. */
  readonly sees: string | null;
  readonly answers: string | null;
  /** Latency of all of it, bringing the image to its own size and scale included; null where it wasn't timed. */
  readonly latency: string | null;
  readonly memory: string;
  /** What the memory is made of. */
  readonly memoryNote: string;
}

/** A project's network as far as a row tells of it. */
interface KnownNetwork {
  readonly summary: Pick<BackboneSummary, "sha256" | "parameterBytes" | "peakActivationBytes">;
  readonly timed: Pick<MemberProfile, "entry" | "final"> | undefined;
}

/**
 * The networks that a plan goes through, in its order.
 * @param rates of every exit, and of the end
 * @param networks of the project, the backbone first
 */
export function networkRows(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  rates: readonly number[] | undefined,
  networks: readonly KnownNetwork[],
  titles: NetworkTitles,
): NetworkRow[] {
  return planNetworks(plan, titles.backbone).flatMap((part): NetworkRow[] => {
    const { member = titles.backbone } = part;
    const network = networks.find(({ summary }) => summary.sha256 === member);
    if (!network) return [];
    const shares = rates && sharesOf(part, rates);
    return [
      {
        ...networkRow(network, titles),
        sees: shares ? formatPercent(shares.reaching) : null,
        answers: shares ? formatPercent(shares.answered) : null,
      },
    ];
  });
}

/** Who answers how much of a plan's samples: "resnet20 71 %, resnet56 29 %". */
export function networkShares(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  rates: readonly number[],
  titles: NetworkTitles,
): string {
  return planNetworks(plan, titles.backbone)
    .map((part) => `${titles.short(part.member)} ${formatPercent(sharesOf(part, rates).answered, 0)}`)
    .join(", ");
}

/** A network by itself. */
export function networkRow({ summary, timed }: KnownNetwork, titles: NetworkTitles): NetworkRow {
  const { sha256, parameterBytes, peakActivationBytes } = summary;
  return {
    sha256,
    name: titles.short(sha256),
    sees: null,
    answers: null,
    latency: timed ? formatMs(wholeStageMs(timed)) : null,
    memory: formatBytes(parameterBytes + peakActivationBytes),
    memoryNote: `${formatBytes(parameterBytes)} of weights, ${formatBytes(peakActivationBytes)} of activations at most; heads not counted`,
  };
}
