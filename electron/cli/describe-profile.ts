import { formatEnergy } from "../../shared/base/format-number.ts";
import { plainName } from "../../shared/base/plain-name.ts";
import { aloneMs, type Latency, type MemberProfile, type Profile } from "../../shared/model/profile.ts";
import { describeEnergy } from "../../shared/presentation/words/describe-energy.ts";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { factor, milliseconds, table } from "./format.ts";

/** Why the file that was written is not what was wanted. */
export function beware({ quality }: Profile, until: "good" | undefined): string[] {
  if (!until || quality?.trust === "good") return [];
  return [
    `the machine did not become calm enough within ten minutes: this is the best of the profiles, and ${quality?.trust ?? "not known to be good"}`,
  ];
}

export function describeProfile(profile: Profile): string[] {
  const { target, quality, backbone, final, members = [], references = [] } = profile;
  return [
    `${plainName(target.device)}; ${target.provider}, ${target.threads} threads; ${plainName(target.runtime)}`,
    `backbone ${timeOf(backbone)}, as the last stage of a plan ${mean(final)} ${interval(final)}`,
    `quality ${describeQuality(quality)}`,
    `energy ${plainName(describeEnergy(profile), 240)}`,
    "",
    ...exitTable(profile),
    ...members.flatMap((member) => [
      "",
      ...describeMember(member, backbone.meanMs),
      "",
      ...exitTable(member),
    ]),
    ...references.map(
      (reference) =>
        `${plainName(reference.name)} ${mean(reference)} ${interval(reference)}, ${factor(backbone.meanMs / reference.meanMs)} as fast as the backbone`,
    ),
  ];
}

function energy({ energyMillijoules }: Latency): string {
  return energyMillijoules === undefined ? "–" : formatEnergy(energyMillijoules);
}

function timeOf(latency: Latency): string {
  const { p5Ms, p95Ms, count } = latency;
  return `${mean(latency)} ${interval(latency)} (p5 to p95: ${milliseconds(p5Ms)} to ${milliseconds(p95Ms)}, ${count} times)`;
}

function describeMember(member: MemberProfile, backboneMs: number): string[] {
  const { name, backbone, entry } = member;
  const speed = `${factor(backboneMs / aloneMs(member))} as fast as the backbone`;
  const own = entry ? `; its own image takes ${mean(entry)} more` : "";
  return [`${plainName(name)} ${timeOf(backbone)}, ${speed}${own}`];
}

function exitTable({ prefixes, heads }: Pick<MemberProfile, "prefixes" | "heads">): string[] {
  const [policy] = heads.map((head) => head.policy);
  const rows = heads
    .filter((head) => head.policy === policy)
    .map((head) => {
      const prefix = prefixes.find(({ cutPoint }) => cutPoint === head.cutPoint)!;
      const times = [head.cutPoint, mean(prefix), halfWidth(prefix), head.head, mean(head), halfWidth(head)];
      return prefixes.some(isCounted) ? [...times, energy(prefix), energy(head)] : times;
    });
  const columns = ["cut point", "prefix", "± 95 %", "head", "head and decision", "± 95 %"];
  return table(prefixes.some(isCounted) ? [...columns, "prefix", "head"] : columns, rows);
}

function isCounted({ energyMillijoules }: Latency): boolean {
  return energyMillijoules !== undefined;
}

function mean({ meanMs }: Latency): string {
  return milliseconds(meanMs);
}

/** Of the mean's 95 % interval; nothing where it isn't known. */
function halfWidth({ meanMs, intervalMs }: Latency): string {
  return intervalMs ? milliseconds(intervalMs[1] - meanMs) : "";
}

function interval(latency: Latency): string {
  return latency.intervalMs ? `± ${halfWidth(latency)}` : "";
}
