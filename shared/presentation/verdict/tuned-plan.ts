import { formatFactor } from "../../base/format-number.ts";
import type { FrontFile } from "../../files/front-file.ts";
import { type FamilyMember, isTuned } from "../../model/families.ts";
import type { Statement } from "../../model/statement.ts";
import { type NamedNetwork, networkTitles } from "../words/network-titles.ts";

/** What a search with tuned networks recommends beside what it would without them. */
export interface BesideFrozen {
  /** Names of the tuned networks that the plan goes through; none if it goes through none. */
  readonly tuned: readonly string[];
  /** Mean latency of the backbone over that of the plan, as predicted. */
  readonly speedup: number;
  /** Of the best plan without tuned networks; absent where none is within the limits on size and spread. */
  readonly frozen?: { readonly speedup: number; readonly feasible: boolean };
}

/** @param networks of the project, the backbone first */
export function besideFrozen(
  { frozen, recommended, backbone }: FrontFile,
  networks: readonly (NamedNetwork & FamilyMember)[] = [],
): BesideFrozen | undefined {
  if (!frozen) return undefined;
  const titles = networkTitles(networks);
  const tuned = networks.filter((own) => isTuned(own) && recommended.chain?.includes(own.sha256));
  const speedupOf = ({ figures }: FrontFile["recommended"]) => backbone.latencyMs / figures.latencyMs.mean;
  const { recommended: best } = frozen;
  return {
    tuned: tuned.map(({ sha256 }) => titles.whole(sha256)),
    speedup: speedupOf(recommended),
    frozen: best && { speedup: speedupOf(best), feasible: best.feasible },
  };
}

/** What tuning brings the plan, in a sentence or two. */
export function describeBesideFrozen({
  tuned,
  speedup,
  frozen,
}: BesideFrozen): Pick<Statement, "text" | "values"> {
  if (tuned.length === 0)
    return { text: "No plan through a tuned network serves this use case better.", values: {} };
  const through = `It goes through ${tuned.join(" and ")}.`;
  if (!frozen)
    return {
      text: `${through} Without tuned networks no plan keeps to the limits of the use case.`,
      values: { speedup },
    };
  const { speedup: frozenSpeedup, feasible } = frozen;
  const best = feasible ? "the best plan" : "no plan meets the use case; the nearest";
  return {
    text: `${through} Without tuned networks ${best} is ${formatFactor(frozenSpeedup)} as fast as the backbone, this one ${formatFactor(speedup)}, as predicted.`,
    values: { speedup, frozenSpeedup },
  };
}
