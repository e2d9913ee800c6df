import type { Latency, Profile } from "../../model/profile.ts";
import type { SearchSpace } from "../search-space.ts";

const latency = (meanMs: number): Latency => ({
  medianMs: meanMs,
  meanMs,
  p5Ms: meanMs,
  p95Ms: meanMs,
  count: 1,
});

/** A profile with a space's own latencies. */
export function profileOf({ candidates, backboneMs }: SearchSpace): Profile {
  const cuts = new Map(candidates.map(({ cutPoint, prefixMs }) => [cutPoint, prefixMs]));
  return {
    format: "offramp-profile",
    version: 2,
    id: "made-up",
    graphSha256: "made-up",
    target: { device: "made up", operatingSystem: "none", runtime: "none", provider: "cpu", threads: 1 },
    backbone: latency(backboneMs),
    final: latency(backboneMs),
    prefixes: [...cuts].map(([cutPoint, prefixMs]) => ({ cutPoint, ...latency(prefixMs) })),
    heads: candidates.map(({ cutPoint, head, policy, headMs }) => ({
      cutPoint,
      head,
      policy,
      ...latency(headMs),
    })),
    nodes: [],
  };
}

/** The profile of a machine that takes `factor` times as long. */
export function pacedProfile(profile: Profile, factor: number, device: string): Profile {
  const times = (value: unknown) =>
    Array.isArray(value) ? value.map((ms: number) => factor * ms) : factor * (value as number);
  const text = JSON.stringify(profile, (key, value) => (key.endsWith("Ms") ? times(value) : value));
  return { ...JSON.parse(text), target: { ...profile.target, device } };
}

/** The profile of a machine that takes so many watts while it computes, and half of that more in heads. */
export function countedProfile(profile: Profile, watts: number, device: string): Profile {
  const counted =
    (by: number) =>
    <Timed extends Latency>(timed: Timed): Timed => ({
      ...timed,
      energyMillijoules: by * timed.meanMs,
      energyIntervalMillijoules: [0.98 * by * timed.meanMs, 1.02 * by * timed.meanMs],
    });
  const network = <Own extends Pick<Profile, "backbone" | "final" | "prefixes" | "heads" | "branch">>(
    own: Own,
  ): Own => ({
    ...own,
    backbone: counted(watts)(own.backbone),
    final: counted(watts)(own.final),
    prefixes: own.prefixes.map(counted(watts)),
    heads: own.heads.map(counted(1.5 * watts)),
    ...(own.branch && { branch: counted(watts)(own.branch) }),
  });
  return {
    ...network(profile),
    members: profile.members?.map((member) => ({
      ...network(member),
      ...(member.entry && { entry: counted(watts)(member.entry) }),
    })),
    energySensor: { name: "RAPL package-0" },
    target: { ...profile.target, device },
  };
}
