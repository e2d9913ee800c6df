import { formatExactFactor, formatMs, formatRange } from "../../base/format-number.ts";
import type { Lack, PlanOnTarget, ProjectTarget } from "../../fleet/project-targets.ts";
import type { Link } from "../../model/link.ts";
import type { UseCase } from "../../model/use-case.ts";
import { describeLink } from "../words/describe-link.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { TargetTitles } from "../words/target-titles.ts";

/** A plan on one target as a person reads it. */
export interface TargetRow {
  /** Of its profile. */
  readonly id: string;
  readonly name: string;
  /** Its latency, the 95 % interval of that, and its speed-up; or why they aren't known. */
  readonly said:
    | { readonly latency: string; readonly interval: string; readonly speedUp: string }
    | { readonly lacks: string };
}

/**
 * A plan on every target, a row each.
 * @param on what it does on each of the targets, see `planOnTargets`
 */
export function targetRows(
  targets: readonly Pick<ProjectTarget, "profile">[],
  on: readonly PlanOnTarget[],
  latency: UseCase["latency"],
  titles: { readonly targets: TargetTitles; readonly networks: NetworkTitles },
): TargetRow[] {
  return targets.map(({ profile: { id, backbone } }, index) => {
    const row = { id, name: titles.targets.short(id) };
    const there = on[index];
    if ("lack" in there) return { ...row, said: { lacks: describeLack(there.lack, titles.networks) } };
    const { figures, intervalMs } = there;
    return {
      ...row,
      said: {
        latency: formatMs(figures.latencyMs[latency]),
        interval: intervalMs ? formatRange(intervalMs, formatMs) : "not known",
        speedUp: formatExactFactor(backbone.meanMs / figures.latencyMs.mean),
      },
    };
  });
}

/** What isn't known and what helps: "its profile lacks resnet20; profile it again". */
export function describeLack({ of, what }: Lack, titles: NetworkTitles): string {
  const whose = of === "server" ? "the server's profile" : "its profile";
  return `${whose} lacks ${lackedPart(what, titles)}; profile ${of === "server" ? "that" : "it"} again`;
}

function lackedPart(what: Lack["what"], titles: NetworkTitles): string {
  switch (what.kind) {
    case "heads":
      return "some of the heads";
    case "network":
      return titles.whole(what.sha256);
    case "partition":
      return "the cut point where the server takes over";
    case "policy":
      return `heads with policy ${what.policy}`;
  }
}

/**
 * What server and link have to do with a plan on all targets.
 * @param server its title
 * @param partition where it takes over in that plan, see `describePartition`; undefined where it doesn't
 */
export function describeServing(server: string, link: Link, partition: string | undefined): string {
  if (partition === undefined)
    return "This plan isn't partitioned: every target does all of it, and server and link don't count.";
  return (
    `On every target ${server} takes over ${partition}. Server and link are the same for all; ` +
    `the link counts as stated, ${describeLink(link)}, without an interval.`
  );
}
